#include "cuda/stream/slice_device.h"

#include <algorithm>

#include "cuda/base/cuda_status.h"
#include "cuda/base/device_scope.h"
#include "cuda/stream/staging.h"
#include "src/base/status_macros.h"

namespace tok::cuda {
namespace {

constexpr std::string_view kWhat = "encoding on a GPU";

// Most of what a text repeats is known after some slices; later a sample of them keeps up with text that changes, and learning,
// which takes about as long as encoding what is new, costs nearly nothing.
constexpr uint64_t kFirstSlicesLearned = 8, kLearnedAfterwards = 16;
bool IsLearned(uint64_t slice) { return slice < kFirstSlicesLearned || slice % kLearnedAfterwards == 0; }

constexpr unsigned kMostWorkers = 2;
constexpr size_t kMostPolicies = 4;  // of callers that change between them

bool IsSame(const SpecialPolicy& a, const SpecialPolicy& b) {
  return a.kind() == b.kind() && std::ranges::equal(a.listed(), b.listed());
}

}  // namespace

absl::StatusOr<std::unique_ptr<SliceDevice>> SliceDevice::Make(const Tokenizer& tokenizer,
                                                               const SliceDeviceOptions& options) {
  const DeviceScope scope(options.device);
  TOK_RETURN_IF_ERROR(scope.status());
  std::unique_ptr<SliceDevice> made(new SliceDevice(options));
  TOK_RETURN_IF_ERROR(made->Fill(tokenizer));
  return made;
}

absl::Status SliceDevice::Fill(const Tokenizer& tokenizer) {
  TOK_ASSIGN_OR_RETURN(copies_in_, MakeStream());
  TOK_ASSIGN_OR_RETURN(copies_out_, MakeStream());
  TOK_ASSIGN_OR_RETURN(is_learned_, MakeEvent());
  const SpecialPolicy special = SpecialPolicy::Error();
  TOK_ASSIGN_OR_RETURN(DeviceEncoder encoder, DeviceEncoder::Create(tokenizer, special));
  const size_t workspace_bytes = encoder.WorkspaceBytes(static_cast<int64_t>(options_.limits.n_bytes),
                                                        static_cast<int64_t>(options_.limits.n_documents));
  workers_.resize(std::min(options_.n_slots, kMostWorkers));
  for (Worker& worker : workers_) {
    TOK_ASSIGN_OR_RETURN(worker.stream, MakeStream());
    TOK_ASSIGN_OR_RETURN(worker.workspace, DeviceMemory::Allocate(workspace_bytes));
    TOK_ASSIGN_OR_RETURN(worker.is_done, MakeEvent());
  }
  encoders_.emplace_back(special, std::move(encoder));
  slots_.reserve(options_.n_slots);
  for (unsigned i = 0; i < options_.n_slots; ++i) {
    TOK_ASSIGN_OR_RETURN(Slot slot, Slot::Make(options_.limits));
    slots_.push_back(std::move(slot));
  }
  return absl::OkStatus();
}

SliceDevice::~SliceDevice() { Drain(); }

void SliceDevice::Drain() const {
  std::vector<const OwnedStream*> streams = {&copies_in_, &copies_out_};
  for (const Worker& worker : workers_) streams.push_back(&worker.stream);
  for (const OwnedStream* const stream : streams) {
    if (*stream != nullptr) cudaStreamSynchronize(stream->get());
  }
}

absl::Status SliceDevice::Begin(const char* text, bool is_pinned, unsigned n_threads,
                                const SpecialPolicy& special, Slot* slot) {
  const DeviceScope scope(options_.device);
  TOK_RETURN_IF_ERROR(scope.status());
  if (!is_pinned) {
    if (slot->text_on_host.size() == 0) {
      TOK_ASSIGN_OR_RETURN(slot->text_on_host, PinnedMemory::Allocate(options_.limits.n_bytes));
    }
    CopyWithThreads({text, slot->n_bytes}, n_threads, slot->text_on_host.get<char>());
    text = slot->text_on_host.get<char>();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  TOK_RETURN_IF_ERROR(CopyIn(text, *slot));
  return Encode(special, *slot);
}

absl::Status SliceDevice::CopyIn(const char* text, const Slot& slot) const {
  const cudaStream_t stream = copies_in_.get();
  // The slice that was in the slot before may still be learned from.
  TOK_RETURN_IF_CUDA_ERROR(cudaStreamWaitEvent(stream, slot.is_left_alone.get(), 0), kWhat);
  if (slot.n_bytes > 0) {
    TOK_RETURN_IF_CUDA_ERROR(
        cudaMemcpyAsync(slot.text.get(), text, slot.n_bytes, cudaMemcpyHostToDevice, stream), kWhat);
  }
  TOK_RETURN_IF_CUDA_ERROR(
      cudaMemcpyAsync(slot.offsets.get(), slot.offsets_on_host.get(),
                      (slot.n_documents + 1) * sizeof(int64_t), cudaMemcpyHostToDevice, stream),
      kWhat);
  return CudaStatus(cudaEventRecord(slot.is_copied_in.get(), stream), kWhat);
}

absl::Status SliceDevice::Encode(const SpecialPolicy& special, const Slot& slot) {
  const uint64_t number = n_slices_++;
  const Worker& worker = workers_[number % workers_.size()];
  const absl::Status status = EncodeBy(worker, special, slot, options_.learns && IsLearned(number));
  if (!status.ok()) cudaStreamSynchronize(worker.stream.get());
  return status;
}

absl::Status SliceDevice::EncodeBy(const Worker& worker, const SpecialPolicy& special, const Slot& slot,
                                   bool learns) {
  TOK_ASSIGN_OR_RETURN(const DeviceEncoder encoder, EncoderFor(special));
  const DeviceBatch batch = {slot.text.get<char>(), static_cast<int64_t>(slot.n_bytes),
                             slot.offsets.get<int64_t>(), static_cast<int64_t>(slot.n_documents)};
  const DocumentResults results = slot.device_results();
  const DeviceIds ids = {slot.ids.get(),     slot.width,       static_cast<int64_t>(options_.limits.n_bytes),
                         results.id_offsets, results.statuses, slot.report()};
  const cudaStream_t stream = worker.stream.get();
  for (const OwnedEvent* const event : {&slot.is_copied_in, &std::as_const(is_learned_)})
    TOK_RETURN_IF_CUDA_ERROR(cudaStreamWaitEvent(stream, event->get(), 0), kWhat);
  TOK_RETURN_IF_ERROR(encoder.Encode(batch, ids, worker.workspace.get(), stream));
  TOK_RETURN_IF_CUDA_ERROR(cudaEventRecord(slot.is_encoded.get(), stream), kWhat);
  if (learns) TOK_RETURN_IF_ERROR(Learn(encoder, batch, worker));
  for (const OwnedEvent* const event : {&worker.is_done, &slot.is_left_alone})
    TOK_RETURN_IF_CUDA_ERROR(cudaEventRecord(event->get(), stream), kWhat);
  return absl::OkStatus();
}

absl::Status SliceDevice::Learn(const DeviceEncoder& encoder, const DeviceBatch& batch,
                                const Worker& worker) const {
  const cudaStream_t stream = worker.stream.get();
  for (const Worker& other : workers_)
    TOK_RETURN_IF_CUDA_ERROR(cudaStreamWaitEvent(stream, other.is_done.get(), 0), kWhat);
  TOK_RETURN_IF_ERROR(encoder.Learn(batch, worker.workspace.get(), stream));
  return CudaStatus(cudaEventRecord(is_learned_.get(), stream), kWhat);
}

absl::StatusOr<DeviceEncoder> SliceDevice::EncoderFor(const SpecialPolicy& special) {
  const auto found =
      std::ranges::find_if(encoders_, [&](const auto& known) { return IsSame(known.first, special); });
  if (found != encoders_.end()) {
    std::rotate(found, found + 1, encoders_.end());
    return encoders_.back().second;
  }
  TOK_ASSIGN_OR_RETURN(DeviceEncoder encoder, encoders_.back().second.WithSpecial(special));
  if (encoders_.size() == kMostPolicies) {
    // The work may use what goes with it.
    for (const Worker& worker : workers_)
      TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(worker.stream.get()), kWhat);
    encoders_.erase(encoders_.begin());
  }
  encoders_.emplace_back(special, encoder);
  return encoder;
}

absl::Status SliceDevice::CopyOut(Slot* slot) {
  const DeviceScope scope(options_.device);
  TOK_RETURN_IF_ERROR(scope.status());
  TOK_RETURN_IF_CUDA_ERROR(cudaEventSynchronize(slot->is_encoded.get()), kWhat);
  const DeviceReport report = *slot->report();
  if (report.has_bad_offsets != 0 || report.n_ids < 0 || report.n_ids > static_cast<int64_t>(slot->n_bytes)) {
    return MakeError(ErrorCode::kInternal, kWhat, "its report is not one of the slice");
  }
  const size_t id_bytes = static_cast<size_t>(slot->width);
  const size_t n_bytes = static_cast<size_t>(report.n_ids) * id_bytes;
  TOK_RETURN_IF_ERROR(slot->ReserveHostIds(n_bytes, options_.limits.n_bytes * sizeof(TokenId)));
  // The work is done: nothing is to be waited for on the device.
  const cudaStream_t stream = copies_out_.get();
  TOK_RETURN_IF_CUDA_ERROR(
      cudaMemcpyAsync(slot->results_on_host.get(), slot->results.get(),
                      DocumentResults::Bytes(slot->n_documents), cudaMemcpyDeviceToHost, stream),
      kWhat);
  if (n_bytes > 0) {
    TOK_RETURN_IF_CUDA_ERROR(
        cudaMemcpyAsync(slot->ids_on_host.get(), slot->ids.get(), n_bytes, cudaMemcpyDeviceToHost, stream),
        kWhat);
  }
  return CudaStatus(cudaEventRecord(slot->is_copied_out.get(), stream), kWhat);
}

absl::Status SliceDevice::Wait(const Slot& slot) {
  return CudaStatus(cudaEventSynchronize(slot.is_copied_out.get()), kWhat);
}

}  // namespace tok::cuda
