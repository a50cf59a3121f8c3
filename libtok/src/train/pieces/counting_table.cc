#include "src/train/pieces/counting_table.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "src/base/hash.h"

namespace tok {
namespace {

constexpr unsigned kFirstLogShort = 12, kFirstLogLong = 8;
constexpr size_t kFirstBlock = size_t{1} << 14, kLargestBlock = size_t{1} << 18;

uint64_t Seed() {
  static const uint64_t seed = [] {
    std::random_device device;
    return uint64_t{device()} << 32 | device();
  }();
  return seed;
}

}  // namespace

CountingTable::CountingTable(uint64_t salt)
    : seed_(Seed() ^ salt), short_(kFirstLogShort), long_(kFirstLogLong) {}

template <typename Entry>
template <typename Hasher>
bool CountingTable::Table<Entry>::MakeRoom(const Hasher& hash_of) {
  if (++n_entries * 4 <= size() * 3) return false;
  Table larger(64 - shift + 1);
  for (size_t i = 0; i < size(); ++i) {
    if (entries[i].count == 0) continue;
    larger.Find(hash_of(entries[i]), [](const Entry&) { return false; }) = entries[i];
  }
  larger.n_entries = n_entries;
  std::swap(*this, larger);
  return true;
}

// Zeros behind the bytes are below all others; of a piece and the same with zeros behind it, the length decides.
bool CountingTable::ShortEntry::operator<(const ShortEntry& other) const {
  for (size_t i = 0; i < 3; ++i) {
    const uint64_t a = __builtin_bswap64(key.words[i]), b = __builtin_bswap64(other.key.words[i]);
    if (a != b) return a < b;
  }
  return false;
}

template <typename Entry>
std::span<Entry> CountingTable::Table<Entry>::Sort() {
  Entry* const end = std::remove_if(entries, entries + size(), [](const Entry& e) { return e.count == 0; });
  std::sort(entries, end);
  return std::span(entries, end);
}
template std::span<CountingTable::ShortEntry> CountingTable::Table<CountingTable::ShortEntry>::Sort();
template std::span<CountingTable::LongEntry> CountingTable::Table<CountingTable::LongEntry>::Sort();

template <typename Entry>
void CountingTable::Table<Entry>::Clear() {
  std::memset(static_cast<void*>(entries), 0, size() * sizeof(Entry));
  n_entries = 0;
}

void CountingTable::Clear() {
  short_.Clear();
  long_.Clear();
  n_unique_bytes_ = 0;
  blocks_.clear();
  block_left_ = n_block_bytes_ = 0;
}

inline CountingTable::ShortKey CountingTable::KeyOf(const char* bytes, size_t n_bytes) {
  struct alignas(32) Mask {
    uint64_t words[3];
  };
  static constexpr auto kMasks = [] {
    std::array<Mask, kMaxShort + 1> masks{};
    for (size_t n = 0; n <= kMaxShort; ++n) {
      for (size_t i = 0; i < n; ++i) masks[n].words[i / 8] |= uint64_t{0xFF} << (8 * (i % 8));
    }
    return masks;
  }();
  ShortKey key;
  std::memcpy(&key, bytes, sizeof(key));
  for (size_t i = 0; i < 3; ++i) key.words[i] &= kMasks[n_bytes].words[i];
  key.words[2] |= uint64_t{n_bytes} << 56;
  return key;
}

void CountingTable::AddShort(const ShortKey& key, uint64_t hash, uint64_t count) {
  const auto matches = [&](const ShortEntry& entry) { return entry.key == key; };
  ShortEntry* entry = &short_.Find(hash, matches);
  if (entry->count == 0) {
    if (short_.MakeRoom([this](const auto& e) { return HashOf(e); })) entry = &short_.Find(hash, matches);
    entry->key = key;
    n_unique_bytes_ += key.words[2] >> 56;
  }
  entry->count += count;
}

void CountingTable::AddLong(std::string_view piece, uint64_t count) {
  const uint64_t hash = HashBytes(piece, seed_);
  const auto matches = [&](const LongEntry& entry) {
    return entry.hash == hash && std::string_view(entry.bytes, entry.n_bytes) == piece;
  };
  LongEntry* entry = &long_.Find(hash, matches);
  if (entry->count == 0) {
    if (long_.MakeRoom([](const auto& e) { return HashOf(e); })) entry = &long_.Find(hash, matches);
    *entry = {hash, 0, Keep(piece), piece.size()};
    n_unique_bytes_ += piece.size();
  }
  entry->count += count;
}

size_t CountingTable::NextBlock(size_t n_block_bytes) {
  return std::clamp(n_block_bytes, kFirstBlock, kLargestBlock);
}

const char* CountingTable::Keep(std::string_view bytes) {
  if (bytes.size() > block_left_) {
    block_left_ = std::max(bytes.size(), NextBlock(n_block_bytes_));
    n_block_bytes_ += block_left_;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_left_));
    block_next_ = blocks_.back().get();
  }
  char* const kept = block_next_;
  std::memcpy(kept, bytes.data(), bytes.size());
  block_next_ += bytes.size();
  block_left_ -= bytes.size();
  return kept;
}

size_t CountingTable::memory() const {
  return short_.size() * sizeof(ShortEntry) + long_.size() * sizeof(LongEntry) + n_block_bytes_;
}

size_t CountingTable::MemoryToTake(size_t n_pieces, size_t n_long_bytes) const {
  size_t n_bytes = memory();
  if (!short_.HasRoomFor(n_pieces)) n_bytes += 2 * short_.size() * sizeof(ShortEntry);
  if (n_long_bytes == 0) return n_bytes;
  if (!long_.HasRoomFor(n_pieces)) n_bytes += 2 * long_.size() * sizeof(LongEntry);
  if (n_long_bytes <= block_left_) return n_bytes;
  return n_bytes + 2 * n_long_bytes + NextBlock(n_block_bytes_ + 2 * n_long_bytes);
}

void CountingTable::Add(std::string_view piece, uint64_t count) {
  if (piece.size() > kMaxShort) return AddLong(piece, count);
  char bytes[sizeof(ShortKey)] = {};
  piece.copy(bytes, piece.size());
  const ShortKey key = KeyOf(bytes, piece.size());
  AddShort(key, HashOf(key), count);
}

void CountingTable::Add(std::string_view text, std::span<const PieceRange> pieces) {
  // What begins near the end of the text is read from a copy with room behind it.
  constexpr size_t kRoom = sizeof(ShortKey);
  const size_t tail_begin = text.size() - std::min(text.size(), kRoom);
  char tail[2 * kRoom] = {};
  text.copy(tail, kRoom, tail_begin);
  ShortKey keys[kBatch];
  uint64_t hashes[kBatch];
  while (!pieces.empty()) {
    const std::span<const PieceRange> batch = pieces.first(std::min(kBatch, pieces.size()));
    pieces = pieces.subspan(batch.size());
    size_t n_short = 0;
    for (const PieceRange& range : batch) {
      const size_t n_bytes = range.end - range.begin;
      if (n_bytes > kMaxShort) {
        AddLong(text.substr(range.begin, n_bytes), 1);
        continue;
      }
      const bool is_in_tail = range.begin >= tail_begin;
      keys[n_short] =
          KeyOf(is_in_tail ? tail + (range.begin - tail_begin) : text.data() + range.begin, n_bytes);
      hashes[n_short] = HashOf(keys[n_short]);
      __builtin_prefetch(&short_.Home(hashes[n_short]), 1);
      ++n_short;
    }
    for (size_t i = 0; i < n_short; ++i) AddShort(keys[i], hashes[i], 1);
  }
}

}  // namespace tok
