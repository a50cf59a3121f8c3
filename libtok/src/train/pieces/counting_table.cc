#include "src/train/pieces/counting_table.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "src/base/hash.h"

namespace tok {
namespace {

constexpr unsigned kFirstLogShort = 12, kFirstLogLong = 8;
constexpr size_t kBlockBytes = size_t{1} << 18;
constexpr uint64_t kFactor = 0x9E3779B97F4A7C15u;

}  // namespace

CountingTable::CountingTable() : short_(kFirstLogShort), long_(kFirstLogLong) {}

template <typename Entry>
bool CountingTable::Table<Entry>::MakeRoom() {
  if (++n_entries * 4 <= size() * 3) return false;
  Table larger(64 - shift + 1);
  for (size_t i = 0; i < size(); ++i) {
    if (entries[i].count == 0) continue;
    larger.Find(entries[i].Hash(), [](const Entry&) { return false; }) = entries[i];
  }
  larger.n_entries = n_entries;
  std::swap(*this, larger);
  return true;
}

uint64_t CountingTable::Seed() {
  static const uint64_t seed = [] {
    std::random_device device;
    return uint64_t{device()} << 32 | device();
  }();
  return seed;
}

uint64_t CountingTable::HashOf(const ShortKey& key) {
  return FoldedMultiply(key.words[0] ^ Seed(), key.words[1] ^ kFactor) * kFactor ^
         (key.words[2] ^ Seed()) * 0xD6E8FEB86659FD93u;
}

uint64_t CountingTable::ShortEntry::Hash() const { return HashOf(key); }

CountingTable::ShortKey CountingTable::KeyOf(std::string_view piece, size_t readable) {
  struct Mask {
    uint64_t words[3];
  };
  constexpr auto kMasks = [] {
    std::array<Mask, kMaxShort + 1> masks{};
    for (size_t n = 0; n <= kMaxShort; ++n) {
      for (size_t i = 0; i < n; ++i) masks[n].words[i / 8] |= uint64_t{0xFF} << (8 * (i % 8));
    }
    return masks;
  }();
  ShortKey key{};
  if (readable >= sizeof(key)) {
    std::memcpy(&key, piece.data(), sizeof(key));
    for (size_t i = 0; i < 3; ++i) key.words[i] &= kMasks[piece.size()].words[i];
  } else {
    std::memcpy(&key, piece.data(), piece.size());
  }
  key.words[2] |= uint64_t{piece.size()} << 56;
  return key;
}

void CountingTable::AddShort(const ShortKey& key, uint64_t hash, uint64_t count) {
  const auto matches = [&](const ShortEntry& entry) { return entry.key == key; };
  ShortEntry* entry = &short_.Find(hash, matches);
  if (entry->count == 0) {
    if (short_.MakeRoom()) entry = &short_.Find(hash, matches);
    entry->key = key;
    n_unique_bytes_ += key.words[2] >> 56;
  }
  entry->count += count;
}

void CountingTable::AddLong(std::string_view piece, uint64_t count) {
  const uint64_t hash = HashBytes(piece, Seed());
  const auto matches = [&](const LongEntry& entry) {
    return entry.hash == hash && std::string_view(entry.bytes, entry.n_bytes) == piece;
  };
  LongEntry* entry = &long_.Find(hash, matches);
  if (entry->count == 0) {
    if (long_.MakeRoom()) entry = &long_.Find(hash, matches);
    *entry = {hash, 0, Keep(piece), piece.size()};
    n_unique_bytes_ += piece.size();
  }
  entry->count += count;
}

const char* CountingTable::Keep(std::string_view bytes) {
  if (bytes.size() > block_left_) {
    block_left_ = std::max(bytes.size(), kBlockBytes);
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

void CountingTable::Add(std::string_view piece, uint64_t count) {
  if (piece.size() > kMaxShort) return AddLong(piece, count);
  const ShortKey key = KeyOf(piece, piece.size());
  AddShort(key, HashOf(key), count);
}

void CountingTable::Add(std::string_view text, std::span<const PieceRange> pieces) {
  ShortKey keys[kBatch];
  uint64_t hashes[kBatch];
  while (!pieces.empty()) {
    const std::span<const PieceRange> batch = pieces.first(std::min(kBatch, pieces.size()));
    pieces = pieces.subspan(batch.size());
    size_t n_short = 0;
    for (const PieceRange& range : batch) {
      const std::string_view piece = text.substr(range.begin, range.end - range.begin);
      if (piece.size() > kMaxShort) {
        AddLong(piece, 1);
        continue;
      }
      keys[n_short] = KeyOf(piece, text.size() - range.begin);
      hashes[n_short] = HashOf(keys[n_short]);
      __builtin_prefetch(&short_.Home(hashes[n_short]), 1);
      ++n_short;
    }
    for (size_t i = 0; i < n_short; ++i) AddShort(keys[i], hashes[i], 1);
  }
}

}  // namespace tok
