// cuda/base/device_memory.h: memory that CUDA gave, released with its owner.
#ifndef TOK_CUDA_BASE_DEVICE_MEMORY_H_
#define TOK_CUDA_BASE_DEVICE_MEMORY_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <span>
#include <utility>

#include "cuda/base/cuda_status.h"

namespace tok::cuda {

// Bytes of the current device's memory, or of the host's that it copies from and to at full speed.
template <cudaError_t (*kAllocate)(void**, size_t), cudaError_t (*kFree)(void*)>
class CudaMemory {
 public:
  CudaMemory() = default;
  ~CudaMemory() { kFree(data_); }
  CudaMemory(CudaMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), n_bytes_(std::exchange(other.n_bytes_, 0)) {}
  CudaMemory& operator=(CudaMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(n_bytes_, other.n_bytes_);
    return *this;
  }

  static absl::StatusOr<CudaMemory> Allocate(size_t n_bytes) {
    CudaMemory memory;
    if (n_bytes == 0) return memory;
    const cudaError_t error = kAllocate(&memory.data_, n_bytes);
    if (error != cudaSuccess) {
      cudaGetLastError();  // said here, and to no later call
      return CudaStatus(error, "memory of a batch");
    }
    memory.n_bytes_ = n_bytes;
    return memory;
  }

  template <typename T = void>
  T* get() const {
    return static_cast<T*>(data_);
  }
  size_t size() const { return n_bytes_; }

 private:
  void* data_ = nullptr;
  size_t n_bytes_ = 0;
};

inline cudaError_t AllocateDevice(void** data, size_t n_bytes) { return cudaMalloc(data, n_bytes); }
inline cudaError_t AllocatePinned(void** data, size_t n_bytes) {
  return cudaHostAlloc(data, n_bytes, cudaHostAllocPortable);
}

using DeviceMemory = CudaMemory<AllocateDevice, cudaFree>;
using PinnedMemory = CudaMemory<AllocatePinned, cudaFreeHost>;

// A copy on the device, there when this returns.
template <typename T>
absl::StatusOr<DeviceMemory> Upload(std::span<const T> values) {
  absl::StatusOr<DeviceMemory> memory = DeviceMemory::Allocate(values.size_bytes());
  if (!memory.ok()) return memory.status();
  TOK_RETURN_IF_CUDA_ERROR(
      cudaMemcpy(memory->get(), values.data(), values.size_bytes(), cudaMemcpyHostToDevice), "a table");
  // A copy of pageable memory returns before it has arrived, and only the default stream's work would wait for it.
  TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(cudaStreamLegacy), "a table");
  return memory;
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_BASE_DEVICE_MEMORY_H_
