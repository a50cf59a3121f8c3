// cuda/kernels/amend.h: records of pieces that are known by other means: an added token has its id, a flagged document has none.
#ifndef TOK_CUDA_KERNELS_AMEND_H_
#define TOK_CUDA_KERNELS_AMEND_H_

#include <cuda_runtime_api.h>

#include "cuda/kernels/matches.h"
#include "cuda/kernels/pieces.h"

namespace tok::cuda {

cudaError_t GiveMatchesTheirIds(const MatchOutput& found, const uint32_t* starts, const PieceOutput& pieces,
                                cudaStream_t stream);
// When no more are flagged.
cudaError_t DropFlagged(const TextOnDevice& text, const uint32_t* starts, const PieceOutput& pieces,
                        cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_AMEND_H_
