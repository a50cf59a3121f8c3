// cuda/stream/slice_device.h: one device that encodes slice after slice, each in a slot of its.
//
// Model: copies in and copies out have a stream each, work has two, which take turns, each with a workspace: what is left of one
// slice and fills no device goes on beside the next slice. Events chain them, so that different slices are copied in, encoded and
// copied out at once. Learning meets no lookups: it waits for the work before it, and the work behind it for it. How many ids
// there are only the device knows: a thread of the host waits for that and then has exactly those copied.
// For each slice: Begin, CopyOut, Wait; or Drain, after an error.
// Threads: any, one a slot at a time. CopyOut and Wait sleep until the device is so far.
#ifndef TOK_CUDA_STREAM_SLICE_DEVICE_H_
#define TOK_CUDA_STREAM_SLICE_DEVICE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "cuda/base/device_memory.h"
#include "cuda/base/stream_handles.h"
#include "cuda/slices/slices.h"
#include "cuda/stream/slot.h"
#include "tok/cuda/device_encoder.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cuda {

struct SliceDeviceOptions {
  int device;
  SliceLimits limits;
  unsigned n_slots;
  bool learns;
};

class SliceDevice {
 public:
  static absl::StatusOr<std::unique_ptr<SliceDevice>> Make(const Tokenizer& tokenizer,
                                                           const SliceDeviceOptions& options);
  ~SliceDevice();
  SliceDevice(const SliceDevice&) = delete;
  SliceDevice& operator=(const SliceDevice&) = delete;

  std::vector<Slot>& slots() { return slots_; }

  // Puts everything up to the ids on the streams. The slot has its sizes, its width and offsets on the host; `text`, which has
  // slot->n_bytes, stays where it is until Wait if it is pinned, or else is copied before by n_threads.
  absl::Status Begin(const char* text, bool is_pinned, unsigned n_threads, const SpecialPolicy& special,
                     Slot* slot);
  // Waits for the number of ids, and puts their copy on its stream.
  absl::Status CopyOut(Slot* slot);
  // Until ids and results are on the host.
  absl::Status Wait(const Slot& slot);
  // Until nothing is in flight, whatever has happened.
  void Drain() const;

 private:
  explicit SliceDevice(const SliceDeviceOptions& options) : options_(options) {}

  struct Worker {
    OwnedStream stream;
    DeviceMemory workspace;
    OwnedEvent is_done;
  };

  absl::Status Fill(const Tokenizer& tokenizer);
  absl::Status CopyIn(const char* text, const Slot& slot) const;
  // With the lock. After an error nothing of the slice is at work any more: events that it did not come to record hold nobody back.
  absl::Status Encode(const SpecialPolicy& special, const Slot& slot);
  absl::Status EncodeBy(const Worker& worker, const SpecialPolicy& special, const Slot& slot, bool learns);
  absl::Status Learn(const DeviceEncoder& encoder, const DeviceBatch& batch, const Worker& worker) const;
  absl::StatusOr<DeviceEncoder> EncoderFor(const SpecialPolicy& special);

  const SliceDeviceOptions options_;
  OwnedStream copies_in_, copies_out_;
  std::vector<Worker> workers_;  // one if there is but one slot
  OwnedEvent is_learned_;        // the last that was to be
  std::vector<Slot> slots_;

  std::mutex mutex_;  // of the order on copies_in_ and the workers' streams, and of all that follows
  // The last policies' encoders, which share their tables; the last used comes last.
  std::vector<std::pair<SpecialPolicy, DeviceEncoder>> encoders_;
  uint64_t n_slices_ = 0;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_STREAM_SLICE_DEVICE_H_
