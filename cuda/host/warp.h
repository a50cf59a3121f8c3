// cuda/host/warp.h: a warp on the host, for tests: each value is that of all lanes (chunk_ops.h).
#ifndef TOK_CUDA_HOST_WARP_H_
#define TOK_CUDA_HOST_WARP_H_

#include <array>
#include <cstdint>

#include "cuda/split/starts.h"

namespace tok::cuda {

template <typename T>
struct LaneValues {
  std::array<T, kLanes> lanes;

  T& operator[](unsigned lane) { return lanes[lane]; }
  const T& operator[](unsigned lane) const { return lanes[lane]; }
};
using LaneMasks = LaneValues<uint32_t>;

template <typename F, typename... T>
auto MapLanes(const F& f, const LaneValues<T>&... values) {
  LaneValues<decltype(f(values[0]...))> result;
  for (unsigned lane = 0; lane < kLanes; ++lane) result[lane] = f(values[lane]...);
  return result;
}
inline LaneMasks operator&(const LaneMasks& a, const LaneMasks& b) {
  return MapLanes([](uint32_t x, uint32_t y) { return x & y; }, a, b);
}
inline LaneMasks operator|(const LaneMasks& a, const LaneMasks& b) {
  return MapLanes([](uint32_t x, uint32_t y) { return x | y; }, a, b);
}
inline LaneMasks operator^(const LaneMasks& a, const LaneMasks& b) {
  return MapLanes([](uint32_t x, uint32_t y) { return x ^ y; }, a, b);
}
inline LaneMasks operator~(const LaneMasks& a) {
  return MapLanes([](uint32_t x) { return ~x; }, a);
}
inline LaneMasks& operator&=(LaneMasks& a, const LaneMasks& b) { return a = a & b; }
inline LaneMasks& operator|=(LaneMasks& a, const LaneMasks& b) { return a = a | b; }

class HostWarp {
 public:
  template <typename T>
  using Value = LaneValues<T>;

  template <typename F, typename... T>
  auto Map(const F& f, const LaneValues<T>&... values) const {
    return MapLanes(f, values...);
  }
  LaneMasks FromLaneBefore(const LaneMasks& value) const {
    LaneMasks moved{};
    for (unsigned lane = 1; lane < kLanes; ++lane) moved[lane] = value[lane - 1];
    return moved;
  }
  LaneMasks FromLaneBehind(const LaneMasks& value) const {
    LaneMasks moved{};
    for (unsigned lane = 1; lane < kLanes; ++lane) moved[lane - 1] = value[lane];
    return moved;
  }
  LaneMasks AtLane(unsigned lane, uint32_t value) const {
    LaneMasks values{};
    values[lane] = value;
    return values;
  }
  LaneMasks AllButLane(unsigned lane) const { return ~AtLane(lane, ~0u); }
  uint32_t InLane(unsigned lane, const LaneMasks& value) const { return value[lane]; }
  bool Any(const LaneMasks& bits) const { return bits.lanes != LaneMasks{}.lanes; }
  uint32_t Ballot(const LaneValues<bool>& bits) const {
    uint32_t ballot = 0;
    for (unsigned lane = 0; lane < kLanes; ++lane) ballot |= uint32_t{bits[lane]} << lane;
    return ballot;
  }
  LaneMasks AddUp(const LaneMasks& a, const LaneMasks& b) const {
    LaneMasks sums;
    uint64_t carry = 0;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      carry += uint64_t{a[lane]} + b[lane];
      sums[lane] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    return sums;
  }
  LaneMasks AddDown(const LaneMasks& a, const LaneMasks& b) const {
    LaneMasks sums;
    uint64_t carry = 0;
    for (unsigned lane = kLanes; lane-- > 0;) {
      carry += uint64_t{ReverseBits(a[lane])} + ReverseBits(b[lane]);
      sums[lane] = ReverseBits(static_cast<uint32_t>(carry));
      carry >>= 32;
    }
    return sums;
  }
  LaneMasks CountUp(const LaneMasks& value, uint32_t first, bool is_inclusive = false) const {
    LaneMasks sums;
    uint32_t sum = first;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const uint32_t before = lane == 0 ? 0 : sum;
      if (lane > 0) sum = (value[lane] & 4) != 0 ? ((value[lane] & 3) + sum) % 3 : value[lane];
      sums[lane] = is_inclusive ? sum : before;
    }
    return sums;
  }
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_HOST_WARP_H_
