// cuda/kernels/learn.h: pieces that were missed -> the tables, so that they are found the next time.
//
// Ids do not depend on what the tables hold, only time does. A piece goes into an empty home of its own or nowhere. Nothing may look
// pieces up meanwhile.
#ifndef TOK_CUDA_KERNELS_LEARN_H_
#define TOK_CUDA_KERNELS_LEARN_H_

#include <cuda_runtime_api.h>

#include "cuda/kernels/merge.h"

namespace tok::cuda {

struct LearnOutput {
  PieceSlot<16>* slots;
  PieceSlot<32>* longer_slots;
};

// After MergeMisses with the same arguments; `table`: the one of FindPieces. Pieces of flagged documents are not learned.
cudaError_t LearnMisses(const TextOnDevice& text, const MergeInput& input, const PieceTableView<16>& table,
                        const PieceOutput& pieces, const uint32_t* miss_ids, const LearnOutput& output,
                        cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_LEARN_H_
