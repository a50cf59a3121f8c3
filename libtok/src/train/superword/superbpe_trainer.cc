#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/bpe_trainer.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/bpe/training_job.h"
#include "src/train/superword/superword_rules.h"
#include "src/train/superword/token_text.h"
#include "tok/tokenizer.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

// Standard input can be read once: then a nameless file stands in for it.
absl::Status CheckOptions(const SuperBpeOptions& options, size_t n_first) {
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
  if (options.bpe.base) {
    return MakeError(ErrorCode::kUsage, "base", "SuperBPE begins with words of its own", "train BPE from it");
  }
  return absl::OkStatus();
}

TrainingJob JobOf(const PieceCounts& counts, const SuperBpeOptions& options) {
  TrainingJob job(counts, options.bpe);
  job.Add("transition", options.transition);
  job.Add("max-words", options.max_words);
  job.AddRules("superword-rules", options.superword_rules);
  return job;
}

absl::Status TakeStages(const TrainingCheckpoint& checkpoint, SuperBpeTraining* training) {
  const std::vector<BpeTrainingReport>& stages = checkpoint.stages;
  if (stages.empty() || stages.size() > 2) {
    return MakeError(ErrorCode::kBadFormat, "checkpoint", "has neither one stage nor two", "train anew");
  }
  training->subwords = stages[0];
  if (stages.size() == 2) training->superwords = stages[1];
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SuperBpeTraining> TrainSuperBpe(const std::vector<std::string>& inputs,
                                               const SuperBpeOptions& options) {
  SuperBpeTraining training;
  TOK_ASSIGN_OR_RETURN(const PieceCounts counts, CountPieces(inputs, options.subword_rules, options.corpus));
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options.bpe));
  TOK_RETURN_IF_ERROR(CheckOptions(options, alphabet.tokens().size()));
  const TrainingJob job = JobOf(counts, options);
  GrowingVocabulary vocabulary(alphabet.tokens(), /*prefix=*/{});
  bool is_in_stage_2 = false;
  const auto make_spec = [&] {
    return MakeTrainedSpec(is_in_stage_2 ? options.superword_rules : options.subword_rules, options.bpe,
                           vocabulary.tokens(), alphabet.special_tokens(), vocabulary.merges());
  };
  const auto checkpoint = [&]() -> absl::StatusOr<TrainingCheckpoint> {
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, make_spec());
    std::vector<BpeTrainingReport> stages = {training.subwords};
    if (is_in_stage_2) stages.push_back(training.superwords);
    return TrainingCheckpoint{std::move(spec), std::move(stages), job.text()};
  };
  if (const std::optional<TrainingCheckpoint>& resume = options.bpe.resume) {
    TOK_RETURN_IF_ERROR(job.CheckSame(*resume));
    TOK_RETURN_IF_ERROR(RepeatMerges(*resume, &vocabulary));
    TOK_RETURN_IF_ERROR(TakeStages(*resume, &training));
    is_in_stage_2 = resume->stages.size() == 2;
  }
  if (!is_in_stage_2) {
    BpeTrainerOptions first = options.bpe;
    first.vocab_size = options.transition;
    TOK_RETURN_IF_ERROR(TrainMerges(counts, alphabet, first, checkpoint, &vocabulary, &training.subwords));
    training.superwords.n_alphabet = vocabulary.size();
    is_in_stage_2 = true;
    const MergeProgress end{.n_tokens = vocabulary.size(),
                            .vocab_size = options.bpe.vocab_size,
                            .last_count = training.subwords.last_count,
                            .ends_stage = true,
                            .checkpoint = checkpoint};
    if (options.bpe.progress && !options.bpe.progress(end)) return Stopped(vocabulary.size());
  }

  TOK_ASSIGN_OR_RETURN(TokenizerSpec subwords, make_spec());
  subwords.added_tokens.clear();  // they are not looked for in training text
  TOK_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::Create(std::move(subwords)));
  TOK_ASSIGN_OR_RETURN(TokenText text,
                       EncodeCorpus(inputs, tokenizer, options.superword_rules, options.corpus));
  training.n_bytes = text.n_bytes;
  training.n_documents = text.n_documents;
  if (training.superwords.n_merges == 0) training.superwords.n_symbols = text.n_tokens;
  MergeRun run(options.bpe, &training.superwords);
  run.checkpoint = checkpoint;
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
  TOK_ASSIGN_OR_RETURN(training.spec, make_spec());
  return training;
}

}  // namespace tok
