// cuda/stream/stream_run.h: one call of the encoder: its slices through the devices, and their ids to the sink.
//
// Model: slices pass four stages, each at once with the others': begun (cut, copied to pinned memory, put on a device's streams),
// copied out when their ids can be counted, finished with what the host encodes, delivered in order. What the host encodes
// alone is encoded when its turn to be delivered comes. The first error in this order ends the call, when nothing is in flight.
// Threads: some that wait for devices most of the time, and the pool's for the host's work. A thread that waits for a slot keeps no
// other from delivering, so that calls side by side do not wait for each other forever.
#ifndef TOK_CUDA_STREAM_STREAM_RUN_H_
#define TOK_CUDA_STREAM_STREAM_RUN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cuda/slices/chunk_writer.h"
#include "cuda/slices/host_documents.h"
#include "cuda/slices/slices.h"
#include "cuda/stream/slot_pool.h"
#include "src/base/parallel_pipeline.h"
#include "tok/batch_encoder.h"
#include "tok/status.h"

namespace tok::cuda {

// Of an encoder, for all its calls.
struct StreamContext {
  const Tokenizer& tokenizer;
  BatchEncoder* cpu;  // of the same tokenizer
  SlotPool* slots;
  SliceLimits limits;
  unsigned n_threads;
};

class StreamRun {
 public:
  // Batch and options are checked, and such that the devices do.
  StreamRun(const StreamContext& context, const DocumentBatch& batch, const BatchOptions& options,
            const IdChunkSink& sink);

  absl::Status Run();

 private:
  struct Item : PipelineItem {
    Slice slice;
    std::optional<SlotPool::Lease> lease;  // none for the host's
    std::vector<HostDocument> host_documents;
    absl::Status status;
  };
  static constexpr size_t kNone = SIZE_MAX;

  // Keeps what the work throws for Run to throw, and ends the call. (A pipeline that is thrown out of keeps its slices, and with them
  // slots that another call may wait for, until all of its threads are back.)
  void Guarded(const std::function<void()>& work);
  std::unique_ptr<Item> Begin();
  absl::Status BeginOnDevice(Item* item);
  absl::Status CopyOut(Item* item);
  absl::Status FinishOnHost(Item* item);
  absl::Status Deliver(const Item& item);
  absl::Status DeliverFromDevice(const Item& item);
  absl::Status DeliverFromHost(const Slice& slice);
  // Parts that come behind this one have no document any more.
  void Fail(const Slice& part);
  bool Continues(const Slice& slice) const { return BytesBeforeSlice(batch_, slice, 0) > 0; }
  bool GoesOn();

  const StreamContext context_;
  const DocumentBatch batch_;
  const std::function<bool()> goes_on_;  // the caller's
  BatchOptions options_;
  const IdChunkSink& sink_;
  const bool is_pinned_;

  // Of the thread that begins slices.
  SliceSource slices_;
  size_t begun_part_ = kNone;  // its document, if the last slice was a part

  // Of the thread that delivers.
  ChunkWriter<TokenId> chunks_;
  ChunkWriter<uint16_t> narrow_chunks_;
  absl::Status status_;

  std::atomic<bool> is_over_ = false;            // no more slices are wanted
  std::atomic<size_t> failed_document_ = kNone;  // the last that was in parts
  std::mutex goes_on_mutex_;
  bool has_stopped_ = false;
  std::mutex exception_mutex_;
  std::exception_ptr exception_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_STREAM_STREAM_RUN_H_
