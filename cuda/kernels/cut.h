// cuda/kernels/cut.h: pieces -> shorter pieces of the same ids: cut where no token reaches across.
//
// Model: tables/join_bits.h, of characters of three bytes: a sentence of Chinese or Japanese falls into parts that the table has.
// What is cut is a part, not a piece: a token that merges do not reach is no part.
#ifndef TOK_CUDA_KERNELS_CUT_H_
#define TOK_CUDA_KERNELS_CUT_H_

#include <cuda_runtime_api.h>

#include "cuda/kernels/device_text.h"
#include "cuda/tables/join_bits.h"

namespace tok::cuda {

struct CutOutput {
  uint32_t* starts;  // bits, added to
  uint32_t* cuts;    // those that were added, and no others
};

cudaError_t CutPieces(const TextOnDevice& text, const JoinBitsView& joins, const CutOutput& output,
                      cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_CUT_H_
