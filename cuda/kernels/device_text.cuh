// cuda/kernels/device_text.cuh: reading text, of which nothing lies before it and zeros behind it.
#ifndef TOK_CUDA_KERNELS_DEVICE_TEXT_CUH_
#define TOK_CUDA_KERNELS_DEVICE_TEXT_CUH_

#include <cstdint>

#include "cuda/kernels/split.h"

namespace tok::cuda {

// The 16 bytes from `at` on, a multiple of 16.
__device__ inline uint4 LoadVector(const DeviceText& text, int64_t at) {
  if (at >= 0 && at + 16 <= text.n_bytes) return __ldg(reinterpret_cast<const uint4*>(text.bytes + at));
  uint32_t quads[4] = {};
  if (at >= 0) {
    for (int i = 0; i < 16 && at + i < text.n_bytes; ++i)
      quads[i / 4] |= uint32_t{text.bytes[at + i]} << (8 * (i % 4));
  }
  return make_uint4(quads[0], quads[1], quads[2], quads[3]);
}

// Four bytes from byte `at` of shared words on; the word behind them is read too.
__device__ inline uint32_t FourBytesAt(const uint32_t* words, unsigned at) {
  return __funnelshift_r(words[at / 4], words[at / 4 + 1], 8 * (at % 4));
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_DEVICE_TEXT_CUH_
