// cuda/kernels/merge.h: pieces that the table does not have -> their ids, by merging.
#ifndef TOK_CUDA_KERNELS_MERGE_H_
#define TOK_CUDA_KERNELS_MERGE_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/pieces.h"
#include "cuda/tables/pair_table.h"

namespace tok::cuda {

inline constexpr int kMaxLanePiece = 32;    // bytes: merged by a lane
inline constexpr int kMaxWarpPiece = 1024;  // by a warp

struct MergeInput {
  PieceTableView<32> longer;  // of pieces that the other table cannot have
  PairTableView pairs;
  const uint32_t* byte_ids;  // 256
};

struct MergeOutput {
  uint32_t* ids;  // of all misses, in any order
  unsigned long long* n_ids;
  unsigned long long* n_too_long;  // pieces that are left
  uint32_t* long_misses;           // numbers of misses for a warp each
  uint32_t* n_long_misses;
};

// Of a piece that was missed, in its record: the number of its ids, and where they begin.
inline constexpr unsigned kRecordOffsetBits = 38;

cudaError_t MergeMisses(const DeviceText& text, const uint32_t* starts, const MergeInput& input,
                        const PieceOutput& pieces, const MergeOutput& output, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_MERGE_H_
