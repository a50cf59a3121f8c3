// cuda/kernels/document_flags.h: documents that the device does not encode, and why.
#ifndef TOK_CUDA_KERNELS_DOCUMENT_FLAGS_H_
#define TOK_CUDA_KERNELS_DOCUMENT_FLAGS_H_

#include <cstdint>

#include "tok/cuda/document_status.h"

namespace tok::cuda {

struct DocumentFlags {
  uint32_t* statuses;  // DocumentStatus of each document; the greatest that was found
  int64_t* documents;  // those whose status is not kOk, in any order
  unsigned long long* n_documents;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_DOCUMENT_FLAGS_H_
