// cuda/kernels/find_pair.cuh: what a pair of tokens merges to.
#ifndef TOK_CUDA_KERNELS_FIND_PAIR_CUH_
#define TOK_CUDA_KERNELS_FIND_PAIR_CUH_

#include <cstdint>

#include "cuda/tables/pair_table.h"

namespace tok::cuda {

struct FoundPair {
  uint32_t rank;    // kNothing: they do not merge
  uint32_t merged;  // and perhaps kOneAtATime
};

__device__ inline FoundPair FindPair(const PairTableView& pairs, uint32_t left, uint32_t right) {
  const uint32_t mask = (1u << pairs.log_slots) - 1;
  for (uint32_t home = pairs.Home(left, right);; home = (home + 1) & mask) {
    const uint4 slot = __ldg(reinterpret_cast<const uint4*>(pairs.slots) + home);
    if (slot.x == left && slot.y == right) return {slot.z, slot.w};
    if (slot.w == kNothing) return {kNothing, kNothing};
  }
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_FIND_PAIR_CUH_
