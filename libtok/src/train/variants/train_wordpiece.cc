#include "tok/train_wordpiece.h"

#include <utility>

#include "src/base/status_macros.h"

namespace tok {

absl::StatusOr<PieceRules> BertRules(bool uncased) {
  TOK_ASSIGN_OR_RETURN(PieceRules rules, TextRules("bert"));
  rules.normalizers.push_back(normalizer::Bert{.lowercase = uncased});
  return rules;
}

absl::StatusOr<BpeTraining> TrainWordPiece(const PieceCounts& counts,
                                           const WordPieceTrainerOptions& options) {
  if (counts.origin().rules.alphabet != VocabularyAlphabet::kText) {
    return MakeError(ErrorCode::kUnsupportedFeature, "pieces",
                     "a WordPiece vocabulary is learned from text, not from raw bytes",
                     "count pieces with a pre-tokenizer of text, such as BERT's");
  }
  if (!options.bpe.end_of_word_suffix.empty()) {
    return MakeError(ErrorCode::kUsage, "end_of_word_suffix", "means nothing to WordPiece", "leave it out");
  }
  BpeTrainerOptions bpe = options.bpe;
  if (!bpe.unk_token) bpe.unk_token = "[UNK]";
  if (bpe.continuing_subword_prefix.empty()) bpe.continuing_subword_prefix = "##";
  TOK_ASSIGN_OR_RETURN(BpeTraining training, TrainBpe(counts, bpe));
  training.spec.model =
      WordPieceModelSpec{*bpe.unk_token, bpe.continuing_subword_prefix, options.max_input_chars_per_word};
  training.spec.decoder = {.steps = {decoder::WordPiece{bpe.continuing_subword_prefix, /*cleanup=*/true}}};
  return training;
}

}  // namespace tok
