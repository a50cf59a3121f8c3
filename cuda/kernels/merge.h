// cuda/kernels/merge.h: pieces that the table does not have -> their ids, by merging.
#ifndef TOK_CUDA_KERNELS_MERGE_H_
#define TOK_CUDA_KERNELS_MERGE_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/pieces.h"
#include "cuda/tables/merge_tables.h"
#include "cuda/tables/whole_tokens.h"

namespace tok::cuda {

inline constexpr int kMaxLanePiece = 32;    // bytes: merged by a lane
inline constexpr int kMaxWarpPiece = 1024;  // by a warp

struct MergeInput {
  const uint32_t* starts;
  const uint32_t* cuts;       // starts of parts
  PieceTableView<32> longer;  // of pieces that the other table does not have
  WholeTokensView whole;
  MergeTables tables;
};

struct MergeOutput {
  uint32_t* ids;  // of all misses, in any order
  unsigned long long* n_ids;
  unsigned long long* long_misses;  // numbers of misses for a warp each: MaxLongMisses
  unsigned long long* n_long_misses;
  DocumentFlags flags;
};

constexpr int64_t MaxLongMisses(int64_t max_places) { return max_places / kMaxLanePiece + 1; }

// Of a piece that was missed, in its record: the number of its ids, and where they begin.
inline constexpr unsigned kRecordOffsetBits = 38;

// Documents of pieces of more than kMaxWarpPiece bytes are flagged.
cudaError_t MergeMisses(const TextOnDevice& text, const MergeInput& input, const PieceOutput& pieces,
                        const MergeOutput& output, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_MERGE_H_
