// cuda/kernels/window_tokens.cuh: where the tokens of a window begin: bits of its places, kWindowBits words.
#ifndef TOK_CUDA_KERNELS_WINDOW_TOKENS_CUH_
#define TOK_CUDA_KERNELS_WINDOW_TOKENS_CUH_

#include <cstdint>

#include "cuda/kernels/cut.h"
#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/splice.h"
#include "cuda/kernels/warp_symbols.cuh"

namespace tok::cuda {

using WindowMemory = WarpMemory<kWindowBytes>;

// Of the lane's 32 places.
__device__ inline uint32_t MergeWindow(const DeviceText& text, const MergeTables& tables, int64_t begin,
                                       int n_bytes, WindowMemory* memory) {
  for (int i = static_cast<int>(threadIdx.x % 32); i < n_bytes; i += 32)
    memory->ids[i] = tables.byte_ids[text.bytes[begin + i]];
  __syncwarp();
  WarpSymbols<kWindowBytes> symbols(tables.pairs, memory, n_bytes);
  symbols.MergeAll();
  __syncwarp();
  return symbols.left();
}

// The last token that begins at kWindowStride or before. By all lanes.
__device__ inline int LastTokenBefore(const uint32_t* bits) {
  const int word = static_cast<int>(threadIdx.x % 32);
  const uint32_t mine = 32 * word > kWindowStride    ? 0
                        : 32 * word == kWindowStride ? bits[word] & 1
                                                     : bits[word];
  const int last = 31 - __clz(static_cast<int>(__ballot_sync(~0u, mine != 0)));
  return 32 * last + 31 - __clz(static_cast<int>(__shfl_sync(~0u, mine, last)));
}

// Of the overlap of two windows, of which the second begins `distance` behind the first: where the first token begins that both
// have, negative if there is none. Two begins in a row that both have, and nothing between them in either, are a token of
// both.
__device__ inline int SharedToken(const uint32_t* first, const uint32_t* second, int distance) {
  int begin = -1;
  for (int q = 0; q < kWindowOverlap / 32; ++q) {
    const int from = distance + 32 * q;
    const uint32_t here =
        from % 32 == 0 ? first[from / 32]
                       : __funnelshift_r(first[from / 32],
                                         from / 32 + 1 < kWindowBits ? first[from / 32 + 1] : 0, from % 32);
    const uint32_t both = here & second[q];
    for (uint32_t left = here | second[q]; left != 0; left &= left - 1) {
      const bool is_shared = (both & left & (0u - left)) != 0;
      if (is_shared && begin >= 0) return begin;
      begin = is_shared ? 32 * q + __ffs(static_cast<int>(left)) - 1 : -1;
    }
  }
  return -1;
}

__device__ inline void SetBits(uint32_t* words, int64_t place, uint32_t bits) {
  const unsigned shift = static_cast<unsigned>(place % 32);
  if (bits << shift != 0) atomicOr(&words[place / 32], bits << shift);
  if (shift != 0 && bits >> (32 - shift) != 0) atomicOr(&words[place / 32 + 1], bits >> (32 - shift));
}

// Tokens that begin in [first, last) are parts. `bits`: of 32 places from `place` on.
__device__ inline void CutAtTokens(const CutOutput& output, int64_t place, uint32_t bits, int64_t first,
                                   int64_t last) {
  bits &= BitsFromTo(first - place, last - place);
  SetBits(output.starts, place, bits);
  SetBits(output.cuts, place, bits);
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_WINDOW_TOKENS_CUH_
