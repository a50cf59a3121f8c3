// bindings/cuda/device_block.h: a device's memory, taken and given back in the order of a stream, without waiting.
//
// Model: as CUDA's stream-ordered allocator has it. A block may be used by what is put on its stream after it was allocated, and goes
// back to its pool behind what is on the stream when its last owner lets go of it, from any thread. So the stream outlives the block.
#ifndef TOK_BINDINGS_CUDA_DEVICE_BLOCK_H_
#define TOK_BINDINGS_CUDA_DEVICE_BLOCK_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "cuda/base/device_scope.h"
#include "tok/status.h"

namespace tok::python {

// A stream by the number that Python has for it, its handle: 1, and 0 too, is the legacy default stream. Always the same handle
// for the same stream.
inline cudaStream_t StreamOf(uint64_t number) {
  return number == 0 ? cudaStreamLegacy : reinterpret_cast<cudaStream_t>(number);
}
inline uint64_t NumberOf(cudaStream_t stream) { return reinterpret_cast<uint64_t>(stream); }

// What is put on `later` from now on waits for what is on `earlier` now; both are of the current device.
absl::Status WaitOnDevice(cudaStream_t earlier, cudaStream_t later);

class DeviceBlock {
 public:
  // Takes over what cudaMallocAsync gave.
  DeviceBlock(void* data, int device, cudaStream_t stream) : data_(data), device_(device), stream_(stream) {}
  ~DeviceBlock();
  DeviceBlock(const DeviceBlock&) = delete;
  DeviceBlock& operator=(const DeviceBlock&) = delete;

  void* data() const { return data_; }
  int device() const { return device_; }
  cudaStream_t stream() const { return stream_; }
  // The block goes back behind what is then on `stream`, too, which outlives the block.
  void RecordStream(cudaStream_t stream);

 private:
  void* const data_;  // null: of no bytes
  const int device_;
  const cudaStream_t stream_;
  std::mutex mutex_;  // of what follows
  std::vector<cudaStream_t> others_;
};

// The current device's memory that one encoder works with. Keeps what was given back, until it is trimmed or gone; blocks may outlive
// it. Threads: any.
class DevicePool {
 public:
  static absl::StatusOr<std::unique_ptr<DevicePool>> Create(int device);
  ~DevicePool();
  DevicePool(const DevicePool&) = delete;
  DevicePool& operator=(const DevicePool&) = delete;

  absl::StatusOr<std::shared_ptr<DeviceBlock>> Allocate(size_t n_bytes, cudaStream_t stream) const;
  // Gives back to the device what no block has.
  absl::Status Trim() const;

 private:
  DevicePool(int device, cudaMemPool_t pool) : device_(device), pool_(pool) {}
  const int device_;
  const cudaMemPool_t pool_;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_DEVICE_BLOCK_H_
