// cuda/kernels/prepare.h: what the caller gave -> text on the device (device_text.h), and everything that is counted at 0.
//
// Offsets that decrease or lie outside the text are not followed: then there is no text, and the report says so.
#ifndef TOK_CUDA_KERNELS_PREPARE_H_
#define TOK_CUDA_KERNELS_PREPARE_H_

#include <cuda_runtime_api.h>

#include <cstdint>

#include "cuda/kernels/device_text.h"
#include "tok/cuda/device_batch.h"

namespace tok::cuda {

// Of one call, all 0 at first.
struct Counters {
  unsigned long long n_misses, n_miss_ids;
  unsigned long long n_short_merges, n_long_merges;
  unsigned long long n_long_pieces, n_windows;
  unsigned long long n_matches;  // of added tokens
  unsigned long long n_flagged;  // documents
  unsigned long long has_bad_offsets;
};

struct PrepareOutput {
  DeviceText* text;
  uint32_t* document_begins;    // max_words
  uint32_t* document_statuses;  // n_documents
  int64_t* id_offsets;          // n_documents + 1
  Counters* counters;
};

// Fails on a device that the kernels were not compiled for. Loads them, which the first launch would do otherwise.
cudaError_t LoadKernels();

cudaError_t PrepareText(const DeviceBatch& batch, const PrepareOutput& output, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_PREPARE_H_
