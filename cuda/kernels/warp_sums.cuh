// cuda/kernels/warp_sums.cuh: numbers of a warp's lanes, summed. By all 32 lanes together.
#ifndef TOK_CUDA_KERNELS_WARP_SUMS_CUH_
#define TOK_CUDA_KERNELS_WARP_SUMS_CUH_

#include <cstdint>

namespace tok::cuda {

struct LaneSums {
  unsigned before, all;
};

__device__ inline uint32_t LanesBelow() { return (1u << (threadIdx.x % 32)) - 1; }

__device__ inline LaneSums SumOfLanes(unsigned n) {
  if (__all_sync(~0u, n < 4)) {  // nearly always
    const uint32_t low = __ballot_sync(~0u, n & 1), high = __ballot_sync(~0u, n & 2);
    return {static_cast<unsigned>(__popc(low & LanesBelow()) + 2 * __popc(high & LanesBelow())),
            static_cast<unsigned>(__popc(low) + 2 * __popc(high))};
  }
  unsigned up_to = n;
  for (unsigned distance = 1; distance < 32; distance *= 2) {
    const unsigned other = __shfl_up_sync(~0u, up_to, distance);
    if (threadIdx.x % 32 >= distance) up_to += other;
  }
  return {up_to - n, __shfl_sync(~0u, up_to, 31)};
}

// Counts the lanes' numbers on, once for all of them; where each lane's begin.
__device__ inline unsigned long long TakeOf(unsigned long long* counter, unsigned n) {
  const LaneSums sums = SumOfLanes(n);
  unsigned long long first = 0;
  if (sums.all != 0 && threadIdx.x % 32 == 0)
    first = atomicAdd(counter, static_cast<unsigned long long>(sums.all));
  return __shfl_sync(~0u, first, 0) + sums.before;
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_WARP_SUMS_CUH_
