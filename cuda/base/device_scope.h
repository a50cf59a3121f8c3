// cuda/base/device_scope.h: another device is the thread's current one for a while.
#ifndef TOK_CUDA_BASE_DEVICE_SCOPE_H_
#define TOK_CUDA_BASE_DEVICE_SCOPE_H_

#include <cuda_runtime_api.h>

#include "cuda/base/cuda_status.h"

namespace tok::cuda {

class DeviceScope {
 public:
  explicit DeviceScope(int device) {
    error_ = cudaGetDevice(&before_);
    if (error_ != cudaSuccess || before_ == device) return;
    error_ = cudaSetDevice(device);
    is_changed_ = error_ == cudaSuccess;
  }
  ~DeviceScope() {
    if (is_changed_) cudaSetDevice(before_);
  }
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;

  absl::Status status() const { return CudaStatus(error_, "a GPU"); }

 private:
  int before_ = 0;
  bool is_changed_ = false;
  cudaError_t error_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_BASE_DEVICE_SCOPE_H_
