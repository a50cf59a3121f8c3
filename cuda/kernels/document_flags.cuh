// cuda/kernels/document_flags.cuh: marking documents that the device does not encode.
#ifndef TOK_CUDA_KERNELS_DOCUMENT_FLAGS_CUH_
#define TOK_CUDA_KERNELS_DOCUMENT_FLAGS_CUH_

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/document_flags.h"

namespace tok::cuda {

// The document that holds a place.
__device__ inline int64_t FlagDocument(const DeviceText& text, const DocumentFlags& flags, int64_t place,
                                       DocumentStatus status) {
  const int64_t document = DocumentAt(text, place);
  if (atomicMax(&flags.statuses[document], static_cast<uint32_t>(status)) == 0)
    atomicAdd(flags.n_documents, 1ull);
  return document;
}

// Those that hold the places of the bits.
__device__ inline void FlagDocuments(const DeviceText& text, const DocumentFlags& flags, int64_t word,
                                     uint32_t bits, DocumentStatus status) {
  while (bits != 0) {
    const int64_t place = word * 32 + __ffs(static_cast<int>(bits)) - 1;
    const int64_t document = FlagDocument(text, flags, place, status);
    bits &= ~BitsBetween(word, 0, text.offsets[document + 1] + text.place_of_offset);
  }
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_DOCUMENT_FLAGS_CUH_
