// cuda/kernels/cut.h: pieces -> shorter pieces of the same ids: cut where no token reaches across.
//
// Model: tables/join_bits.h, of characters of three bytes: a sentence of Chinese or Japanese falls into parts that the table has.
// Only for tokenizers whose parts are encoded as pieces are: those without tokens that merges do not reach.
#ifndef TOK_CUDA_KERNELS_CUT_H_
#define TOK_CUDA_KERNELS_CUT_H_

#include <cuda_runtime_api.h>

#include "cuda/kernels/split.h"
#include "cuda/tables/join_bits.h"

namespace tok::cuda {

// Adds to `starts`.
cudaError_t CutPieces(const DeviceText& text, const JoinBitsView& joins, uint32_t* starts,
                      cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_CUT_H_
