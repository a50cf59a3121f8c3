// base/random_stream.h: random numbers that are the same on every machine.
//
// Model: SplitMix64: a counter with a step of the golden ratio, mixed. The standard library's distributions differ between
// implementations, so the two that libtok needs are spelled out here.
// Source: Steele, Lea, Flood (2014), "Fast Splittable Pseudorandom Number Generators".
// Threads: one stream per thread.
#ifndef TOK_SRC_BASE_RANDOM_STREAM_H_
#define TOK_SRC_BASE_RANDOM_STREAM_H_

#include <cstdint>

namespace tok {

class RandomStream {
 public:
  explicit RandomStream(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
  }
  // 0 to n - 1; n > 0. The high half of a product: its bias, below n / 2^64, is accepted for one draw a call.
  uint64_t Below(uint64_t n) {
    return static_cast<uint64_t>(static_cast<unsigned __int128>(Next()) * n >> 64);
  }
  // True with this probability, in steps of 2^-53.
  bool Chance(double probability) { return static_cast<double>(Next() >> 11) * 0x1p-53 < probability; }

 private:
  uint64_t state_;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_RANDOM_STREAM_H_
