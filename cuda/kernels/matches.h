// cuda/kernels/matches.h: added tokens in the text: where they are, and what that does to the text around them.
//
// Model: tables/token_trie.h. What matches ends a segment and begins one, as the edge of a document does: it adds to the bits of
// documents, before the text is split. What the policy refuses flags its document.
#ifndef TOK_CUDA_KERNELS_MATCHES_H_
#define TOK_CUDA_KERNELS_MATCHES_H_

#include <cuda_runtime_api.h>

#include <cstdint>

#include "cuda/kernels/device_text.h"
#include "cuda/kernels/document_flags.h"
#include "cuda/tables/token_trie.h"

namespace tok::cuda {

// What is done about an added token in text.
enum class TokenAction : uint8_t { kIgnore, kMatch, kRefuse, kToHost };

struct AddedTokens {
  TokenTrieView trie;
  const TokenAction* actions;  // by the trie's numbers
  const uint32_t* ids;
};

struct Match {
  int64_t begin;
  uint32_t n_bytes;
  uint32_t id;
};

struct MatchOutput {
  uint32_t* document_begins;
  Match* matches;  // in any order
  unsigned long long* n_matches;
  unsigned long long max_matches;
  DocumentFlags flags;
};

cudaError_t FindMatches(const TextOnDevice& text, const AddedTokens& tokens, const MatchOutput& output,
                        cudaStream_t stream);
// No piece begins inside of a match.
cudaError_t ClearMatches(const MatchOutput& found, uint32_t* starts, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_MATCHES_H_
