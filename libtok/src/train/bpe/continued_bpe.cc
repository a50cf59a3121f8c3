#include "src/train/bpe/continued_bpe.h"

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/scratch_memory.h"
#include "src/base/status_macros.h"
#include "src/train/bpe/base_tokenizer.h"
#include "src/train/bpe/growing_vocabulary.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/merged_text.h"
#include "src/train/bpe/symbol_text.h"
#include "src/train/memory_budget.h"

namespace tok {

absl::Status CheckBaseOptions(const BpeTrainerOptions& options) {
  const auto refuse = [](std::string_view option) {
    return MakeError(ErrorCode::kUsage, option,
                     "means nothing to continued training, which keeps the alphabet", "leave it out");
  };
  if (!options.whole_tokens.empty() || options.pad_to_power_of_two) return refuse("whole tokens");
  if (options.unk_token) return refuse("unknown token");
  if (!options.initial_alphabet.empty()) return refuse("initial alphabet");
  if (options.limit_alphabet > 0) return refuse("limited alphabet");
  if (!options.continuing_subword_prefix.empty() || !options.end_of_word_suffix.empty())
    return refuse("affixes");
  return BaseTokenizer::Create(options).status();
}

absl::StatusOr<BpeTraining> TrainFromBase(const PieceCounts& counts, const BpeTrainerOptions& options,
                                          const std::optional<TrainingJob>& job) {
  TOK_ASSIGN_OR_RETURN(const PieceRules rules, RulesOfBase(*options.base));
  if (absl::Status same = CheckMergeable({rules, ""}, {counts.origin().rules, ""}); !same.ok()) {
    return MakeError(ErrorCode::kUsage, "pieces", "were not cut as the tokenizer to continue cuts text",
                     "count them by its rules");
  }
  TOK_ASSIGN_OR_RETURN(const MemoryBudget budget,
                       MemoryBudget::Create(options.n_memory_bytes, ThreadsOf(options), options.vocab_size));
  TOK_ASSIGN_OR_RETURN(BaseTokenizer base, BaseTokenizer::Create(options));
  GrowingVocabulary vocabulary = base.TakeVocabulary();
  const std::function<absl::StatusOr<TokenizerSpec>()> make_spec = [&] { return base.With(vocabulary); };
  BpeTraining training;
  training.report.n_unique_pieces = counts.n_unique();
  training.report.n_alphabet = vocabulary.size();
  TOK_RETURN_IF_ERROR(TakeUp(options, &vocabulary, &training.report));
  const auto spell = [&](std::string_view piece, std::vector<TokenId>* tokens) { base.Spell(piece, tokens); };
  const std::unique_ptr<ScratchMemory> scratch = budget.MakeScratch(budget.ForTrainer(counts));
  uint64_t n_tokens = 0;
  // What has all the merges so far; ids that it lacks are in none of them.
  const TokenizerSpec& so_far = options.resume ? options.resume->spec : base.spec();
  TOK_ASSIGN_OR_RETURN(SymbolText text,
                       MergePieces(counts, spell, so_far, ThreadsOf(options), scratch.get(), &n_tokens));
  if (!options.resume) training.report.n_symbols = n_tokens;
  MergeRun run(options, &training.report, scratch.get());
  run.checkpoint = CheckpointOf(make_spec, training, job);
  run.is_vetoed = [&](TokenId left, TokenId right) { return base.IsTaken(vocabulary, left, right); };
  TOK_ASSIGN_OR_RETURN(const bool is_done, run.Run(std::move(text), options.vocab_size, &vocabulary));
  if (!is_done) return MakeError(ErrorCode::kInternal, "continued training", "a token was made twice");
  TOK_ASSIGN_OR_RETURN(training.spec, make_spec());
  return training;
}

}  // namespace tok
