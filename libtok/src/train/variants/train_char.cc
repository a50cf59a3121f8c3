#include "tok/train_char.h"

#include <limits>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {

absl::StatusOr<PieceRules> CharacterRules() {
  TOK_ASSIGN_OR_RETURN(PieceRules rules, ByteLevelRules("gpt2"));
  rules.normalizers.push_back(normalizer::UnicodeForm{normalizer::Form::kNfkc});
  return rules;
}

absl::Status CheckTrainerOptions(const CharacterTrainerOptions& options, VocabularyAlphabet alphabet) {
  if (options.max_length < 2 || options.max_length == std::numeric_limits<uint32_t>::max()) {
    return MakeError(ErrorCode::kUsage, "length of tokens", Concat(options.max_length, " is out of range"),
                     "give 2 or more");
  }
  if (options.bpe.max_token_length > 0) {
    return MakeError(ErrorCode::kUsage, "max_token_length", "is given beside max_length", "leave it out");
  }
  return CheckTrainerOptions(options.bpe, alphabet);
}

absl::StatusOr<BpeTraining> TrainCharacters(const PieceCounts& counts,
                                            const CharacterTrainerOptions& options) {
  TOK_RETURN_IF_ERROR(CheckTrainerOptions(options, counts.origin().rules.alphabet));
  BpeTrainerOptions bpe = options.bpe;
  bpe.max_token_length = options.max_length + 1;  // of which tokens stay below
  return TrainBpe(counts, bpe);
}

}  // namespace tok
