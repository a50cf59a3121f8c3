#include "src/encode/long_pieces.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tok {

bool LongPieces::Find(std::string_view piece, bool is_part, uint64_t hash,
                      std::span<const TokenId>* ids) const {
  if (buckets_.empty()) return false;
  for (const Entry& entry : BucketOf(hash).ways) {
    if (entry.hash != static_cast<uint32_t>(hash) || entry.is_part != is_part || BytesOf(entry) != piece)
      continue;
    *ids = IdsOf(entry);
    return true;
  }
  return false;
}

void LongPieces::Place(const Entry& entry, uint64_t hash) {
  Entry* ways = const_cast<Bucket&>(BucketOf(hash)).ways;
  std::copy_backward(ways, ways + kWays - 1, ways + kWays);
  ways[0] = entry;
}

void LongPieces::Grow() {
  std::vector<Bucket> old(std::max(kFirstBuckets, 2 * buckets_.size()));
  old.swap(buckets_);
  for (const Bucket& bucket : old) {
    for (size_t way = kWays; way-- > 0;) {  // the newest last, so that they come first
      const Entry& entry = bucket.ways[way];
      if (entry.n_bytes > 0) Place(entry, HashOf(BytesOf(entry)));
    }
  }
}

void LongPieces::Insert(std::string_view piece, bool is_part, uint64_t hash, std::span<const TokenId> ids) {
  if (ids.size() > kMaxIds) return;
  const size_t n_words = ids.size() + (piece.size() + sizeof(TokenId) - 1) / sizeof(TokenId);
  if (store_.size() + n_words > max_stored_) {
    std::fill(buckets_.begin(), buckets_.end(), Bucket{});
    store_.clear();
    n_entries_ = 0;
  }
  if (n_entries_ >= kWays * buckets_.size() / 4 && buckets_.size() < max_buckets_) Grow();
  Entry entry;
  entry.hash = static_cast<uint32_t>(hash);
  entry.begin = static_cast<uint32_t>(store_.size());
  entry.n_bytes = static_cast<uint16_t>(piece.size());
  entry.n_ids = ids.size() & kMaxIds;
  entry.is_part = is_part;
  store_.insert(store_.end(), ids.begin(), ids.end());
  store_.resize(entry.begin + n_words);
  std::memcpy(store_.data() + entry.begin + ids.size(), piece.data(), piece.size());
  Place(entry, hash);
  ++n_entries_;
}

}  // namespace tok
