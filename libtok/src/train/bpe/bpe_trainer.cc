#include "src/train/bpe/bpe_trainer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/scratch_memory.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/colliding_merges.h"
#include "src/train/bpe/continued_bpe.h"
#include "src/train/bpe/extra_tokens.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/merged_text.h"
#include "src/train/bpe/symbol_text.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/bpe/training_job.h"
#include "src/train/memory_budget.h"

namespace tok {
namespace {

constexpr size_t kPiecesAtOnce = 4096;
constexpr uint64_t kBytesPerCollidingSymbol = 64;  // about, of CollidingMerges

absl::StatusOr<SymbolText> SpellPieces(const PieceCounts& counts, const Alphabet& alphabet,
                                       unsigned n_threads, ScratchMemory* scratch, uint64_t* n_symbols) {
  ScratchVector<uint32_t> lengths(counts.n_unique(), scratch);
  ParallelFor(counts.n_unique() / kPiecesAtOnce + 1, n_threads, [&](size_t block) {
    const size_t end = std::min(counts.n_unique(), (block + 1) * kPiecesAtOnce);
    for (size_t i = block * kPiecesAtOnce; i < end; ++i) {
      uint64_t n_symbols_of_piece = 0;
      alphabet.ForEachToken(counts[i].bytes, [&](TokenId) { ++n_symbols_of_piece; });
      lengths[i] = PieceLength(n_symbols_of_piece);
    }
  });
  TOK_ASSIGN_OR_RETURN(SymbolTextBuilder builder, PlanPieces(counts, lengths, scratch, n_symbols));
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

// The tokenizer so far: without what is added in the end.
absl::StatusOr<TokenizerSpec> UnfinishedSpec(const PieceCounts& counts, const Alphabet& alphabet,
                                             const BpeTrainerOptions& options,
                                             const GrowingVocabulary& vocabulary) {
  BpeTrainerOptions unfinished = options;
  unfinished.whole_tokens.clear();
  unfinished.pad_to_power_of_two = false;
  return MakeTrainedSpec(counts.origin().rules, unfinished, vocabulary.tokens(), alphabet.special_tokens(),
                         vocabulary.merges());
}

// The pieces as the merges of an earlier run left them.
absl::StatusOr<SymbolText> GoOn(const PieceCounts& counts, const Alphabet& alphabet,
                                const BpeTrainerOptions& options, const GrowingVocabulary& vocabulary,
                                ScratchMemory* scratch) {
  TOK_ASSIGN_OR_RETURN(const TokenizerSpec so_far, UnfinishedSpec(counts, alphabet, options, vocabulary));
  const auto spell = [&](std::string_view piece, std::vector<TokenId>* tokens) {
    alphabet.ForEachToken(piece, [&](TokenId token) { tokens->push_back(token); });
  };
  uint64_t n_tokens = 0;
  return MergePieces(counts, spell, so_far, ThreadsOf(options), scratch, &n_tokens);
}

// Before the first merge.
GrowingVocabulary FirstVocabulary(const PieceCounts& counts, const Alphabet& alphabet,
                                  const BpeTrainerOptions& options) {
  GrowingVocabulary vocabulary(alphabet.tokens(), options.continuing_subword_prefix);
  const std::vector<std::string> spelled =
      SpelledInModel(options.whole_tokens, counts.origin().rules.alphabet);
  vocabulary.Reserve(spelled, options.whole_tokens.size() - spelled.size());
  return vocabulary;
}

absl::StatusOr<BpeTraining> TrainFromAlphabet(const PieceCounts& counts, const BpeTrainerOptions& options,
                                              const std::optional<TrainingJob>& job) {
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options));
  GrowingVocabulary vocabulary = FirstVocabulary(counts, alphabet, options);
  const std::function<absl::StatusOr<TokenizerSpec>()> make_spec = [&] {
    return UnfinishedSpec(counts, alphabet, options, vocabulary);
  };
  BpeTraining training;
  TOK_RETURN_IF_ERROR(TakeUp(options, &vocabulary, &training.report));
  TOK_RETURN_IF_ERROR(TrainMerges(counts, alphabet, options, CheckpointOf(make_spec, training, job),
                                  &vocabulary, &training.report));
  TOK_ASSIGN_OR_RETURN(training.spec, MakeTrainedSpec(counts.origin().rules, options, vocabulary.tokens(),
                                                      alphabet.special_tokens(), vocabulary.merges()));
  return training;
}

absl::StatusOr<BpeTraining> Train(const PieceCounts& counts, const BpeTrainerOptions& given) {
  TOK_RETURN_IF_ERROR(CheckTrainerOptions(given, counts.origin().rules.alphabet));
  const BpeTrainerOptions options = WithUnknownToken(given);
  std::optional<TrainingJob> job;  // hashes all pieces: only where somebody may ask
  if (options.progress || options.resume) job.emplace(counts, options);
  if (options.resume) TOK_RETURN_IF_ERROR(job->CheckSame(*options.resume));
  return options.base ? TrainFromBase(counts, options, job) : TrainFromAlphabet(counts, options, job);
}

}  // namespace

absl::Status TrainMerges(const PieceCounts& counts, const Alphabet& alphabet,
                         const BpeTrainerOptions& options, const MakeCheckpoint& checkpoint,
                         GrowingVocabulary* vocabulary, BpeTrainingReport* report) {
  TOK_ASSIGN_OR_RETURN(const MemoryBudget budget,
                       MemoryBudget::Create(options.n_memory_bytes, ThreadsOf(options), options.vocab_size));
  const std::unique_ptr<ScratchMemory> scratch = budget.MakeScratch(budget.ForTrainer(counts));
  MergeRun run(options, report, scratch.get());
  run.checkpoint = checkpoint;
  TOK_RETURN_IF_ERROR(run.AskBefore(vocabulary->size()));
  SymbolText text;
  if (vocabulary->merges().empty()) {
    report->n_unique_pieces = counts.n_unique();
    report->n_alphabet = alphabet.n_symbols();
    TOK_ASSIGN_OR_RETURN(
        text, SpellPieces(counts, alphabet, ThreadsOf(options), scratch.get(), &report->n_symbols));
  } else {
    TOK_ASSIGN_OR_RETURN(text, GoOn(counts, alphabet, options, *vocabulary, scratch.get()));
  }
  TOK_ASSIGN_OR_RETURN(const bool is_done, run.Run(std::move(text), options.vocab_size, vocabulary));
  if (is_done) return absl::OkStatus();

  if (scratch != nullptr && report->n_symbols > budget.ForTrainer(counts) / kBytesPerCollidingSymbol) {
    return MakeError(ErrorCode::kLimit, Concat("token '", vocabulary->tokens().back(), "'"),
                     "is made by two merges, or is a special token too: what that takes keeps to no budget",
                     "raise --memory, or give special tokens a spelling that text does not have");
  }
  // From the beginning: what was merged so far is not enough to know where it stands.
  run.checkpoint = nullptr;
  report->has_collisions = true;
  report->n_merges = report->last_count = report->n_tied = 0;
  *vocabulary = FirstVocabulary(counts, alphabet, options);
  CollidingMerges engine(PiecesOf(counts, alphabet), MinCountOf(options), options.max_token_length);
  while (vocabulary->n_wanted() < options.vocab_size) {
    const std::optional<TokenMerge> merge =
        engine.Next([&](uint32_t left, uint32_t right) { return vocabulary->Add(left, right); });
    if (!merge) break;
    TOK_RETURN_IF_ERROR(run.Note(*merge, *vocabulary));
  }
  return absl::OkStatus();
}

absl::Status CheckTrainerOptions(const BpeTrainerOptions& options, VocabularyAlphabet alphabet) {
  TOK_RETURN_IF_ERROR(
      MemoryBudget::Create(options.n_memory_bytes, ThreadsOf(options), options.vocab_size).status());
  if (options.base) return CheckBaseOptions(options);
  TOK_RETURN_IF_ERROR(CheckExtraTokens(WithUnknownToken(options), alphabet));
  return CheckAlphabetOptions(options, alphabet);
}

absl::StatusOr<BpeTraining> TrainBpe(const PieceCounts& counts, const BpeTrainerOptions& options) {
  return CatchScratchFull([&] { return Train(counts, options); });
}

}  // namespace tok
