#include "src/train/bpe/bpe_trainer.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/train/bpe/base_tokenizer.h"
#include "src/train/bpe/colliding_merges.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/merged_text.h"
#include "src/train/bpe/symbol_text.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/bpe/training_job.h"

namespace tok {
namespace {

constexpr size_t kPiecesAtOnce = 4096;

absl::StatusOr<SymbolText> SpellPieces(const PieceCounts& counts, const Alphabet& alphabet,
                                       unsigned n_threads, uint64_t* n_symbols) {
  std::vector<uint32_t> lengths(counts.n_unique());
  ParallelFor(counts.n_unique() / kPiecesAtOnce + 1, n_threads, [&](size_t block) {
    const size_t end = std::min(counts.n_unique(), (block + 1) * kPiecesAtOnce);
    for (size_t i = block * kPiecesAtOnce; i < end; ++i) {
      alphabet.ForEachToken(counts[i].bytes, [&](TokenId) { ++lengths[i]; });
    }
  });
  SymbolTextBuilder builder;
  for (size_t i = 0; i < lengths.size(); ++i) {
    *n_symbols += lengths[i];
    if (lengths[i] > 1) builder.Plan(lengths[i], counts[i].count);
  }
  TOK_RETURN_IF_ERROR(builder.Begin());
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] < 2) continue;
    uint32_t* next = builder.Add(lengths[i], counts[i].count).data();
    alphabet.ForEachToken(counts[i].bytes, [&](TokenId token) { *next++ = token; });
  }
  return builder.Finish();
}

std::vector<CollidingMerges::Piece> PiecesOf(const PieceCounts& counts, const Alphabet& alphabet) {
  std::vector<CollidingMerges::Piece> pieces;
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    CollidingMerges::Piece piece;
    piece.count = counts[i].count;
    alphabet.ForEachToken(counts[i].bytes, [&](TokenId token) { piece.tokens.push_back(token); });
    piece.lengths.assign(piece.tokens.size(), 1);
    if (piece.tokens.size() > 1) pieces.push_back(std::move(piece));
  }
  return pieces;
}

// The pieces as the merges of an earlier run left them.
absl::StatusOr<SymbolText> GoOn(const PieceCounts& counts, const Alphabet& alphabet,
                                const BpeTrainerOptions& options, const MakeCheckpoint& checkpoint) {
  TOK_ASSIGN_OR_RETURN(const TrainingCheckpoint so_far, checkpoint());
  const auto spell = [&](std::string_view piece, std::vector<TokenId>* tokens) {
    alphabet.ForEachToken(piece, [&](TokenId token) { tokens->push_back(token); });
  };
  uint64_t n_tokens = 0;
  return MergePieces(counts, spell, so_far.spec, ThreadsOf(options), &n_tokens);
}

absl::Status CheckOptionsOfBase(const PieceCounts& counts, const BpeTrainerOptions& options) {
  TOK_ASSIGN_OR_RETURN(const PieceRules rules, RulesOfBase(*options.base));
  if (absl::Status same = CheckMergeable({rules, ""}, {counts.origin().rules, ""}); !same.ok()) {
    return MakeError(ErrorCode::kUsage, "pieces", "were not cut as the tokenizer to continue cuts text",
                     "count them by its rules");
  }
  const auto refuse = [](std::string_view option) {
    return MakeError(ErrorCode::kUsage, option,
                     "means nothing to continued training, which keeps the alphabet", "leave it out");
  };
  if (!options.initial_alphabet.empty()) return refuse("initial alphabet");
  if (options.limit_alphabet > 0) return refuse("limited alphabet");
  if (!options.continuing_subword_prefix.empty() || !options.end_of_word_suffix.empty())
    return refuse("affixes");
  return absl::OkStatus();
}

// What is trained, under way: *training, whose spec make_spec() makes, and job.
MakeCheckpoint CheckpointOf(const std::function<absl::StatusOr<TokenizerSpec>()>& make_spec,
                            const BpeTraining& training, const std::optional<TrainingJob>& job) {
  return [&make_spec, &training, &job]() -> absl::StatusOr<TrainingCheckpoint> {
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, make_spec());
    return TrainingCheckpoint{std::move(spec), {training.report}, job ? job->text() : ""};
  };
}

absl::Status TakeUp(const BpeTrainerOptions& options, GrowingVocabulary* vocabulary, BpeTraining* training) {
  if (!options.resume) return absl::OkStatus();
  if (options.resume->stages.size() != 1) {
    return MakeError(ErrorCode::kBadFormat, "checkpoint", "has not one stage", "train anew");
  }
  training->report = options.resume->stages[0];
  return RepeatMerges(*options.resume, vocabulary);
}

absl::StatusOr<BpeTraining> TrainFromAlphabet(const PieceCounts& counts, const BpeTrainerOptions& options,
                                              const std::optional<TrainingJob>& job) {
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options));
  GrowingVocabulary vocabulary(alphabet.tokens(), options.continuing_subword_prefix);
  const std::function<absl::StatusOr<TokenizerSpec>()> make_spec = [&] {
    return MakeTrainedSpec(counts.origin().rules, options, vocabulary.tokens(), alphabet.special_tokens(),
                           vocabulary.merges());
  };
  BpeTraining training;
  TOK_RETURN_IF_ERROR(TakeUp(options, &vocabulary, &training));
  TOK_RETURN_IF_ERROR(TrainMerges(counts, alphabet, options, CheckpointOf(make_spec, training, job),
                                  &vocabulary, &training.report));
  TOK_ASSIGN_OR_RETURN(training.spec, make_spec());
  return training;
}

absl::StatusOr<BpeTraining> TrainFromBase(const PieceCounts& counts, const BpeTrainerOptions& options,
                                          const std::optional<TrainingJob>& job) {
  TOK_RETURN_IF_ERROR(CheckOptionsOfBase(counts, options));
  TOK_ASSIGN_OR_RETURN(const BaseTokenizer base, BaseTokenizer::Create(options));
  GrowingVocabulary vocabulary = base.vocabulary();
  const std::function<absl::StatusOr<TokenizerSpec>()> make_spec = [&] { return base.With(vocabulary); };
  BpeTraining training;
  training.report.n_unique_pieces = counts.n_unique();
  training.report.n_alphabet = vocabulary.size();
  TOK_RETURN_IF_ERROR(TakeUp(options, &vocabulary, &training));
  TOK_ASSIGN_OR_RETURN(const TokenizerSpec so_far, make_spec());
  const auto spell = [&](std::string_view piece, std::vector<TokenId>* tokens) { base.Spell(piece, tokens); };
  uint64_t n_tokens = 0;
  TOK_ASSIGN_OR_RETURN(SymbolText text, MergePieces(counts, spell, so_far, ThreadsOf(options), &n_tokens));
  if (!options.resume) training.report.n_symbols = n_tokens;
  MergeRun run(options, &training.report);
  run.checkpoint = CheckpointOf(make_spec, training, job);
  run.is_vetoed = [&](TokenId left, TokenId right) { return base.IsTaken(vocabulary, left, right); };
  TOK_ASSIGN_OR_RETURN(const bool is_done, run.Run(std::move(text), options.vocab_size, &vocabulary));
  if (!is_done) return MakeError(ErrorCode::kInternal, "continued training", "a token was made twice");
  TOK_ASSIGN_OR_RETURN(training.spec, make_spec());
  return training;
}

}  // namespace

absl::Status TrainMerges(const PieceCounts& counts, const Alphabet& alphabet,
                         const BpeTrainerOptions& options, const MakeCheckpoint& checkpoint,
                         GrowingVocabulary* vocabulary, BpeTrainingReport* report) {
  MergeRun run(options, report);
  run.checkpoint = checkpoint;
  SymbolText text;
  if (vocabulary->merges().empty()) {
    report->n_unique_pieces = counts.n_unique();
    report->n_alphabet = alphabet.n_symbols();
    TOK_ASSIGN_OR_RETURN(text, SpellPieces(counts, alphabet, ThreadsOf(options), &report->n_symbols));
  } else {
    TOK_ASSIGN_OR_RETURN(text, GoOn(counts, alphabet, options, checkpoint));
  }
  TOK_ASSIGN_OR_RETURN(const bool is_done, run.Run(std::move(text), options.vocab_size, vocabulary));
  if (is_done) return absl::OkStatus();

  // From the beginning: what was merged so far is not enough to know where it stands.
  run.checkpoint = nullptr;
  report->has_collisions = true;
  report->n_merges = report->last_count = report->n_tied = 0;
  *vocabulary = GrowingVocabulary(alphabet.tokens(), options.continuing_subword_prefix);
  CollidingMerges engine(PiecesOf(counts, alphabet), MinCountOf(options), options.max_token_length);
  while (vocabulary->size() < options.vocab_size) {
    const std::optional<TokenMerge> merge =
        engine.Next([&](uint32_t left, uint32_t right) { return vocabulary->Add(left, right); });
    if (!merge) break;
    TOK_RETURN_IF_ERROR(run.Note(*merge, *vocabulary));
  }
  return absl::OkStatus();
}

absl::StatusOr<BpeTraining> TrainBpe(const PieceCounts& counts, const BpeTrainerOptions& options) {
  std::optional<TrainingJob> job;  // hashes all pieces: only where somebody may ask
  if (options.progress || options.resume) job.emplace(counts, options);
  if (options.resume) TOK_RETURN_IF_ERROR(job->CheckSame(*options.resume));
  return options.base ? TrainFromBase(counts, options, job) : TrainFromAlphabet(counts, options, job);
}

}  // namespace tok
