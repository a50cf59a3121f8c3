#include "cuda/stream/stream_run.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "cuda/stream/staging.h"
#include "src/base/status_macros.h"
#include "src/encode/batch_support.h"
#include "src/encode/document_jobs.h"

namespace tok::cuda {
namespace {

constexpr size_t kMaxChunkIds = size_t{4} << 20;  // as the CPU's

size_t BytesOf(const DocumentBatch& batch) {
  return static_cast<size_t>(batch.offsets.back() - batch.offsets.front());
}

std::string_view TextOf(const DocumentBatch& batch) {
  return {batch.text + batch.offsets.front(), BytesOf(batch)};
}

}  // namespace

StreamRun::StreamRun(const StreamContext& context, const DocumentBatch& batch, const BatchOptions& options,
                     const IdChunkSink& sink)
    : context_(context),
      batch_(batch),
      goes_on_(options.goes_on),
      options_(options),
      sink_(sink),
      is_pinned_(IsPinned(TextOf(batch))),
      slices_(batch, context.limits,
              [this](std::string_view document) {
                return FindCuts(context_.tokenizer, document, options_, context_.limits.n_bytes,
                                context_.n_threads);
              }),
      chunks_(kMaxChunkIds, sink),
      narrow_chunks_(kMaxChunkIds, sink) {
  if (goes_on_) options_.goes_on = [this] { return GoesOn(); };
}

// Several stages ask, the caller is to be asked by one thread at a time, and not again once it has said stop.
bool StreamRun::GoesOn() {
  const std::lock_guard<std::mutex> lock(goes_on_mutex_);
  has_stopped_ = has_stopped_ || !goes_on_();
  return !has_stopped_;
}

absl::Status StreamRun::Run() {
  using Stage = absl::Status (StreamRun::*)(Item*);
  const auto stage = [this](Stage work) {
    return [this, work](PipelineItem* travelling) {
      Item* const item = static_cast<Item*>(travelling);
      if (!item->status.ok() || is_over_) return;
      Guarded([&] { item->status = (this->*work)(item); });
    };
  };
  const auto deliver = [this](PipelineItem* travelling) {
    const Item& item = *static_cast<Item*>(travelling);
    if (is_over_) return;
    Guarded([&] { status_ = item.status.ok() ? Deliver(item) : item.status; });
    if (!status_.ok()) is_over_ = true;
  };
  using Kind = PipelineStage::Kind;
  const std::vector<PipelineStage> stages = {{Kind::kSerialInOrder, stage(&StreamRun::CopyOut)},
                                             {Kind::kParallel, stage(&StreamRun::FinishOnHost)},
                                             {Kind::kSerialInOrder, deliver}};
  // One for what begins them. A batch of one slice is the caller's alone.
  const auto n_threads = static_cast<unsigned>(stages.size()) + 1;
  const size_t n_slices =
      BytesOf(batch_) / context_.limits.n_bytes + batch_.size() / context_.limits.n_documents + 1;
  const auto begin = [this] {
    std::unique_ptr<Item> item;
    if (!is_over_) Guarded([&] { item = Begin(); });
    return item;
  };
  RunPipeline(n_threads, std::min(context_.slots->size(), n_slices), begin, stages);
  if (exception_) std::rethrow_exception(exception_);
  return status_;
}

void StreamRun::Guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (...) {
    const std::lock_guard<std::mutex> lock(exception_mutex_);
    if (!exception_) exception_ = std::current_exception();
    is_over_ = true;
  }
}

std::unique_ptr<StreamRun::Item> StreamRun::Begin() {
  if (begun_part_ != kNone && begun_part_ == failed_document_) slices_.LeaveOutTheRest();
  auto item = std::make_unique<Item>();
  if (!slices_.Next(&item->slice)) return nullptr;
  begun_part_ = item->slice.is_part ? item->slice.first_document : kNone;
  item->status = AskWhetherToGoOn(options_);
  if (item->status.ok() && !item->slice.is_for_host) item->status = BeginOnDevice(item.get());
  return item;
}

absl::Status StreamRun::BeginOnDevice(Item* item) {
  context_.slots->LendTo(&item->lease);
  const Slice& slice = item->slice;
  Slot* const slot = item->lease->slot();
  slot->n_bytes = slice.n_bytes();
  slot->n_documents = slice.n_documents;
  slot->width = options_.narrow_ids ? IdWidth::k16 : IdWidth::k32;
  int64_t* const offsets = slot->offsets_on_host.get<int64_t>();
  for (size_t i = 0; i <= slice.n_documents; ++i) offsets[i] = OffsetInSlice(batch_, slice, i);
  return item->lease->device()->Begin(batch_.text + slice.begin, is_pinned_, context_.n_threads,
                                      options_.special, slot);
}

absl::Status StreamRun::CopyOut(Item* item) {
  return item->lease.has_value() ? item->lease->device()->CopyOut(item->lease->slot()) : absl::OkStatus();
}

absl::Status StreamRun::FinishOnHost(Item* item) {
  if (!item->lease.has_value()) return absl::OkStatus();
  const Slot& slot = *item->lease->slot();
  TOK_RETURN_IF_ERROR(item->lease->device()->Wait(slot));
  item->lease->IsThrough();
  if (slot.report()->n_not_ok == 0) return absl::OkStatus();
  const DocumentStatus* const statuses = slot.host_results().statuses;
  for (size_t i = 0; i < slot.n_documents; ++i) {
    if (statuses[i] != DocumentStatus::kOk) item->host_documents.push_back({.number = i});
  }
  return EncodeHostDocuments(context_.tokenizer, batch_, item->slice, options_, context_.n_threads,
                             &item->host_documents);
}

absl::Status StreamRun::Deliver(const Item& item) {
  if (item.slice.is_part && item.slice.first_document == failed_document_) return absl::OkStatus();
  return item.slice.is_for_host ? DeliverFromHost(item.slice) : DeliverFromDevice(item);
}

absl::Status StreamRun::DeliverFromDevice(const Item& item) {
  const Slice& slice = item.slice;
  const Slot& slot = *item.lease->slot();
  const std::span<const int64_t> offsets(slot.host_results().id_offsets, slot.n_documents + 1);
  const auto write = [&](const auto* ids, auto* chunks) {
    return chunks->Write(slice.first_document, Continues(slice), ids, offsets, item.host_documents);
  };
  TOK_RETURN_IF_ERROR(options_.narrow_ids ? write(slot.ids_on_host.get<uint16_t>(), &narrow_chunks_)
                                          : write(slot.ids_on_host.get<TokenId>(), &chunks_));
  if (!item.host_documents.empty() && !item.host_documents.front().status.ok()) Fail(slice);
  return absl::OkStatus();
}

absl::Status StreamRun::DeliverFromHost(const Slice& slice) {
  const int64_t offsets[] = {slice.begin, slice.end};
  const auto pass_on = [&](const IdChunk& own) {
    IdChunk chunk = own;
    const absl::Status status = InDocument(own.statuses[0], BytesBeforeSlice(batch_, slice, 0));
    chunk.first_document = slice.first_document;
    chunk.continues = own.continues || Continues(slice);
    chunk.statuses = {&status, 1};
    if (!status.ok()) Fail(slice);
    return sink_(chunk);
  };
  return context_.cpu->Encode({batch_.text, offsets}, options_, pass_on);
}

void StreamRun::Fail(const Slice& part) {
  if (part.is_part) failed_document_ = part.first_document;
}

}  // namespace tok::cuda
