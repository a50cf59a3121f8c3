// train/bpe/pair_sieve.h: upper bounds of the counts of all pairs in a text, in little memory.
//
// Model: pairs fall into buckets by a hash, and only buckets are counted. A bucket has at least the count of each of its
// pairs, so what falls into a small one is rare for sure, and needs no entry in a table of pairs: most pairs of a large text
// are such.
// Cost: one pass, a random access a pair. Memory: half a byte to one a place of the text, for each thread up to kMostParts
// (neighbour_pairs.h).
// Determinism: the same bounds for any number of threads.
#ifndef TOK_SRC_TRAIN_BPE_PAIR_SIEVE_H_
#define TOK_SRC_TRAIN_BPE_PAIR_SIEVE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/base/scratch_memory.h"
#include "src/train/bpe/symbol_text.h"

namespace tok {

class PairSieve {
 public:
  // Its memory is from `scratch` (null: the heap), which outlives it.
  PairSieve(const SymbolText& text, std::span<const uint32_t> lengths, unsigned n_threads,
            ScratchMemory* scratch = nullptr);

  // That the pair (PairKey) occurs less than `count` times; false: it may occur as often.
  bool IsBelow(uint64_t pair, uint64_t count) const {
    return counts_[BucketOf(pair, shift_)] < std::min<uint64_t>(count, kMost);
  }
  // The n-th highest count of a bucket, from 0 on: about that many pairs occur as often. 0 if there are fewer buckets.
  uint64_t NthCount(size_t n) const;

 private:
  static constexpr uint32_t kMost = UINT32_MAX;  // or more
  static size_t BucketOf(uint64_t pair, unsigned shift) {
    return (pair ^ pair >> 29) * 0x9E3779B97F4A7C15u >> shift;
  }

  ScratchVector<uint32_t> counts_;
  unsigned shift_;  // of a hash, to a bucket
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_PAIR_SIEVE_H_
