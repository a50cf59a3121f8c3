// train/bpe/extra_tokens.h: tokens of a vocabulary that no merge makes: the unknown token, those that text keeps whole, and
// padding to a power of two.
//
// Source: Bommarito, Katz and Bommarito, 2025, "KL3M Tokenizers: A Family of Domain-Specific and Character-Level Tokenizers
// for Legal, Financial, and Preprocessing Applications", and its programs, in which such tokens are added after training.
#ifndef TOK_SRC_TRAIN_BPE_EXTRA_TOKENS_H_
#define TOK_SRC_TRAIN_BPE_EXTRA_TOKENS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/train_bpe.h"
#include "tok/types.h"

namespace tok {

// With the unknown token among the special ones.
BpeTrainerOptions WithUnknownToken(BpeTrainerOptions options);

// Errors: TOK-E040 for whole tokens that are empty, given twice, special or would be decoded to something else, for tokens that
// no text has, and for an unknown token where every text has tokens.
absl::Status CheckExtraTokens(const BpeTrainerOptions& options, VocabularyAlphabet alphabet);

// TOK-E040 for options about such tokens, which training of `kind` makes no use of.
absl::Status RefuseExtraTokens(const BpeTrainerOptions& options, std::string_view kind);

// What the model would have to make for a file to spell the same token; tokens of which no file does are left out.
std::vector<std::string> SpelledInModel(const std::vector<std::string>& tokens, VocabularyAlphabet alphabet);

struct ExtraToken {
  TokenId id;
  std::string content, bytes;  // as text has it; as the vocabulary has it
  bool is_new;                 // else the model has it
};
// Whole tokens and padding, behind tokens[id]. Errors: TOK-E040 for padding of more tokens than anybody wants.
absl::StatusOr<std::vector<ExtraToken>> NumberExtraTokens(const BpeTrainerOptions& options,
                                                          VocabularyAlphabet alphabet,
                                                          const std::vector<std::string>& tokens);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_EXTRA_TOKENS_H_
