// tok/cuda/batch_encoder.h: text in the host's memory -> ids in the host's memory, by way of one or several GPUs.
//
// Model: a BatchEncoder (tok/batch_encoder.h) like the one of the CPU: the same ids, statuses and errors. Slices of the batch go to
// the GPUs in turn; while one or two are encoded, the next is copied in and the one before is copied out. What a GPU does not encode,
// the host does: documents that DeviceEncoder leaves to it, long ones that cannot be cut, small batches, templates.
// Text that CUDA knows as pinned (cudaHostAlloc, cudaHostRegister), from its first byte to its last, is copied to the GPU from
// where it lies; other text is copied to pinned memory by several threads before, and the host's memory bounds the rate.
// Errors: Make as Tokenizer::Load's kind: TOK-E022 for a tokenizer that is not done on a GPU or a missing device, TOK-E030 for
// memory, TOK-E040 for options that make no sense. Encode as tok/batch_encoder.h, and TOK-E090 for what CUDA reports.
// Cost: docs/gpu.md. Memory, for each byte of a slice: of a device 42 bytes (21 with one slot) and for each slot 5.3; pinned, for each slot 3.3, and
// 5.3 once there was text of more than one id in two bytes. With the defaults 2.0 GiB beside the tables, and 0.4 GiB; kept until
// the encoder goes.
// Threads: Encode may be called from several threads at once; the calls share the slots, so that their slices overlap too. A sink
// may not call the encoder that called it. A sink runs on whatever thread of the call, one at a time.
// Example:
//   auto encoder = tok::cuda::MakeBatchEncoder(*tokenizer, {.devices = {0, 1}});
//   if (!encoder.ok()) return encoder.status();
//   const absl::Status status = (*encoder)->Encode({text.data(), offsets}, {}, sink);
#ifndef TOK_CUDA_BATCH_ENCODER_H_
#define TOK_CUDA_BATCH_ENCODER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "tok/batch_encoder.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cuda {

struct BatchEncoderOptions {
  std::vector<int> devices;                 // none: the current one. One may be named twice
  int64_t slice_bytes = int64_t{32} << 20;  // of text in a slice
  unsigned n_slots = 4;                     // of each device: slices that are on their way at once
  unsigned n_threads = 0;                   // of the host's work, as for Tokenizer::EncodeBatch
  int64_t min_gpu_bytes = int64_t{256}
                          << 10;  // batches with less text go to the CPU (a guess, until it is measured)
  bool learns = true;             // tables take up what the text has, which changes no ids
};

absl::StatusOr<std::unique_ptr<BatchEncoder>> MakeBatchEncoder(const Tokenizer& tokenizer,
                                                               const BatchEncoderOptions& options = {});

}  // namespace tok::cuda

#endif  // TOK_CUDA_BATCH_ENCODER_H_
