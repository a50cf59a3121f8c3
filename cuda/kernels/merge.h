// cuda/kernels/merge.h: pieces that the table does not have -> their ids, by the table of longer ones or by merging.
//
// Model: what has to be merged is listed first, so that no warp waits for a merge that few of its lanes need.
#ifndef TOK_CUDA_KERNELS_MERGE_H_
#define TOK_CUDA_KERNELS_MERGE_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/pieces.h"
#include "cuda/tables/merge_tables.h"
#include "cuda/tables/whole_tokens.h"

namespace tok::cuda {

inline constexpr int kMaxShortPiece = 32;  // bytes: a warp has a lane for each
inline constexpr int kMaxWarpPiece = kMaxMergedBytes;

struct MergeInput {
  const uint32_t* starts;
  const uint32_t* cuts;       // starts of parts
  PieceTableView<32> longer;  // of pieces that the other table does not have
  WholeTokensView whole;
  MergeTables tables;
};

struct MergeOutput {
  uint32_t* ids;  // of misses with more than those that go into a record, in any order
  unsigned long long* n_ids;
  // Numbers of misses that are merged: of short pieces from the first on, of others from the last on. pieces.max_misses.
  uint32_t* merges;
  unsigned long long *n_short_merges, *n_long_merges;
  DocumentFlags flags;
};

// Of a piece that was missed and has more than three ids, in its record: their number, and where they begin.
inline constexpr unsigned kRecordOffsetBits = 38;

// Documents of pieces of more than kMaxWarpPiece bytes are flagged.
cudaError_t MergeMisses(const TextOnDevice& text, const MergeInput& input, const PieceOutput& pieces,
                        const MergeOutput& output, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_MERGE_H_
