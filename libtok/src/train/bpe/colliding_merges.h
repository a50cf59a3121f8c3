// train/bpe/colliding_merges.h: byte-pair encoding where two pairs may make the same token.
//
// Model: as MergeEngine, but the caller names the token that a merge makes, which may be an old one: with affixes, or a special
// token that the text spells out, "##" + "#" is what "#" + "###" is. Then counts may rise again, a pair may come back after
// it was merged, and what Hugging Face's BpeTrainer makes of that is followed: a pair that was merged keeps the count it had,
// and places that come later are added to it. Pieces are kept as lists of tokens and searched whole, counts in a table.
// Cost: some ten times MergeEngine's. Memory: 8 bytes a symbol, 4 a piece that a pair is in, 40 a pair.
// Threads: one.
#ifndef TOK_SRC_TRAIN_BPE_COLLIDING_MERGES_H_
#define TOK_SRC_TRAIN_BPE_COLLIDING_MERGES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/train/bpe/merge_engine.h"

namespace tok {

class CollidingMerges {
 public:
  struct Piece {
    std::vector<uint32_t> tokens;
    std::vector<uint32_t> lengths;  // in symbols
    uint64_t count;
  };

  // max_length: as BpeTrainerOptions::max_token_length.
  CollidingMerges(std::vector<Piece> pieces, uint64_t min_count, uint32_t max_length);

  // The next merge, made; name(left, right) is the token it makes. Nothing if no pair is left.
  std::optional<TokenMerge> Next(const std::function<uint32_t(uint32_t left, uint32_t right)>& name);

 private:
  struct Candidate {
    uint64_t count;
    uint64_t pair;
    std::vector<uint32_t> pieces;  // that it was met in, since it was last queued
    // The order of a max-heap.
    friend bool operator<(const Candidate& a, const Candidate& b) {
      return a.count != b.count ? a.count < b.count : a.pair > b.pair;
    }
  };
  static uint64_t PairOf(uint32_t left, uint32_t right) { return uint64_t{left} << 32 | right; }
  void Change(uint64_t pair, int64_t change, uint32_t piece);
  void MergeIn(uint32_t piece, uint64_t pair, uint32_t token);
  void QueueMet();

  std::vector<Piece> pieces_;
  const uint64_t min_count_;
  const uint64_t max_length_;
  absl::flat_hash_map<uint64_t, int64_t> counts_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> met_;  // new places of pairs, by piece, not queued yet
  std::vector<Candidate> heap_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_COLLIDING_MERGES_H_
