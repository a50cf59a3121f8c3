// train/bpe/merge_reference.h: byte-pair encoding as it is defined: all pairs are counted again before each merge.
//
// The short, obvious algorithm that MergeEngine is held equal to. Cost: O(symbols) a merge.
#ifndef TOK_SRC_TRAIN_BPE_MERGE_REFERENCE_H_
#define TOK_SRC_TRAIN_BPE_MERGE_REFERENCE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "src/train/bpe/merge_engine.h"

namespace tok {

struct WeightedPiece {
  std::vector<uint32_t> tokens;
  uint64_t count;
};

// At most max_merges merges; the first makes token n_symbols. `options` as of the engine. The pieces are left merged.
std::vector<TokenMerge> MergesByRecounting(std::vector<WeightedPiece>* pieces, uint32_t n_symbols,
                                           const MergeEngine::Options& options);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_MERGE_REFERENCE_H_
