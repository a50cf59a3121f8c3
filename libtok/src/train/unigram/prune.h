// train/unigram/prune.h: drops the candidates that the text misses least.
//
// Model: each piece is written by its best path, which counts how often a candidate is used. Losing a candidate costs
// about what it costs to write it by the best path of others instead, everywhere it is used; the cheapest to lose go, down
// to `n_wanted`. Single characters stay, and so does what its own best path does not use; what is never used goes.
// Source: Kudo (2018), "Subword Regularization", section 3.2; the loss and who stays: Hugging Face tokenizers 0.23.3,
// UnigramTrainer.
// Determinism: counts are integers, and of equal losses the earlier in the candidates' order stays.
#ifndef TOK_SRC_TRAIN_UNIGRAM_PRUNE_H_
#define TOK_SRC_TRAIN_UNIGRAM_PRUNE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/train/unigram/candidates.h"
#include "src/train/unigram/sorted_pieces.h"

namespace tok {

struct Pruned {
  std::vector<uint32_t> order;  // those that stay: first those without a loss, then by falling loss
  uint64_t n_steps = 0;
};

Pruned PruneCandidates(const SortedPieces& pieces, const Candidates& candidates, size_t n_wanted,
                       unsigned n_threads);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_PRUNE_H_
