#include "bindings/cuda/uploader.h"

#include <algorithm>
#include <cstring>

namespace tok::python {
namespace {

constexpr size_t kSlotBytes = size_t{16} << 20;  // which the bus needs a third of a millisecond for

}  // namespace

Uploader::~Uploader() {
  for (const Slot& slot : slots_) {
    if (slot.copied == nullptr) continue;
    cudaEventSynchronize(slot.copied);
    cudaEventDestroy(slot.copied);
  }
}

absl::Status Uploader::Open(Slot* slot) {
  if (slot->copied == nullptr) {
    auto memory = cuda::PinnedMemory::Allocate(kSlotBytes);
    if (!memory.ok()) return memory.status();
    slot->memory = *std::move(memory);
    TOK_RETURN_IF_CUDA_ERROR(cudaEventCreateWithFlags(&slot->copied, cudaEventDisableTiming), "copying text");
  }
  slot->n_filled = 0;
  return cuda::CudaStatus(cudaEventSynchronize(slot->copied), "copying text");
}

absl::Status Uploader::Upload(std::span<const std::string_view> pieces, char* to, cudaStream_t stream) {
  const std::lock_guard lock(mutex_);
  Slot* slot = nullptr;
  const auto send = [&]() -> absl::Status {
    TOK_RETURN_IF_CUDA_ERROR(
        cudaMemcpyAsync(to, slot->memory.get(), slot->n_filled, cudaMemcpyHostToDevice, stream),
        "copying text");
    TOK_RETURN_IF_CUDA_ERROR(cudaEventRecord(slot->copied, stream), "copying text");
    to += slot->n_filled;
    slot = nullptr;
    return absl::OkStatus();
  };
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      if (slot == nullptr) {
        slot = &slots_[next_++ % slots_.size()];
        if (const absl::Status status = Open(slot); !status.ok()) return status;
      }
      const size_t n = std::min(piece.size(), kSlotBytes - slot->n_filled);
      std::memcpy(slot->memory.get<char>() + slot->n_filled, piece.data(), n);
      slot->n_filled += n;
      piece.remove_prefix(n);
      if (slot->n_filled == kSlotBytes) {
        if (const absl::Status status = send(); !status.ok()) return status;
      }
    }
  }
  return slot == nullptr ? absl::OkStatus() : send();
}

}  // namespace tok::python
