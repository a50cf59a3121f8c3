#include "bindings/cuda/cuda_encoder.h"

#include <mutex>
#include <utility>
#include <vector>

#include "cuda/base/cuda_status.h"

namespace tok::python {
namespace {

std::string_view BytesOf(std::span<const int64_t> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<CudaEncoder>> CudaEncoder::Create(const Tokenizer& tokenizer,
                                                                 const SpecialPolicy& special,
                                                                 std::optional<int> device) {
  int chosen = device.value_or(0);
  if (!device) TOK_RETURN_IF_CUDA_ERROR(cudaGetDevice(&chosen), "a GPU");
  const cuda::DeviceScope on_device(chosen);
  if (!on_device.status().ok()) return on_device.status();
  absl::StatusOr<cuda::DeviceEncoder> encoder = cuda::DeviceEncoder::Create(tokenizer, special);
  if (!encoder.ok()) return encoder.status();
  absl::StatusOr<std::unique_ptr<DevicePool>> pool = DevicePool::Create(chosen);
  if (!pool.ok()) return pool.status();
  auto means = std::make_shared<DeviceMeans>();
  means->pool = *std::move(pool);
  return std::unique_ptr<CudaEncoder>(new CudaEncoder(*std::move(encoder), std::move(means)));
}

absl::StatusOr<std::shared_ptr<DeviceBlock>> CudaEncoder::UploadOffsets(std::span<const int64_t> offsets,
                                                                        cudaStream_t stream) const {
  const cuda::DeviceScope on_device(device());
  if (!on_device.status().ok()) return on_device.status();
  auto block = means_->pool->Allocate(offsets.size_bytes(), stream);
  if (!block.ok()) return block;
  const std::string_view bytes = BytesOf(offsets);
  const absl::Status status =
      means_->uploader.Upload(std::span(&bytes, 1), static_cast<char*>((*block)->data()), stream);
  if (!status.ok()) return status;
  return block;
}

absl::StatusOr<DeviceTexts> CudaEncoder::Upload(std::span<const std::string_view> texts,
                                                std::span<const int64_t> offsets, cudaStream_t stream) const {
  const cuda::DeviceScope on_device(device());
  if (!on_device.status().ok()) return on_device.status();
  std::vector<std::string_view> pieces = {BytesOf(offsets)};  // first, where they are aligned
  pieces.insert(pieces.end(), texts.begin(), texts.end());
  size_t n_bytes = 0;
  for (const std::string_view piece : pieces) n_bytes += piece.size();
  const auto block = means_->pool->Allocate(n_bytes, stream);
  if (!block.ok()) return block.status();
  char* const data = static_cast<char*>((*block)->data());
  const absl::Status status = means_->uploader.Upload(pieces, data, stream);
  if (!status.ok()) return status;
  DeviceTexts uploaded;
  uploaded.batch = {.text = data + offsets.size_bytes(),
                    .max_text_bytes = static_cast<int64_t>(n_bytes - offsets.size_bytes()),
                    .offsets = reinterpret_cast<const int64_t*>(data),
                    .n_documents = static_cast<int64_t>(offsets.size()) - 1};
  uploaded.uploaded = *block;
  return uploaded;
}

absl::StatusOr<DeviceOutput> CudaEncoder::Encode(const cuda::DeviceBatch& batch, ItemType type, bool learns,
                                                 cudaStream_t stream) const {
  const cuda::DeviceScope on_device(device());
  if (!on_device.status().ok()) return on_device.status();
  absl::Status status;  // of the first allocation that failed
  const auto allocate = [&](size_t n_bytes) -> std::shared_ptr<DeviceBlock> {
    if (!status.ok()) return nullptr;
    auto block = means_->pool->Allocate(n_bytes, stream);
    status = block.status();
    return block.ok() ? *std::move(block) : nullptr;
  };
  // Launches are checked by asking for the last error, which may be that of a call which failed before: of an allocation, say.
  (void)cudaGetLastError();
  const auto n_documents = static_cast<size_t>(batch.n_documents);
  const auto n_text_bytes = static_cast<size_t>(batch.max_text_bytes);
  DeviceOutput output = {
      {allocate(n_text_bytes * type.n_bytes), batch.max_text_bytes, type},
      {allocate((n_documents + 1) * sizeof(int64_t)), batch.n_documents + 1, kInt64},
      {allocate(n_documents), batch.n_documents, kUint8},
      allocate(sizeof(cuda::DeviceReport)),
  };
  const std::shared_ptr<DeviceBlock> workspace =
      allocate(encoder_.WorkspaceBytes(batch.max_text_bytes, batch.n_documents));
  if (!status.ok()) return status;
  const cuda::DeviceIds ids = {
      .ids = output.ids.data(),
      .width = type.n_bytes == 2 ? cuda::IdWidth::k16 : cuda::IdWidth::k32,
      .max_ids = batch.max_text_bytes,
      .offsets = output.offsets.data<int64_t>(),
      .statuses = output.statuses.data<cuda::DocumentStatus>(),
      .report = static_cast<cuda::DeviceReport*>(output.report->data()),
  };
  if (!learns) {
    const std::shared_lock lock(learning_);
    status = encoder_.Encode(batch, ids, workspace->data(), stream);
  } else {
    // Nothing else may use the tables meanwhile: neither what others put on their streams before nor what they will.
    const std::unique_lock lock(learning_);
    TOK_RETURN_IF_CUDA_ERROR(cudaDeviceSynchronize(), "learning on a GPU");
    status = encoder_.Encode(batch, ids, workspace->data(), stream);
    if (status.ok()) status = encoder_.Learn(batch, workspace->data(), stream);
    TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(stream), "learning on a GPU");
  }
  if (!status.ok()) return status;
  return output;
}

absl::Status CudaEncoder::ReleaseMemory() const {
  const cuda::DeviceScope on_device(device());
  if (!on_device.status().ok()) return on_device.status();
  // What was given back in the order of a stream is free when the stream has come there.
  TOK_RETURN_IF_CUDA_ERROR(cudaDeviceSynchronize(), "memory of a GPU");
  return means_->pool->Trim();
}

}  // namespace tok::python
