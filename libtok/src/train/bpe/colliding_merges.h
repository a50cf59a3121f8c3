// train/bpe/colliding_merges.h: byte-pair encoding where two pairs may make the same token.
//
// Model: as MergeEngine, but the caller names the token that a merge makes, which may be an old one: with affixes, or a special
// token that the text spells out, "##" + "#" is what "#" + "###" is. Then counts may rise again, a pair may come back after
// it was merged, and what Hugging Face's BpeTrainer makes of that is followed: a pair that was merged keeps the count it had,
// and places that come later are added to it, as a candidate of their own. Of equal candidates of one pair that of the smaller
// first piece comes first (there: either). Counts are in a table; tokens grow in place, as in symbol_text.h.
// Cost: some ten times MergeEngine's; short pieces are searched whole, of long ones it is known where pairs are. Memory: 8 bytes
// a symbol, 4 a piece that a pair is in, 4 a place in a long piece that was ever made, 40 a pair.
// Threads: one. Determinism: the same merges for any order of pieces.
#ifndef TOK_SRC_TRAIN_BPE_COLLIDING_MERGES_H_
#define TOK_SRC_TRAIN_BPE_COLLIDING_MERGES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/train/bpe/merge_engine.h"

namespace tok {

class CollidingMerges {
 public:
  struct Piece {
    std::vector<uint32_t> tokens;   // by the place where they begin
    std::vector<uint32_t> lengths;  // in symbols, at the first and the last place of a token
    uint64_t count;
  };

  // Pieces as symbols, each of length 1. max_length: as BpeTrainerOptions::max_token_length.
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
      if (a.count != b.count) return a.count < b.count;
      return a.pair != b.pair ? a.pair > b.pair : a.pieces > b.pieces;
    }
  };
  using PlaceKey = std::pair<uint64_t, uint32_t>;  // pair, piece

  void Change(uint64_t pair, int64_t change, uint32_t piece);
  // The token at `place` has come to stand beside the next one. That counts if both together are shorter than max_length.
  void Meet(uint32_t piece, uint32_t place, uint64_t max_length);
  void MergeIn(uint32_t piece, uint64_t pair, uint32_t token);
  // If the pair is there.
  void MergeAt(uint32_t piece, uint32_t place, uint64_t pair, uint32_t token);
  void QueueMet();

  std::vector<Piece> pieces_;
  const uint64_t min_count_;
  const uint64_t max_length_;
  absl::flat_hash_map<uint64_t, int64_t> counts_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> met_;  // new places of pairs, by piece, not queued yet
  absl::flat_hash_map<PlaceKey, std::vector<uint32_t>> places_;  // in long pieces; from some the pair is gone
  std::vector<Candidate> heap_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_COLLIDING_MERGES_H_
