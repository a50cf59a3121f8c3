// cuda/kernels/launch.h: sizes of launches, and of what they work in.
#ifndef TOK_CUDA_KERNELS_LAUNCH_H_
#define TOK_CUDA_KERNELS_LAUNCH_H_

#include <cstddef>
#include <cstdint>

namespace tok::cuda {

constexpr int64_t CeilDiv(int64_t n, int64_t by) { return (n + by - 1) / by; }

// At least one: a launch of none is an error.
constexpr unsigned BlocksFor(int64_t n, int64_t n_per_block) {
  return n <= n_per_block ? 1 : static_cast<unsigned>(CeilDiv(n, n_per_block));
}

// Of an H100; on another device, loops over a list go round more or less often.
inline constexpr unsigned kMultiprocessors = 132;

// What lies one behind the other begins at multiples of this.
constexpr size_t AlignedSize(size_t n_bytes) { return (n_bytes + 255) / 256 * 256; }

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_LAUNCH_H_
