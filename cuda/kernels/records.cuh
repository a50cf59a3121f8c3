// cuda/kernels/records.cuh: reading the records of pieces, and finding them.
#ifndef TOK_CUDA_KERNELS_RECORDS_CUH_
#define TOK_CUDA_KERNELS_RECORDS_CUH_

#include <cstdint>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/merge.h"

namespace tok::cuda {

__device__ inline unsigned CountOf(PieceRecord record) {
  const auto n = static_cast<unsigned>(record >> kRecordCountShift);
  return n != 0 ? n : static_cast<unsigned>(record >> kRecordOffsetBits);
}

// Pieces that begin in the tile of `place` before it. By a warp.
__device__ inline int PiecesBefore(const uint32_t* starts, int64_t place) {
  const int64_t first = place / kTileBytes * kTileWords;
  int n = 0;
  for (int64_t word = first + threadIdx.x % 32; word * 32 < place; word += 32)
    n += __popc(starts[word] & BitsBetween(word, first * 32, place));
  return __reduce_add_sync(~0u, n);
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_RECORDS_CUH_
