// cuda/kernels/emit.h: records of pieces -> ids without gaps, and where the ids of each document begin.
#ifndef TOK_CUDA_KERNELS_EMIT_H_
#define TOK_CUDA_KERNELS_EMIT_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/merge.h"

namespace tok::cuda {

struct EmitInput {
  const uint32_t* starts;
  const int64_t* document_offsets;  // n_documents + 1
  int64_t n_documents;
  const uint32_t* miss_ids;
};

struct EmitOutput {
  uint32_t* ids;
  int64_t* id_offsets;  // n_documents + 1
};

size_t EmitWorkspace(int64_t n_bytes);
// Makes of pieces.tile_ids what lies before each tile; there is room for one more than there are tiles.
cudaError_t EmitIds(const DeviceText& text, const EmitInput& input, const PieceOutput& pieces,
                    const EmitOutput& output, void* workspace, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_EMIT_H_
