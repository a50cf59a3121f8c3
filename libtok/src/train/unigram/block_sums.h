// train/unigram/block_sums.h: sums over all pieces, the same bits for any number of threads.
//
// Model: body(block, sums) adds one block's share to zeroed sums; the shares are added up in the order of the blocks.
// Memory: one array of sums per thread and one more. Cost: a pass over n_values numbers per block.
#ifndef TOK_SRC_TRAIN_UNIGRAM_BLOCK_SUMS_H_
#define TOK_SRC_TRAIN_UNIGRAM_BLOCK_SUMS_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "src/base/parallel.h"
#include "tok/threads.h"

namespace tok {

template <typename Value, typename Body>
std::vector<Value> SumOverBlocks(size_t n_blocks, size_t n_values, unsigned n_threads, const Body& body) {
  constexpr size_t kStripe = size_t{1} << 14;  // values that one task adds up
  std::vector<Value> total(n_values);
  const size_t n_wave = std::min<size_t>(n_blocks, n_threads == 0 ? AvailableThreads() : n_threads);
  std::vector<std::vector<Value>> shares(n_wave);
  for (size_t first = 0; first < n_blocks; first += n_wave) {
    const size_t n_now = std::min(n_wave, n_blocks - first);
    ParallelFor(n_now, n_threads, [&](size_t i) {
      shares[i].assign(n_values, Value());
      body(first + i, shares[i].data());
    });
    ParallelFor((n_values + kStripe - 1) / kStripe, n_threads, [&](size_t stripe) {
      const size_t end = std::min(n_values, (stripe + 1) * kStripe);
      for (size_t i = 0; i < n_now; ++i) {
        for (size_t value = stripe * kStripe; value < end; ++value) total[value] += shares[i][value];
      }
    });
  }
  return total;
}

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_BLOCK_SUMS_H_
