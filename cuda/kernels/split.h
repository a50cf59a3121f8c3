// cuda/kernels/split.h: text on the device -> one bit a byte: where pieces begin.
//
// Model: starts.h. Chunks are summarized, the summaries scanned in both directions, and the starts found with what comes in.
// Cost: the text is read twice. Memory: 24 bytes a chunk of 928 bytes.
#ifndef TOK_CUDA_KERNELS_SPLIT_H_
#define TOK_CUDA_KERNELS_SPLIT_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/split/char_table.h"
#include "src/split/splitter.h"

namespace tok::cuda {

// Text and what is known of its bytes, 32 a word; there is a word more than text, for its end.
struct DeviceText {
  const unsigned char* bytes;  // aligned to 16
  int64_t n_bytes;
  const uint32_t* document_begins;  // bits, also at n_bytes

  __host__ __device__ int64_t n_words() const { return n_bytes / 32 + 1; }
};

struct SplitOutput {
  uint32_t* starts;  // bits, n_words
  uint32_t* n_hard;  // words that the rules do not cover, or that are no UTF-8; counts on
};

// Bytes of workspace that Split wants.
size_t SplitWorkspace(PatternFamily family, int64_t n_bytes);
cudaError_t Split(PatternFamily family, const DeviceText& text, const CharTableView& chars,
                  const SplitOutput& output, void* workspace, cudaStream_t stream);

// Sets the bits of documents: offsets[0, n_documents], of which the last is n_bytes.
cudaError_t MarkDocuments(const int64_t* offsets, int64_t n_documents, int64_t n_bytes,
                          uint32_t* document_begins, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_SPLIT_H_
