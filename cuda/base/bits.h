// cuda/base/bits.h: the bit instructions of a GPU, and what they do on a host.
#ifndef TOK_CUDA_BASE_BITS_H_
#define TOK_CUDA_BASE_BITS_H_

#include <cstdint>

#include "cuda/base/device_code.h"

namespace tok::cuda {

// Byte i of the result is the one of the eight of (low, high) that nibble i of `selector` says.
TOK_DEVICE_CODE uint32_t PermuteBytes(uint32_t low, uint32_t high, uint32_t selector) {
#if defined(__CUDA_ARCH__)
  return __byte_perm(low, high, selector);
#else
  const uint64_t both = uint64_t{high} << 32 | low;
  uint32_t result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned from = selector >> (4 * i) & 7;
    result |= static_cast<uint32_t>(both >> (8 * from) & 0xFF) << (8 * i);
  }
  return result;
#endif
}

TOK_DEVICE_CODE uint32_t ReverseBits(uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return __brev(bits);
#else
  uint32_t reversed = 0;
  for (int i = 0; i < 32; ++i) reversed |= (bits >> i & 1) << (31 - i);
  return reversed;
#endif
}

TOK_DEVICE_CODE unsigned CountBits(uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return static_cast<unsigned>(__popc(bits));
#else
  return static_cast<unsigned>(__builtin_popcount(bits));
#endif
}

// Of bits that are not all 0.
TOK_DEVICE_CODE unsigned LowestBit(uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return static_cast<unsigned>(__ffs(static_cast<int>(bits))) - 1;
#else
  return static_cast<unsigned>(__builtin_ctz(bits));
#endif
}

// The bits at the top that are 1.
TOK_DEVICE_CODE unsigned CountLeadingOnes(uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return static_cast<unsigned>(__clz(static_cast<int>(~bits)));
#else
  return bits == ~0u ? 32 : static_cast<unsigned>(__builtin_clz(~bits));
#endif
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_BASE_BITS_H_
