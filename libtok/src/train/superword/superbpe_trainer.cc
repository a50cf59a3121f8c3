#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "src/base/scratch_memory.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/bpe_trainer.h"
#include "src/train/bpe/extra_tokens.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/bpe/training_job.h"
#include "src/train/memory_budget.h"
#include "src/train/superword/kept_inputs.h"
#include "src/train/superword/superword_rules.h"
#include "src/train/superword/token_text.h"
#include "tok/tokenizer.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

absl::StatusOr<MemoryBudget> MemoryBudgetOf(const SuperBpeOptions& options) {
  return MemoryBudget::Create(options.bpe.n_memory_bytes, ThreadsOf(options.bpe), options.bpe.vocab_size,
                              /*encodes=*/true);
}

// `n_first`: special tokens and alphabet, as far as they are known.
absl::Status CheckTransition(const SuperBpeOptions& options, size_t n_first) {
  if (options.transition > options.bpe.vocab_size) {
    return MakeError(ErrorCode::kUsage, "transition",
                     Concat("at ", options.transition, " tokens, of ", options.bpe.vocab_size),
                     "choose one below the size of the vocabulary");
  }
  if (options.transition >= n_first) return absl::OkStatus();
  return MakeError(
      ErrorCode::kUsage, "transition",
      Concat("at ", options.transition, " tokens, but special tokens and alphabet are ", n_first),
      "choose one above that");
}

TrainingJob JobOf(const PieceCounts& counts, const SuperBpeOptions& options) {
  TrainingJob job(counts, options.bpe);
  job.Add("transition", options.transition);
  job.Add("max-words", options.max_words);
  job.AddRules("superword-rules", options.superword_rules);
  job.Add("text", Concat(counts.origin().n_bytes, " bytes in ", counts.origin().n_documents, " documents"));
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

// Both stages, over inputs that can be read twice.
class SuperBpeRun {
 public:
  SuperBpeRun(const std::vector<std::string>& inputs, const SuperBpeOptions& options)
      : inputs_(inputs), options_(options), checkpoint_([this] { return Checkpoint(); }) {}

  absl::StatusOr<SuperBpeTraining> Run() {
    TOK_ASSIGN_OR_RETURN(const MemoryBudget budget, MemoryBudgetOf(options_));
    TOK_RETURN_IF_ERROR(TrainSubwords());
    const std::unique_ptr<ScratchMemory> scratch = budget.MakeScratch(budget.ForTokens());
    TOK_ASSIGN_OR_RETURN(TokenText text, Encode(budget, scratch.get()));
    TOK_RETURN_IF_ERROR(TrainSuperwords(std::move(text), scratch.get()));
    TOK_ASSIGN_OR_RETURN(training_.spec, MakeSpec());
    return std::move(training_);
  }

 private:
  absl::Status TrainSubwords() {
    TOK_ASSIGN_OR_RETURN(const PieceCounts counts,
                         CountPieces(inputs_, options_.subword_rules, options_.corpus));
    TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options_.bpe));
    special_tokens_ = alphabet.special_tokens();
    TOK_RETURN_IF_ERROR(CheckTransition(options_, alphabet.tokens().size()));
    vocabulary_.emplace(alphabet.tokens(), /*prefix=*/std::string());
    const TrainingJob job = JobOf(counts, options_);
    job_ = job.text();
    if (const std::optional<TrainingCheckpoint>& resume = options_.bpe.resume) {
      TOK_RETURN_IF_ERROR(job.CheckSame(*resume));
      TOK_RETURN_IF_ERROR(RepeatMerges(*resume, &*vocabulary_));
      TOK_RETURN_IF_ERROR(TakeStages(*resume, &training_));
      is_in_stage_2_ = resume->stages.size() == 2;
    }
    if (is_in_stage_2_) return absl::OkStatus();
    BpeTrainerOptions first = options_.bpe;
    first.vocab_size = options_.transition;
    TOK_RETURN_IF_ERROR(
        TrainMerges(counts, alphabet, first, checkpoint_, &*vocabulary_, &training_.subwords));
    return EndStage1();
  }

  absl::Status EndStage1() {
    training_.superwords.n_alphabet = vocabulary_->size();
    is_in_stage_2_ = true;
    const MergeProgress end{.n_tokens = vocabulary_->size(),
                            .vocab_size = options_.bpe.vocab_size,
                            .last_count = training_.subwords.last_count,
                            .ends_stage = true,
                            .checkpoint = checkpoint_};
    if (options_.bpe.progress && !options_.bpe.progress(end)) return Stopped(vocabulary_->size());
    return absl::OkStatus();
  }

  absl::StatusOr<TokenText> Encode(const MemoryBudget& budget, ScratchMemory* scratch) const {
    TOK_ASSIGN_OR_RETURN(TokenizerSpec subwords, MakeSpec());
    subwords.added_tokens.clear();  // they are not looked for in training text
    TOK_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::Create(std::move(subwords)));
    return EncodeCorpus(inputs_, tokenizer, options_.superword_rules, options_.corpus, budget, scratch);
  }

  absl::Status TrainSuperwords(TokenText text, ScratchMemory* scratch) {
    training_.n_bytes = text.n_bytes;
    training_.n_documents = text.n_documents;
    BpeTrainingReport* const report = &training_.superwords;
    if (report->n_merges == 0) report->n_symbols = text.n_tokens;
    MergeRun run(options_.bpe, report, scratch);
    run.checkpoint = checkpoint_;
    run.is_vetoed = [&](TokenId left, TokenId right) {
      return IsNoSuperword(vocabulary_->tokens()[left], vocabulary_->tokens()[right], options_.max_words);
    };
    TOK_ASSIGN_OR_RETURN(const bool is_done,
                         run.Run(std::move(text.text), options_.bpe.vocab_size, &*vocabulary_));
    if (is_done) return absl::OkStatus();
    return MakeError(
        ErrorCode::kUsage, "special tokens",
        Concat("'", vocabulary_->tokens().back(), "' or another is what superwords are merged to"),
        "give special tokens a spelling that text does not have");
  }

  absl::StatusOr<TrainingCheckpoint> Checkpoint() const {
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, MakeSpec());
    std::vector<BpeTrainingReport> stages = {training_.subwords};
    if (is_in_stage_2_) stages.push_back(training_.superwords);
    return TrainingCheckpoint{std::move(spec), std::move(stages), job_};
  }

  absl::StatusOr<TokenizerSpec> MakeSpec() const {
    return MakeTrainedSpec(is_in_stage_2_ ? options_.superword_rules : options_.subword_rules, options_.bpe,
                           vocabulary_->tokens(), special_tokens_, vocabulary_->merges());
  }

  const std::vector<std::string>& inputs_;
  const SuperBpeOptions& options_;
  const MakeCheckpoint checkpoint_;
  SuperBpeTraining training_;
  std::vector<std::string> special_tokens_;
  std::optional<GrowingVocabulary> vocabulary_;
  std::string job_;
  bool is_in_stage_2_ = false;
};

}  // namespace

absl::Status CheckTrainerOptions(const SuperBpeOptions& options) {
  constexpr size_t kBytes = 256;
  TOK_RETURN_IF_ERROR(RefuseExtraTokens(options.bpe, "SuperBPE"));
  if (options.bpe.base) {
    return MakeError(ErrorCode::kUsage, "base", "SuperBPE begins with words of its own", "train BPE from it");
  }
  TOK_RETURN_IF_ERROR(CheckTrainerOptions(options.bpe, options.subword_rules.alphabet));
  TOK_RETURN_IF_ERROR(CheckTransition(options, options.bpe.whole_byte_alphabet ? kBytes : 0));
  return MemoryBudgetOf(options).status();
}

absl::StatusOr<SuperBpeTraining> TrainSuperBpe(const std::vector<std::string>& inputs,
                                               const SuperBpeOptions& given) {
  TOK_RETURN_IF_ERROR(CheckTrainerOptions(given));
  SuperBpeOptions options = given;
  options.corpus.n_threads = options.bpe.n_threads;
  options.corpus.n_memory_bytes = options.bpe.n_memory_bytes;
  TOK_ASSIGN_OR_RETURN(const KeptInputs kept, KeptInputs::Create(inputs));
  absl::StatusOr<SuperBpeTraining> training =
      CatchScratchFull([&] { return SuperBpeRun(kept.paths(), options).Run(); });
  return training.ok() ? std::move(training) : kept.Named(training.status());
}

}  // namespace tok
