// tok/cuda/device_encoder.h: text in a GPU's memory -> ids in a GPU's memory.
//
// Model: Tokenizer::Encode of each document (tok/tokenizer.h), without template: the ids are the same, on any device, for any split
// into batches. Byte-level BPE behind the patterns of GPT-2, cl100k, Llama 3, Qwen (without normalizer) and o200k.
// A document that the device does not encode has no ids and a status that says why (tok/cuda/document_status.h): text that is no
// UTF-8, special tokens that the policy refuses, and rare text that its rules do not cover.
// Shapes and units: see tok/cuda/device_batch.h; everything there is memory of the device that the encoder was made on.
// Work is put on the caller's stream. Encode and Learn neither allocate a GPU's memory nor wait, call nothing on the default stream,
// and can be captured in a CUDA graph: the sizes of the launches follow from max_text_bytes and n_documents, where documents lie is read
// on the device.
// Errors: Create as Tokenizer::Load's kind (TOK-E022 for a tokenizer that is not done on a GPU or a missing device, TOK-E030 for
// limits or memory); Encode TOK-E040 for sizes that make no sense and ids too wide for the width, TOK-E090 for what CUDA reports.
// Cost: docs/gpu.md. Memory: about 100 MiB of tables a device, and the caller's workspace, about 21 bytes a byte of text.
// Threads: Encode from any thread at a time, each with a workspace of its own. Learn changes the tables: nothing else may run
// then on the device with this encoder or those that share its tables.
// Example (`text`, `offsets`, `ids` of n ids, `id_offsets` of d + 1, `statuses` of d, `report`: memory of the device; of torch,
// tensor.data_ptr() and at::cuda::getCurrentCUDAStream()):
//   auto encoder = tok::cuda::DeviceEncoder::Create(*tokenizer);
//   if (!encoder.ok()) return encoder.status();
//   const tok::cuda::DeviceBatch batch = {text, n, offsets, d};
//   const tok::cuda::DeviceIds output = {ids, tok::cuda::IdWidth::k32, n, id_offsets, statuses, report};
//   cudaMalloc(&workspace, encoder->WorkspaceBytes(n, d));
//   if (absl::Status status = encoder->Encode(batch, output, workspace, stream); !status.ok()) return status;
//   // In the order of the stream: report->n_ids ids; if report->n_not_ok is not 0, Tokenizer::Encode for documents whose status
//   // is not kOk.
#ifndef TOK_CUDA_DEVICE_ENCODER_H_
#define TOK_CUDA_DEVICE_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "tok/cuda/device_batch.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

struct CUstream_st;

namespace tok::cuda {

using Stream = CUstream_st*;  // cudaStream_t

class DeviceEncoder {
 public:
  // On the current device, which it reads the tables to; waits until they are there.
  static absl::StatusOr<DeviceEncoder> Create(const Tokenizer& tokenizer,
                                              const SpecialPolicy& special = SpecialPolicy::Error());
  // The same tables with another policy.
  absl::StatusOr<DeviceEncoder> WithSpecial(const SpecialPolicy& special) const;

  // Of memory that Encode and Learn work in, aligned as cudaMalloc aligns.
  size_t WorkspaceBytes(int64_t max_text_bytes, int64_t n_documents) const;
  absl::Status Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                      Stream stream) const;
  // The same, and says when the work of each stage has been put on the stream: to mark or time them.
  using StageCallback = std::function<absl::Status(std::string_view stage)>;
  absl::Status Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace, Stream stream,
                      const StageCallback& after_stage) const;
  // Remembers the pieces of the batch that was encoded last in the workspace, so that text like it is encoded faster.
  // Ids do not change. The tables take what there is room for, and keep it: learn from text like what comes.
  absl::Status Learn(const DeviceBatch& batch, void* workspace, Stream stream) const;

  const Tokenizer& tokenizer() const;
  int device() const;

 private:
  struct Tables;
  struct Policy;
  DeviceEncoder(std::shared_ptr<const Tables> tables, std::shared_ptr<const Policy> policy)
      : tables_(std::move(tables)), policy_(std::move(policy)) {}

  std::shared_ptr<const Tables> tables_;
  std::shared_ptr<const Policy> policy_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_DEVICE_ENCODER_H_
