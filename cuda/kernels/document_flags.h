// cuda/kernels/document_flags.h: documents that the device does not encode, and why.
#ifndef TOK_CUDA_KERNELS_DOCUMENT_FLAGS_H_
#define TOK_CUDA_KERNELS_DOCUMENT_FLAGS_H_

#include <cstdint>

#include "tok/cuda/document_status.h"

namespace tok::cuda {

struct DocumentFlags {
  uint32_t* statuses;               // DocumentStatus of each document; the greatest that was found
  unsigned long long* n_documents;  // whose status is not kOk
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_DOCUMENT_FLAGS_H_
