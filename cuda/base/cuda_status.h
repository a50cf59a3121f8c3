// cuda/base/cuda_status.h: what CUDA reports, as a status.
#ifndef TOK_CUDA_BASE_CUDA_STATUS_H_
#define TOK_CUDA_BASE_CUDA_STATUS_H_

#include <cuda_runtime_api.h>

#include <string_view>

#include "tok/status.h"

namespace tok::cuda {

// OK for cudaSuccess.
inline absl::Status CudaStatus(cudaError_t error, std::string_view what) {
  switch (error) {
    case cudaSuccess: return absl::OkStatus();
    case cudaErrorMemoryAllocation:
      return MakeError(ErrorCode::kLimit, what, "the GPU has too little free memory", "use smaller batches");
    case cudaErrorInsufficientDriver:
      return MakeError(ErrorCode::kUnsupportedFeature, what,
                       "there is no NVIDIA driver here, or one older than this build's CUDA",
                       "update it, or encode on the CPU");
    case cudaErrorNoDevice:
    case cudaErrorInvalidDevice:
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
      return MakeError(ErrorCode::kUnsupportedFeature, what, cudaGetErrorString(error), "encode on the CPU");
    default: return MakeError(ErrorCode::kInternal, what, cudaGetErrorString(error));
  }
}

}  // namespace tok::cuda

#define TOK_RETURN_IF_CUDA_ERROR(expression, what)                                  \
  do {                                                                              \
    const absl::Status cuda_status = ::tok::cuda::CudaStatus((expression), (what)); \
    if (!cuda_status.ok()) return cuda_status;                                      \
  } while (false)

#endif  // TOK_CUDA_BASE_CUDA_STATUS_H_
