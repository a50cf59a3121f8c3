#include "src/train/bpe/bpe_trainer.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/train/bpe/colliding_merges.h"
#include "src/train/bpe/continued_bpe.h"
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

absl::StatusOr<BpeTraining> TrainFromAlphabet(const PieceCounts& counts, const BpeTrainerOptions& options,
                                              const std::optional<TrainingJob>& job) {
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options));
  GrowingVocabulary vocabulary(alphabet.tokens(), options.continuing_subword_prefix);
  const std::function<absl::StatusOr<TokenizerSpec>()> make_spec = [&] {
    return MakeTrainedSpec(counts.origin().rules, options, vocabulary.tokens(), alphabet.special_tokens(),
                           vocabulary.merges());
  };
  BpeTraining training;
  TOK_RETURN_IF_ERROR(TakeUp(options, &vocabulary, &training.report));
  TOK_RETURN_IF_ERROR(TrainMerges(counts, alphabet, options, CheckpointOf(make_spec, training, job),
                                  &vocabulary, &training.report));
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
