#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/bpe_trainer.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/superword/superword_rules.h"
#include "src/train/superword/token_text.h"
#include "tok/tokenizer.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

// Standard input can be read once: then a nameless file stands in for it.
absl::Status CheckOptions(const SuperBpeOptions& options, size_t n_first) {
  if (!options.bpe.whole_tokens.empty() || options.bpe.unk_token) {
    return MakeError(ErrorCode::kUsage, "whole or unknown tokens", "mean nothing to SuperBPE",
                     "leave them out");
  }
  if (options.transition > options.bpe.vocab_size) {
    return MakeError(ErrorCode::kUsage, "transition",
                     Concat("at ", options.transition, " tokens, of ", options.bpe.vocab_size),
                     "choose one below the size of the vocabulary");
  }
  if (options.transition < n_first) {
    return MakeError(
        ErrorCode::kUsage, "transition",
        Concat("at ", options.transition, " tokens, but special tokens and alphabet are ", n_first),
        "choose one above that");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SuperBpeTraining> TrainSuperBpe(const std::vector<std::string>& inputs,
                                               const SuperBpeOptions& options) {
  SuperBpeTraining training;
  TOK_ASSIGN_OR_RETURN(const PieceCounts counts, CountPieces(inputs, options.subword_rules, options.corpus));
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options.bpe));
  TOK_RETURN_IF_ERROR(CheckOptions(options, alphabet.tokens().size()));
  GrowingVocabulary vocabulary(alphabet.tokens(), /*prefix=*/{});
  BpeTrainerOptions first = options.bpe;
  first.vocab_size = options.transition;
  TOK_RETURN_IF_ERROR(TrainMerges(counts, alphabet, first, &vocabulary, &training.subwords));
  const auto make_spec = [&] {
    return MakeTrainedSpec(options.superword_rules, options.bpe, vocabulary.tokens(),
                           alphabet.special_tokens(), vocabulary.merges());
  };

  TOK_ASSIGN_OR_RETURN(TokenizerSpec subwords, make_spec());
  subwords.added_tokens.clear();  // they are not looked for in training text
  TOK_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::Create(std::move(subwords)));
  TOK_ASSIGN_OR_RETURN(TokenText text,
                       EncodeCorpus(inputs, tokenizer, options.superword_rules, options.corpus));
  training.n_bytes = text.n_bytes;
  training.n_documents = text.n_documents;
  training.superwords.n_symbols = text.n_tokens;
  training.superwords.n_alphabet = vocabulary.size();
  const size_t n_inherited = vocabulary.merges().size();
  MergeRun run(options.bpe, &training.superwords);
  run.is_vetoed = [&](TokenId left, TokenId right) {
    return IsNoSuperword(vocabulary.tokens()[left], vocabulary.tokens()[right], options.max_words);
  };
  TOK_ASSIGN_OR_RETURN(const bool is_done,
                       run.Run(std::move(text.text), options.bpe.vocab_size, &vocabulary));
  if (!is_done) {
    return MakeError(ErrorCode::kUsage, "special tokens",
                     Concat("'", vocabulary.tokens().back(), "' or another is what superwords are merged to"),
                     "give special tokens a spelling that text does not have");
  }
  training.superwords.n_merges = vocabulary.merges().size() - n_inherited;
  TOK_ASSIGN_OR_RETURN(training.spec, make_spec());
  return training;
}

}  // namespace tok
