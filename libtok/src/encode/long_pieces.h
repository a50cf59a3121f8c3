// encode/long_pieces.h: byte strings of 32 to 256 bytes -> ids, remembered: exact and bounded.
//
// Model: a hash table of buckets of four, a cache line each: pieces made to share one cannot make a search longer. An
// entry says where in one store its ids lie and, right behind them, its bytes. The newest entry of a bucket comes first,
// the oldest of a full one gives way; when the store is full everything is forgotten.
// Cost: a hit is a hash of the bytes, the bucket (to be prefetched) and the record. Memory: nothing until the first
// insertion, then up to 8 MiB of records and 4 MiB of buckets.
// Threads: one per thread.
#ifndef TOK_SRC_ENCODE_LONG_PIECES_H_
#define TOK_SRC_ENCODE_LONG_PIECES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "src/base/hash.h"
#include "tok/types.h"

namespace tok {

class LongPieces {
 public:
  static constexpr size_t kMaxPiece = 256;
  static constexpr size_t kMaxIds = (1 << 15) - 1;

  // 2^n_halvings times smaller than it may grow otherwise.
  explicit LongPieces(unsigned n_halvings = 0)
      : max_stored_(kMaxStored >> n_halvings), max_buckets_(kMaxBuckets >> n_halvings) {}

  static uint64_t HashOf(std::string_view piece) { return HashBytes(piece); }
  void Prefetch(uint64_t hash) const {
    if (!buckets_.empty()) __builtin_prefetch(&BucketOf(hash));
  }
  // Pieces of 1 to kMaxPiece bytes. `is_part`: cut out of a piece, which may have other ids than a piece of the same bytes.
  // False if it is not there. The ids are valid until the next insertion.
  bool Find(std::string_view piece, bool is_part, uint64_t hash, std::span<const TokenId>* ids) const;
  // `piece` is not there yet. More than kMaxIds ids are not kept.
  void Insert(std::string_view piece, bool is_part, uint64_t hash, std::span<const TokenId> ids);

 private:
  static constexpr size_t kMaxStored = size_t{1} << 21;  // words
  static constexpr size_t kFirstBuckets = 64, kMaxBuckets = size_t{1} << 16;
  static constexpr size_t kWays = 4;

  struct Entry {
    uint32_t hash = 0;     // its lower half
    uint32_t begin = 0;    // of the record in store_
    uint16_t n_bytes = 0;  // 0: empty
    uint16_t n_ids : 15 = 0, is_part : 1 = 0;
  };
  struct alignas(64) Bucket {
    Entry ways[kWays];
  };

  // The upper half of the hash chooses the bucket.
  const Bucket& BucketOf(uint64_t hash) const { return buckets_[hash >> 32 & (buckets_.size() - 1)]; }
  std::span<const TokenId> IdsOf(const Entry& entry) const {
    return std::span<const TokenId>(store_).subspan(entry.begin, entry.n_ids);
  }
  std::string_view BytesOf(const Entry& entry) const {
    return {reinterpret_cast<const char*>(store_.data() + entry.begin + entry.n_ids), entry.n_bytes};
  }
  void Place(const Entry& entry, uint64_t hash);
  void Grow();

  size_t max_stored_, max_buckets_;
  std::vector<Bucket> buckets_;
  size_t n_entries_ = 0;
  std::vector<TokenId> store_;  // records: ids, then the bytes and up to three zeros
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_LONG_PIECES_H_
