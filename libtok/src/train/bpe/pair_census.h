// train/bpe/pair_census.h: all pairs of neighbouring tokens in a text, with their counts and places.
//
// Model: one pass adds up the counts, a second writes the places of the pairs that are wanted. Pairs that a sieve holds for too
// rare are not looked at. Each thread has a part of the text and a table of its own. What comes out does not depend on how
// many there are, but for the order of pairs.
// Cost: two passes; memory 32 to 64 bytes a different pair, of those not sieved out, for each thread up to kMostParts
// (neighbour_pairs.h) and once more, and 4 bytes a place of wanted pairs.
#ifndef TOK_SRC_TRAIN_BPE_PAIR_CENSUS_H_
#define TOK_SRC_TRAIN_BPE_PAIR_CENSUS_H_

#include <cstdint>
#include <functional>
#include <span>

#include "src/base/scratch_memory.h"
#include "src/train/bpe/pair_sieve.h"
#include "src/train/bpe/place_list.h"
#include "src/train/bpe/symbol_text.h"

namespace tok {

struct CountedPair {
  uint32_t left, right;
  uint64_t count;
  PlaceList places;  // of the left token, increasing
};

// The pairs of `text`, which `sieve` is of, that occur at least min_count times and for which is_wanted (any thread; may be
// empty: all) says so, in no particular order. lengths[t]: places of token t. What it takes, and what comes out, is from
// `scratch` and `lists` (null: the heap), which outlive it.
ScratchVector<CountedPair> CountPairs(const SymbolText& text, std::span<const uint32_t> lengths,
                                      const PairSieve& sieve, uint64_t min_count,
                                      const std::function<bool(uint32_t left, uint32_t right)>& is_wanted,
                                      unsigned n_threads, ScratchMemory* scratch = nullptr,
                                      ScratchHeap* lists = nullptr);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_PAIR_CENSUS_H_
