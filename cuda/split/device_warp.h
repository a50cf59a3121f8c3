// cuda/split/device_warp.h: a warp, of which every thread sees its own lane (chunk_ops.h).
#ifndef TOK_CUDA_SPLIT_DEVICE_WARP_H_
#define TOK_CUDA_SPLIT_DEVICE_WARP_H_

#include <cstdint>

#include "cuda/split/starts.h"

namespace tok::cuda {

class DeviceWarp {
 public:
  template <typename T>
  using Value = T;

  __device__ explicit DeviceWarp(unsigned lane) : lane_(lane) {}

  template <typename F, typename... T>
  __device__ auto Map(const F& f, const T&... values) const {
    return f(values...);
  }
  // 0 where there is no such lane.
  __device__ uint32_t FromLaneBefore(uint32_t value) const {
    const uint32_t before = __shfl_up_sync(~0u, value, 1);
    return lane_ == 0 ? 0 : before;
  }
  __device__ uint32_t FromLaneBehind(uint32_t value) const {
    const uint32_t behind = __shfl_down_sync(~0u, value, 1);
    return lane_ == kLanes - 1 ? 0 : behind;
  }
  __device__ uint32_t AtLane(unsigned lane, uint32_t value) const { return lane_ == lane ? value : 0; }
  __device__ uint32_t AllButLane(unsigned lane) const { return lane_ == lane ? 0 : ~0u; }
  __device__ uint32_t InLane(unsigned lane, uint32_t value) const { return __shfl_sync(~0u, value, lane); }
  __device__ bool Any(uint32_t bits) const { return __any_sync(~0u, bits != 0); }
  __device__ uint32_t Ballot(bool bit) const { return __ballot_sync(~0u, bit); }

  // The sum of two numbers of 1024 bits.
  __device__ uint32_t AddUp(uint32_t a, uint32_t b) const {
    const uint32_t sum = a + b;
    const uint32_t made = __ballot_sync(~0u, sum < a), passed = __ballot_sync(~0u, sum == ~0u);
    return sum + ((((made << 1) + passed) ^ passed) >> lane_ & 1);
  }
  // The same of numbers whose bits go from the last to the first.
  __device__ uint32_t AddDown(uint32_t a, uint32_t b) const {
    const uint32_t reversed = __brev(a), sum = reversed + __brev(b);
    const uint32_t made = __brev(__ballot_sync(~0u, sum < reversed)),
                   passed = __brev(__ballot_sync(~0u, sum == ~0u));
    return __brev(sum + ((((made << 1) + passed) ^ passed) >> (kLanes - 1 - lane_) & 1));
  }
  // Counts modulo 3 in the low two bits, to which those of lanes before are added where bit 2 is set; `first` is in place of lane
  // 0's. The sum before each lane, or with it.
  __device__ uint32_t CountUp(uint32_t value, uint32_t first, bool is_inclusive = false) const {
    uint32_t sum = lane_ == 0 ? first : value;
    if (__any_sync(~0u, (value & 4) != 0)) {
      for (unsigned distance = 1; distance < kLanes; distance *= 2) {
        const uint32_t before = __shfl_up_sync(~0u, sum, distance);
        if (lane_ >= distance && (sum & 4) != 0) sum = ((sum & 3) + (before & 3)) % 3 | (before & 4);
      }
    }
    return (is_inclusive ? sum : FromLaneBefore(sum)) & 3;
  }

 private:
  unsigned lane_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_DEVICE_WARP_H_
