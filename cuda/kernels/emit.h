// cuda/kernels/emit.h: records of pieces -> ids without gaps, and where the ids of each document begin.
#ifndef TOK_CUDA_KERNELS_EMIT_H_
#define TOK_CUDA_KERNELS_EMIT_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/merge.h"
#include "cuda/kernels/prepare.h"
#include "tok/cuda/device_batch.h"

namespace tok::cuda {

struct EmitInput {
  const uint32_t* starts;
  const uint32_t* miss_ids;
  const uint32_t* document_statuses;
  const Counters* counters;
};

size_t EmitWorkspace(int64_t max_places);
// Makes of pieces.tile_ids what lies before each tile. Documents' statuses and the report too.
cudaError_t EmitIds(const TextOnDevice& text, int64_t n_documents, const EmitInput& input,
                    const PieceOutput& pieces, const DeviceIds& output, void* workspace, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_EMIT_H_
