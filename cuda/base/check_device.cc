#include "cuda/base/check_device.h"

#include <cuda_runtime_api.h>

#include "cuda/base/cuda_status.h"
#include "src/base/strings.h"

namespace tok::cuda {

absl::Status CheckDevice() {
  int device, major, minor;
  TOK_RETURN_IF_CUDA_ERROR(cudaGetDevice(&device), "a GPU");
  TOK_RETURN_IF_CUDA_ERROR(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
                           "a GPU");
  TOK_RETURN_IF_CUDA_ERROR(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device),
                           "a GPU");
  if (10 * major + minor >= TOK_CUDA_CAPABILITY) return absl::OkStatus();
  return MakeError(ErrorCode::kUnsupportedFeature, "a GPU",
                   Concat("device ", device, " has compute capability ", major, ".", minor,
                          ", this build needs ", TOK_CUDA_CAPABILITY / 10, ".", TOK_CUDA_CAPABILITY % 10),
                   "encode on the CPU");
}

}  // namespace tok::cuda
