#include "bindings/cuda/device_block.h"

#include <algorithm>

#include "cuda/base/cuda_status.h"

namespace tok::python {

using cuda::CudaStatus;

absl::Status WaitOnDevice(cudaStream_t earlier, cudaStream_t later) {
  if (earlier == later) return absl::OkStatus();
  cudaEvent_t event = nullptr;
  TOK_RETURN_IF_CUDA_ERROR(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "a stream");
  cudaError_t error = cudaEventRecord(event, earlier);
  if (error == cudaSuccess) error = cudaStreamWaitEvent(later, event, 0);
  cudaEventDestroy(event);  // which CUDA does when nothing waits for it any more
  return CudaStatus(error, "a stream");
}

DeviceBlock::~DeviceBlock() {
  if (data_ == nullptr) return;
  // There is nobody to tell of errors: at the end of the process the device takes all memory back.
  const cuda::DeviceScope on_device(device_);
  for (const cudaStream_t other : others_) (void)WaitOnDevice(other, stream_);
  cudaFreeAsync(data_, stream_);
}

void DeviceBlock::RecordStream(cudaStream_t stream) {
  const std::lock_guard lock(mutex_);
  if (stream != stream_ && std::ranges::find(others_, stream) == others_.end()) others_.push_back(stream);
}

absl::StatusOr<std::unique_ptr<DevicePool>> DevicePool::Create(int device) {
  cudaMemPoolProps properties = {};
  properties.allocType = cudaMemAllocationTypePinned;
  properties.location = {.type = cudaMemLocationTypeDevice, .id = device};
  cudaMemPool_t pool = nullptr;
  TOK_RETURN_IF_CUDA_ERROR(cudaMemPoolCreate(&pool, &properties), "memory of a GPU");
  std::unique_ptr<DevicePool> made(new DevicePool(device, pool));
  uint64_t kept = UINT64_MAX;  // asking the device for memory again takes longer than encoding in it
  TOK_RETURN_IF_CUDA_ERROR(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &kept),
                           "memory of a GPU");
  return made;
}

DevicePool::~DevicePool() { cudaMemPoolDestroy(pool_); }

absl::StatusOr<std::shared_ptr<DeviceBlock>> DevicePool::Allocate(size_t n_bytes, cudaStream_t stream) const {
  void* data = nullptr;
  if (n_bytes > 0)
    TOK_RETURN_IF_CUDA_ERROR(cudaMallocFromPoolAsync(&data, n_bytes, pool_, stream), "memory of a batch");
  return std::make_shared<DeviceBlock>(data, device_, stream);
}

absl::Status DevicePool::Trim() const { return CudaStatus(cudaMemPoolTrimTo(pool_, 0), "memory of a GPU"); }

}  // namespace tok::python
