#include "cuda/stream/slot.h"

#include <utility>

#include "src/base/status_macros.h"

namespace tok::cuda {

absl::StatusOr<Slot> Slot::Make(const SliceLimits& limits) {
  const size_t offsets_bytes = (limits.n_documents + 1) * sizeof(int64_t);
  const size_t results_bytes = DocumentResults::Bytes(limits.n_documents);
  Slot slot;
  TOK_ASSIGN_OR_RETURN(slot.text, DeviceMemory::Allocate(limits.n_bytes));
  TOK_ASSIGN_OR_RETURN(slot.offsets, DeviceMemory::Allocate(offsets_bytes));
  TOK_ASSIGN_OR_RETURN(slot.ids, DeviceMemory::Allocate(limits.n_bytes * sizeof(TokenId)));
  TOK_ASSIGN_OR_RETURN(slot.results, DeviceMemory::Allocate(results_bytes));
  TOK_ASSIGN_OR_RETURN(slot.offsets_on_host, PinnedMemory::Allocate(offsets_bytes));
  TOK_ASSIGN_OR_RETURN(slot.results_on_host, PinnedMemory::Allocate(results_bytes));
  TOK_ASSIGN_OR_RETURN(slot.report_on_host, PinnedMemory::Allocate(sizeof(DeviceReport)));
  for (OwnedEvent* const event :
       {&slot.is_copied_in, &slot.is_encoded, &slot.is_copied_out, &slot.is_left_alone}) {
    TOK_ASSIGN_OR_RETURN(*event, MakeEvent());
  }
  return slot;
}

absl::Status Slot::ReserveHostIds(size_t id_bytes, size_t most_bytes) {
  if (id_bytes <= ids_on_host.size()) return absl::OkStatus();
  ids_on_host = PinnedMemory();
  TOK_ASSIGN_OR_RETURN(ids_on_host,
                       PinnedMemory::Allocate(id_bytes <= most_bytes / 2 ? most_bytes / 2 : most_bytes));
  return absl::OkStatus();
}

}  // namespace tok::cuda
