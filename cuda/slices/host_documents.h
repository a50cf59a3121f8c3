// cuda/slices/host_documents.h: documents of a slice that a device left to the host.
#ifndef TOK_CUDA_SLICES_HOST_DOCUMENTS_H_
#define TOK_CUDA_SLICES_HOST_DOCUMENTS_H_

#include <cstddef>
#include <vector>

#include "cuda/slices/slices.h"
#include "tok/batch_encoder.h"
#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/types.h"

namespace tok::cuda {

struct HostDocument {
  size_t number = 0;         // in the slice
  std::vector<TokenId> ids;  // none if it fails
  absl::Status status;       // as Tokenizer::Encode of the whole document would have it
};

// Encodes those whose numbers are given, long ones by several threads, the others side by side. What fails is goes_on alone.
absl::Status EncodeHostDocuments(const Tokenizer& tokenizer, const DocumentBatch& batch, const Slice& slice,
                                 const EncodeOptions& options, unsigned n_threads,
                                 std::vector<HostDocument>* documents);

// Of text that lies behind n_bytes_before of its document: the byte that the error names is the document's.
absl::Status InDocument(const absl::Status& status, int64_t n_bytes_before);

}  // namespace tok::cuda

#endif  // TOK_CUDA_SLICES_HOST_DOCUMENTS_H_
