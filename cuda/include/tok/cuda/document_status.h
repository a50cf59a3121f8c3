// tok/cuda/document_status.h: what became of a document on the device.
#ifndef TOK_CUDA_DOCUMENT_STATUS_H_
#define TOK_CUDA_DOCUMENT_STATUS_H_

#include <cstdint>

namespace tok::cuda {

// A document that is not kOk has no ids: Tokenizer::Encode gives them, or the error.
enum class DocumentStatus : uint8_t {
  kOk = 0,
  kNeedsHost = 1,     // rare text that the device's rules do not cover
  kInvalidUtf8 = 2,   // what becomes of it is the host's policy
  kSpecialToken = 3,  // a special token that the policy does not allow
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_DOCUMENT_STATUS_H_
