// cuda/kernels/device_text.cuh: reading text and the bits of its bytes.
#ifndef TOK_CUDA_KERNELS_DEVICE_TEXT_CUH_
#define TOK_CUDA_KERNELS_DEVICE_TEXT_CUH_

#include <cstdint>

#include "cuda/kernels/device_text.h"

namespace tok::cuda {

// The 16 bytes from `at` on, a multiple of 16.
__device__ inline uint4 LoadVector(const DeviceText& text, int64_t at) {
  if (at >= text.begin && at + 16 <= text.end) return __ldg(reinterpret_cast<const uint4*>(text.bytes + at));
  if (at >= text.end) return make_uint4(0, 0, 0, 0);
  uint32_t quads[4] = {};
  for (int i = 0; i < 16; ++i) {
    if (at + i >= text.begin && at + i < text.end)
      quads[i / 4] |= uint32_t{text.bytes[at + i]} << (8 * (i % 4));
  }
  return make_uint4(quads[0], quads[1], quads[2], quads[3]);
}

// Four bytes from byte `at` of shared words on; the word behind them is read too.
__device__ inline uint32_t FourBytesAt(const uint32_t* words, unsigned at) {
  return __funnelshift_r(words[at / 4], words[at / 4 + 1], 8 * (at % 4));
}

// Of 32 bits, those of [first, last).
__device__ inline uint32_t BitsFromTo(int64_t first, int64_t last) {
  if (last <= 0 || first >= 32) return 0;
  return (last >= 32 ? ~0u : (1u << last) - 1) & (first <= 0 ? ~0u : ~0u << first);
}

// Of a word of bits, those of places in [begin, end).
__device__ inline uint32_t BitsBetween(int64_t word, int64_t begin, int64_t end) {
  return BitsFromTo(begin - word * 32, end - word * 32);
}

__device__ inline bool IsSet(const uint32_t* bits, int64_t place) {
  return (bits[place / 32] >> (place % 32) & 1) != 0;
}

// The first set bit behind `place`, or `limit` if none lies before it.
__device__ inline int64_t NextSet(const uint32_t* bits, int64_t place, int64_t limit) {
  int64_t word = place / 32;
  uint32_t left = bits[word] & (place % 32 == 31 ? 0 : ~0u << (place % 32 + 1));
  while (left == 0 && ++word * 32 < limit) left = bits[word];
  if (left == 0) return limit;
  const int64_t found = word * 32 + __ffs(static_cast<int>(left)) - 1;
  return found < limit ? found : limit;
}

// The first of n sorted offsets that is `at` or more.
__device__ inline int64_t LowerBound(const int64_t* offsets, int64_t n, int64_t at) {
  int64_t first = 0;
  while (n > 0) {
    const int64_t half = n / 2;
    if (offsets[first + half] < at) {
      first += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return first;
}

// The document that holds a place of text.
__device__ inline int64_t DocumentAt(const DeviceText& text, int64_t place) {
  return LowerBound(text.offsets, text.n_documents + 1, place - text.place_of_offset + 1) - 1;
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_DEVICE_TEXT_CUH_
