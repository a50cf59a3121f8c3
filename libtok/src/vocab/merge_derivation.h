// vocab/merge_derivation.h: the tokens that BPE passes through while it builds one token.
//
// Model: inside a piece, merges across the border of a final token never happen, so what happens inside is what
// merging the token's own characters does. Merge-list mode takes the earliest listed pair, rank mode the pair whose
// concatenation has the lowest id, SentencePiece mode the one with the highest score; leftmost among equals.
// Cost: O(n^2) in the token's characters, which are bounded. Threads: immutable once built.
#ifndef TOK_SRC_VOCAB_MERGE_DERIVATION_H_
#define TOK_SRC_VOCAB_MERGE_DERIVATION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

class MergeDerivation {
 public:
  // `spec` has a BPE model and outlives this.
  explicit MergeDerivation(const TokenizerSpec& spec);

  // Appends the tokens of the derivation of `id`, itself left out. Where merging its characters does not lead to it
  // (it comes from ignore_merges, or cannot come at all), appends the parents of all merges that make it.
  absl::Status Append(TokenId id, std::vector<TokenId>* tokens) const;

  // The token that a merge makes; kNoToken if it is not in the vocabulary.
  TokenId ProductOf(TokenId left, TokenId right) const;

 private:
  struct Candidate {
    TokenId product = kNoToken;
    double priority = 0;  // lower comes first
  };
  Candidate Find(TokenId left, TokenId right) const;
  // False if some character is no token.
  bool InitialSymbols(std::string_view token, std::vector<TokenId>* symbols) const;

  const TokenizerSpec& spec_;
  const BpeModelSpec& model_;
  absl::flat_hash_map<uint64_t, Candidate> merges_;  // merge-list mode, by pair
  absl::flat_hash_map<TokenId, std::vector<Merge>> merges_by_product_;
};

}  // namespace tok

#endif  // TOK_SRC_VOCAB_MERGE_DERIVATION_H_
