#include "tok/cuda/device_encoder.h"

#include <cuda_runtime_api.h>

#include <utility>

#include "cuda/base/cuda_status.h"
#include "cuda/base/device_scope.h"
#include "cuda/encoder/device_encoder_policy.h"
#include "cuda/encoder/device_encoder_tables.h"
#include "cuda/encoder/workspace.h"
#include "cuda/kernels/learn.h"
#include "src/base/status_macros.h"
#include "src/encode/batch_support.h"

namespace tok::cuda {
namespace {

// What records and launches can number.
constexpr int64_t kMaxTextBytes = int64_t{1} << kRecordOffsetBits,
                  kMaxDocuments = int64_t{1} << kRecordOffsetBits;

absl::Status CheckSizes(int64_t max_text_bytes, int64_t n_documents) {
  if (max_text_bytes >= 0 && max_text_bytes < kMaxTextBytes && n_documents >= 0 &&
      n_documents < kMaxDocuments)
    return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "a batch", "sizes below 0, or of 2^38 or more", "make it smaller");
}

}  // namespace

absl::StatusOr<DeviceEncoder> DeviceEncoder::Create(const Tokenizer& tokenizer,
                                                    const SpecialPolicy& special) {
  auto tables = std::make_shared<Tables>(tokenizer);
  TOK_RETURN_IF_ERROR(tables->Fill());
  return DeviceEncoder(std::move(tables), nullptr).WithSpecial(special);
}

absl::StatusOr<DeviceEncoder> DeviceEncoder::WithSpecial(const SpecialPolicy& special) const {
  const DeviceScope scope(tables_->device);
  auto policy = std::make_shared<Policy>();
  TOK_RETURN_IF_ERROR(policy->Fill(*tables_, special));
  return DeviceEncoder(tables_, std::move(policy));
}

size_t DeviceEncoder::WorkspaceBytes(int64_t max_text_bytes, int64_t n_documents) const {
  if (!CheckSizes(max_text_bytes, n_documents).ok()) return 0;
  const DeviceScope scope(tables_->device);
  return Workspace::At(nullptr, tables_->family, max_text_bytes, n_documents).n_bytes;
}

absl::Status DeviceEncoder::Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                                   Stream stream) const {
  return Encode(batch, output, workspace, stream, [](std::string_view) { return absl::OkStatus(); });
}

absl::Status DeviceEncoder::Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                                   Stream stream, const StageCallback& after_stage) const {
  TOK_RETURN_IF_ERROR(CheckSizes(batch.max_text_bytes, batch.n_documents));
  if (output.max_ids < 0) return MakeError(ErrorCode::kUsage, "a batch", "room for fewer than 0 ids");
  cudaGetLastError();  // what failed before, and was said then, is not ours
  const Tables& tables = *tables_;
  if (output.width == IdWidth::k16) TOK_RETURN_IF_ERROR(CheckNarrowIds(tables.tokenizer, "ask for 32 bits"));
  const Workspace work = Workspace::At(workspace, tables.family, batch.max_text_bytes, batch.n_documents);
  const TextOnDevice& text = work.text;
  const uint32_t* const starts = work.cut.starts;
  const bool has_matches = policy_->has_matches;
  absl::Status status;
  const auto stage = [&](std::string_view name, const auto& launch) {
    if (status.ok()) status = CudaStatus(launch(), "encoding on a GPU");
    if (status.ok()) status = after_stage(name);
  };
  stage("documents", [&] {
    return PrepareText(batch,
                       {const_cast<DeviceText*>(text.text), work.document_begins, work.document_statuses,
                        output.offsets, work.counters},
                       stream);
  });
  stage("added tokens",
        [&] { return has_matches ? FindMatches(text, policy_->added, work.matches, stream) : cudaSuccess; });
  stage("split", [&] { return Split(tables.family, text, tables.chars, work.split, work.scratch, stream); });
  stage("cut", [&] { return CutPieces(text, tables.joins, work.cut, stream); });
  stage("clear",
        [&] { return has_matches ? ClearMatches(work.matches, work.cut.starts, stream) : cudaSuccess; });
  stage("splice", [&] { return SplicePieces(text, tables.merging, work.cut, work.splice, stream); });
  stage("pieces", [&] { return FindPieces(text, starts, tables.pieces, work.pieces, work.scratch, stream); });
  stage("merge", [&] { return MergeMisses(text, tables.MergingOf(work), work.pieces, work.merge, stream); });
  stage("amend", [&] {
    return has_matches ? GiveMatchesTheirIds(work.matches, starts, work.pieces, stream) : cudaSuccess;
  });
  stage("drop", [&] { return DropFlagged(text, starts, work.pieces, stream); });
  stage("emit", [&] {
    return EmitIds(text, batch.n_documents, {starts, work.merge.ids, work.document_statuses, work.counters},
                   work.pieces, output, work.scratch, stream);
  });
  return status;
}

absl::Status DeviceEncoder::Learn(const DeviceBatch& batch, void* workspace, Stream stream) const {
  TOK_RETURN_IF_ERROR(CheckSizes(batch.max_text_bytes, batch.n_documents));
  cudaGetLastError();
  const Tables& tables = *tables_;
  const Workspace work = Workspace::At(workspace, tables.family, batch.max_text_bytes, batch.n_documents);
  return CudaStatus(LearnMisses(work.text, tables.MergingOf(work), tables.pieces, work.pieces, work.merge.ids,
                                tables.slots, stream),
                    "learning on a GPU");
}

const Tokenizer& DeviceEncoder::tokenizer() const { return tables_->tokenizer; }
int DeviceEncoder::device() const { return tables_->device; }

}  // namespace tok::cuda
