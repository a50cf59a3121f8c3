// cuda/stream/slot.h: memory for one slice on its way to a device and back, and the events of that way.
#ifndef TOK_CUDA_STREAM_SLOT_H_
#define TOK_CUDA_STREAM_SLOT_H_

#include <cstddef>
#include <cstdint>

#include "cuda/base/device_memory.h"
#include "cuda/base/stream_handles.h"
#include "cuda/slices/slices.h"
#include "tok/cuda/device_batch.h"
#include "tok/status.h"

namespace tok::cuda {

// What a device says of n documents beside their ids: one copy brings both.
struct DocumentResults {
  int64_t* id_offsets;  // n + 1
  DocumentStatus* statuses;

  static size_t Bytes(size_t n_documents) { return (n_documents + 1) * sizeof(int64_t) + n_documents; }
  static DocumentResults At(void* memory, size_t n_documents) {
    auto* const offsets = static_cast<int64_t*>(memory);
    return {offsets, reinterpret_cast<DocumentStatus*>(offsets + n_documents + 1)};
  }
};

struct Slot {
  // On the current device. The host's memory for text is left for when it is needed.
  static absl::StatusOr<Slot> Make(const SliceLimits& limits);

  // With room for id_bytes; what was there is lost. `most_bytes`: taken at once where the first half of it is too little.
  absl::Status ReserveHostIds(size_t id_bytes, size_t most_bytes);

  DocumentResults device_results() const { return DocumentResults::At(results.get(), n_documents); }
  DocumentResults host_results() const { return DocumentResults::At(results_on_host.get(), n_documents); }
  DeviceReport* report() const { return report_on_host.get<DeviceReport>(); }

  DeviceMemory text, offsets, ids, results;
  PinnedMemory text_on_host, offsets_on_host, ids_on_host, results_on_host;
  // The device writes it here itself: a copy would wait behind the ids of the slice before, and so the host, which must know their
  // number before it can have them copied.
  PinnedMemory report_on_host;
  OwnedEvent is_copied_in, is_encoded, is_copied_out;
  OwnedEvent
      is_left_alone;  // by the work on the device, which may learn from the text when the ids are long out

  // Of the slice that is on its way.
  size_t n_bytes = 0, n_documents = 0;
  IdWidth width = IdWidth::k32;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_STREAM_SLOT_H_
