#include "src/encode/piece_cache.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <utility>

#include "src/base/hash.h"

namespace tok {

PieceCache::PieceCache() { AllocateBuckets(kFirstBuckets); }

void PieceCache::AllocateBuckets(size_t n_buckets) {
  constexpr size_t kLine = 64;
  static_assert(2 * sizeof(Entry) == kLine);
  // A zero key is no piece. Large tables are asked for in large pages before first touch: probes are random, and a
  // miss in the translation buffer costs as much as one in the cache.
  constexpr size_t kLargePage = 2 << 20;
  const size_t n_bytes = n_buckets * kLine;
  const size_t alignment = n_bytes >= kLargePage ? kLargePage : kLine;
  storage_.reset(std::aligned_alloc(alignment, n_bytes));
  if (storage_ == nullptr) throw std::bad_alloc();
  if (alignment == kLargePage) madvise(storage_.get(), n_bytes, MADV_HUGEPAGE);
  std::memset(storage_.get(), 0, n_bytes);
  entries_ = static_cast<Entry*>(storage_.get());
  mask_ = n_buckets - 1;
  n_entries_ = 0;
}

void PieceCache::Place(const Entry& entry, uint32_t hash) {
  Entry* own = entries_ + 2 * (hash & mask_);
  Entry* second = entries_ + 2 * SecondBucket(hash);
  for (Entry* place : {own, own + 1, second, second + 1}) {
    if (place->n_ids != 0) continue;
    *place = entry;
    ++n_entries_;
    return;
  }
  own[1] = own[0];
  own[0] = entry;
}

void PieceCache::Grow() {
  const auto old_storage = std::move(storage_);
  const Entry* old_entries = entries_;
  const size_t n_old = 2 * (mask_ + 1);
  AllocateBuckets(4 * (mask_ + 1));
  for (size_t i = n_old; i-- > 0;) {
    if (old_entries[i].n_ids != 0) Place(old_entries[i], Hash(old_entries[i].key));
  }
}

void PieceCache::Clear() {
  AllocateBuckets(mask_ + 1);
  arena_.clear();
}

void PieceCache::Insert(const PieceKey& key, uint32_t hash, std::span<const TokenId> ids) {
  if (ids.empty()) return;  // nothing to emit: rare enough to work out again
  if (arena_.size() + ids.size() > kMaxArenaIds) Clear();
  if (n_entries_ > mask_ / 2 && mask_ + 1 < kMaxBuckets) Grow();  // a quarter full: few buckets overflow
  Entry entry{key, {}, static_cast<uint32_t>(ids.size())};
  if (ids.size() <= kMaxInlineIds) {
    for (size_t i = 0; i < ids.size(); ++i) entry.ids[i] = ids[i];
  } else {
    entry.ids[0] = static_cast<uint32_t>(arena_.size());
    entry.ids[1] = static_cast<uint32_t>(ids.size());
    entry.n_ids = kInArena;
    arena_.insert(arena_.end(), ids.begin(), ids.end());
  }
  Place(entry, hash);
}

// A bucket of four: pieces made to share one cannot make a search longer.
PieceCache::LongEntry* PieceCache::LongBucket(uint64_t hash) {
  return long_entries_.data() + kLongWays * (hash & (long_entries_.size() / kLongWays - 1));
}

bool PieceCache::FindLong(std::string_view piece, bool is_part, std::span<const TokenId>* ids) {
  if (long_entries_.empty()) return false;
  const uint64_t hash = HashBytes(piece) | 1;
  const LongEntry* bucket = LongBucket(hash);
  for (size_t way = 0; way < kLongWays; ++way) {
    const LongEntry& entry = bucket[way];
    if (entry.hash != hash || entry.is_part != is_part ||
        std::string_view(long_bytes_).substr(entry.bytes_begin, entry.n_bytes) != piece)
      continue;
    *ids = std::span<const TokenId>(long_ids_).subspan(entry.ids_begin, entry.n_ids);
    return true;
  }
  return false;
}

// Newest first; the oldest of a full bucket gives way.
void PieceCache::PlaceLong(const LongEntry& entry) {
  LongEntry* bucket = LongBucket(entry.hash);
  std::copy_backward(bucket, bucket + kLongWays - 1, bucket + kLongWays);
  bucket[0] = entry;
}

void PieceCache::InsertLong(std::string_view piece, bool is_part, std::span<const TokenId> ids) {
  if (long_entries_.empty()) long_entries_.resize(kFirstLongEntries);
  if (long_bytes_.size() + piece.size() > kMaxLongBytes) {
    std::fill(long_entries_.begin(), long_entries_.end(), LongEntry{});
    long_bytes_.clear();
    long_ids_.clear();
    n_long_ = 0;
  }
  if (n_long_ >= long_entries_.size() / 2) {
    std::vector<LongEntry> old(long_entries_.size() * 2);
    old.swap(long_entries_);
    for (auto entry = old.rbegin(); entry != old.rend(); ++entry) {
      if (entry->hash != 0) PlaceLong(*entry);
    }
  }
  PlaceLong({HashBytes(piece) | 1, static_cast<uint32_t>(long_bytes_.size()),
             static_cast<uint16_t>(piece.size()), is_part, static_cast<uint32_t>(long_ids_.size()),
             static_cast<uint32_t>(ids.size())});
  long_bytes_ += piece;
  long_ids_.insert(long_ids_.end(), ids.begin(), ids.end());
  ++n_long_;
}

}  // namespace tok
