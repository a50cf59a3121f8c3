// cuda/kernels/records.cuh: records of pieces: made, read and found.
#ifndef TOK_CUDA_KERNELS_RECORDS_CUH_
#define TOK_CUDA_KERNELS_RECORDS_CUH_

#include <cstdint>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/merge.h"

namespace tok::cuda {

inline constexpr unsigned kMaxRecordIds = 3;  // in the record itself

__device__ inline unsigned CountOf(PieceRecord record) {
  const auto n = static_cast<unsigned>(record >> kRecordCountShift);
  return n != 0 ? n : static_cast<unsigned>(record >> kRecordOffsetBits);
}

// `n_ids` of 1 to kMaxRecordIds; those that are not there are 0.
__device__ inline PieceRecord RecordOfIds(unsigned n_ids, uint32_t first, uint32_t second, uint32_t third) {
  return first | PieceRecord{second} << kRecordIdBits | PieceRecord{third} << (2 * kRecordIdBits) |
         PieceRecord{n_ids} << kRecordCountShift;
}

__device__ inline PieceRecord RecordOfOffset(unsigned n_ids, unsigned long long offset) {
  return offset | PieceRecord{n_ids} << kRecordOffsetBits;
}

// Of its CountOf ids, one.
__device__ inline uint32_t IdOf(PieceRecord record, unsigned i, const uint32_t* miss_ids) {
  constexpr uint32_t kIdMask = (1u << kRecordIdBits) - 1;
  if (record >> kRecordCountShift != 0) return static_cast<uint32_t>(record >> (i * kRecordIdBits)) & kIdMask;
  return miss_ids[(record & ((PieceRecord{1} << kRecordOffsetBits) - 1)) + i];
}

// Pieces that begin in the tile of `place` before it. By a warp.
__device__ inline int PiecesBefore(const uint32_t* starts, int64_t place) {
  const int64_t word = place / kTileBytes * kTileWords + threadIdx.x % 32;
  return __reduce_add_sync(~0u, word * 32 < place ? __popc(starts[word] & BitsBetween(word, 0, place)) : 0);
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_RECORDS_CUH_
