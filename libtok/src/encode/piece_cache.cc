#include "src/encode/piece_cache.h"

#include <algorithm>
#include <utility>

#include "src/base/hash.h"

namespace tok {

template <typename Table>
void PieceCache::InsertInto(Table* table, const typename Table::Key& key, std::span<const TokenId> ids) {
  if (ids.empty()) return;  // nothing to emit: rare enough to work out again
  if (arena_.size() + ids.size() > kMaxArenaIds) {
    short_.Clear();
    medium_.Clear();
    arena_.clear();
  }
  typename Table::Entry entry{key, {}, static_cast<uint32_t>(ids.size())};
  if (ids.size() <= Table::kMaxInlineIds) {
    std::copy(ids.begin(), ids.end(), entry.ids);
  } else {
    entry = Table::Entry::InArena(key, static_cast<uint32_t>(arena_.size()), ids.size());
    arena_.insert(arena_.end(), ids.begin(), ids.end());
  }
  table->Insert(entry, key.Hash());
}
template void PieceCache::InsertInto(ShortPieces*, const ShortPieces::Key&, std::span<const TokenId>);
template void PieceCache::InsertInto(MediumPieces*, const MediumPieces::Key&, std::span<const TokenId>);

// A bucket of four: pieces made to share one cannot make a search longer.
PieceCache::LongEntry* PieceCache::LongBucket(uint64_t hash) {
  // The lowest bit says that an entry is used: it is always set.
  return long_entries_.data() + kLongWays * (hash >> 1 & (long_entries_.size() / kLongWays - 1));
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
