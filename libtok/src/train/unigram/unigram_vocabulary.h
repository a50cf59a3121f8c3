// train/unigram/unigram_vocabulary.h: the finished tokenizer, made of the candidates that are left.
//
// Model: special tokens come first, then tokens by falling score: every character (of the text or asked for), and
// candidates in their order as long as there is room. A character that is no candidate any more scores as the least one,
// and each further one, in byte order, 0.0001 higher. Of equal scores characters come first, in byte order.
// Source: Hugging Face tokenizers 0.23.3, UnigramTrainer.
// Errors: TOK-E040.
#ifndef TOK_SRC_TRAIN_UNIGRAM_UNIGRAM_VOCABULARY_H_
#define TOK_SRC_TRAIN_UNIGRAM_UNIGRAM_VOCABULARY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "src/train/unigram/candidates.h"
#include "tok/train_unigram.h"

namespace tok {

// What the vocabulary holds whatever is learned.
struct RequiredTokens {
  std::vector<std::string> special;     // by id, the unknown token among them
  std::vector<std::string> characters;  // in byte order, less those that are special tokens
  std::optional<TokenId> unk_id;
};

// Checks that the special tokens make sense and that there is room for all.
absl::StatusOr<RequiredTokens> FindRequiredTokens(const SortedPieces& pieces,
                                                  const UnigramTrainerOptions& options);

absl::StatusOr<TokenizerSpec> MakeUnigramSpec(const Candidates& candidates, const RequiredTokens& required,
                                              const PieceRules& rules, const UnigramTrainerOptions& options);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_UNIGRAM_VOCABULARY_H_
