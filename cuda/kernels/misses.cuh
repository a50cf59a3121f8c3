// cuda/kernels/misses.cuh: going through the pieces that were missed.
#ifndef TOK_CUDA_KERNELS_MISSES_CUH_
#define TOK_CUDA_KERNELS_MISSES_CUH_

#include <cstdint>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/merge.h"

namespace tok::cuda {

__device__ inline unsigned long long NumMisses(const PieceOutput& pieces) {
  return min(*pieces.n_misses, pieces.max_misses);
}

__device__ inline int64_t PlaceOf(Miss miss) {
  return static_cast<int64_t>(miss & ((Miss{1} << kMissPlaceBits) - 1));
}

__device__ inline PieceRecord* RecordOf(const PieceOutput& pieces, Miss miss) {
  return pieces.records + pieces.tile_pieces[PlaceOf(miss) / kTileBytes] +
         static_cast<int64_t>(miss >> kMissPlaceBits);
}

// Bytes of the piece that begins at a place; more than `most` if it is longer.
__device__ inline int64_t PieceLength(const DeviceText& text, const uint32_t* starts, int64_t begin,
                                      int64_t most) {
  const int64_t limit = begin + most + 1 < text.end ? begin + most + 1 : text.end;
  return NextSet(starts, begin, limit) - begin;
}

// The key of a piece of up to 31 bytes.
__device__ inline PieceKey<32> LongerKey(const unsigned char* bytes, unsigned n_bytes) {
  PieceKey<32> key;
#pragma unroll
  for (unsigned w = 0; w < key.kWords; ++w) {
    uint32_t word = 0;
#pragma unroll
    for (unsigned i = 0; i < 4; ++i) {
      if (4 * w + i < n_bytes) word |= uint32_t{bytes[4 * w + i]} << (8 * i);
    }
    key.words[w] = word;
  }
  key.words[key.kWords - 1] |= n_bytes << 24;
  return key;
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_MISSES_CUH_
