// train/bpe/base_tokenizer.h: a finished tokenizer as what a training begins with, and what it is with new tokens.
//
// Model: a piece is what the base makes of it: by merges, which for a rank vocabulary are its canonical ones, or by itself where
// the base looks whole pieces up. New merges come behind and make new strings only, so the base's merges never meet them:
// what training sees of a piece is what the finished tokenizer makes of it. A pair that would make a string which the base
// has, reached or not, as a token or as an added one, is left alone: it can not be made by a second pair, nor have two ids.
// Why counts still never rise (docs/training.md, lemma 1): what is inside two ends of tokens is what merging makes of that
// string alone, whatever list of merges it is.
#ifndef TOK_SRC_TRAIN_BPE_BASE_TOKENIZER_H_
#define TOK_SRC_TRAIN_BPE_BASE_TOKENIZER_H_

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "src/train/bpe/growing_vocabulary.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/train_bpe.h"
#include "tok/types.h"

namespace tok {

// TOK-E022 for a tokenizer that cannot be continued exactly.
absl::Status CheckCanBeContinued(const TokenizerSpec& base);

class BaseTokenizer {
 public:
  // options.base with the special tokens and bytes that it lacks. Errors: TOK-E022, TOK-E023, TOK-E040.
  static absl::StatusOr<BaseTokenizer> Create(const BpeTrainerOptions& options);

  // What training grows. Once: it is large.
  GrowingVocabulary TakeVocabulary() { return std::move(vocabulary_); }
  // The base as it was, but for its merges, which are a list, and special tokens.
  const TokenizerSpec& spec() const { return spec_; }
  // Appends what `piece` is before merging. Any thread.
  void Spell(std::string_view piece, std::vector<TokenId>* tokens) const;
  // Whether what the two make is a token, or what an added token goes by in files.
  bool IsTaken(const GrowingVocabulary& vocabulary, TokenId left, TokenId right) const;
  // With the tokens and merges of `vocabulary`, which has grown from TakeVocabulary().
  absl::StatusOr<TokenizerSpec> With(const GrowingVocabulary& vocabulary) const;

 private:
  BaseTokenizer(TokenizerSpec spec, GrowingVocabulary vocabulary)
      : spec_(std::move(spec)), vocabulary_(std::move(vocabulary)) {}
  absl::Status AddSpecialTokens(const std::vector<std::string>& contents);
  absl::Status AddBytes(bool adds_missing);

  TokenizerSpec spec_;  // its merges a list
  GrowingVocabulary vocabulary_;
  size_t n_unlearned_ = 0;                     // ids of the base and of special tokens
  std::array<TokenId, 256> byte_ids_;          // kNoToken: vanishes
  absl::flat_hash_set<std::string> reserved_;  // beside the tokens
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_BASE_TOKENIZER_H_
