// bindings/cuda/cuda_encoder.h: tok::cuda::DeviceEncoder with memory of its own to work in.
//
// Threads: any. Learning waits for all that the device has to do, and others wait for it.
#ifndef TOK_BINDINGS_CUDA_CUDA_ENCODER_H_
#define TOK_BINDINGS_CUDA_CUDA_ENCODER_H_

#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string_view>

#include "bindings/cuda/device_rows.h"
#include "tok/cuda/device_encoder.h"

namespace tok::python {

class CudaEncoder {
 public:
  // On that device, or the current one.
  static absl::StatusOr<std::unique_ptr<CudaEncoder>> Create(const Tokenizer& tokenizer,
                                                             const SpecialPolicy& special,
                                                             std::optional<int> device);
  int device() const { return encoder_.device(); }
  const std::shared_ptr<DeviceMeans>& means() const { return means_; }

  // A copy on the device: of offsets, and of the texts side by side.
  absl::StatusOr<DeviceTexts> Upload(std::span<const std::string_view> texts,
                                     std::span<const int64_t> offsets, cudaStream_t stream) const;
  absl::StatusOr<std::shared_ptr<DeviceBlock>> UploadOffsets(std::span<const int64_t> offsets,
                                                             cudaStream_t stream) const;
  // Puts the work on the stream. With `learns` the encoder remembers the pieces of the batch, and this waits.
  absl::StatusOr<DeviceOutput> Encode(const cuda::DeviceBatch& batch, ItemType type, bool learns,
                                      cudaStream_t stream) const;
  absl::Status ReleaseMemory() const;

 private:
  CudaEncoder(cuda::DeviceEncoder encoder, std::shared_ptr<DeviceMeans> means)
      : encoder_(std::move(encoder)), means_(std::move(means)) {}

  const cuda::DeviceEncoder encoder_;
  const std::shared_ptr<DeviceMeans> means_;
  mutable std::shared_mutex learning_;  // held by whoever learns; shared by whoever puts work on a stream
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_CUDA_ENCODER_H_
