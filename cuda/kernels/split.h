// cuda/kernels/split.h: text on the device -> one bit a byte: where pieces begin.
//
// Documents with text that the rules do not cover, or that is no UTF-8, are flagged.
// Model: starts.h. Chunks are summarized, the summaries scanned in both directions, and the starts found with what comes in.
// Cost: the text is read twice. Memory: 24 bytes a chunk of 928 bytes.
#ifndef TOK_CUDA_KERNELS_SPLIT_H_
#define TOK_CUDA_KERNELS_SPLIT_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/device_text.h"
#include "cuda/kernels/document_flags.h"
#include "cuda/split/char_table.h"
#include "src/split/splitter.h"

namespace tok::cuda {

struct SplitOutput {
  uint32_t* starts;  // bits, max_words
  DocumentFlags flags;
};

// Bytes of workspace that Split wants.
size_t SplitWorkspace(PatternFamily family, int64_t max_places);
cudaError_t Split(PatternFamily family, const TextOnDevice& text, const CharTableView& chars,
                  const SplitOutput& output, void* workspace, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_SPLIT_H_
