// Unigram training: seeds, then rounds of expectation maximization and pruning, then the vocabulary.
// Sizes count the unknown token, which Hugging Face has among its candidates.
#include "tok/train_unigram.h"

#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/unigram/candidates.h"
#include "src/train/unigram/expectation_maximization.h"
#include "src/train/unigram/prune.h"
#include "src/train/unigram/seed_tokens.h"
#include "src/train/unigram/sorted_pieces.h"
#include "src/train/unigram/unigram_vocabulary.h"

namespace tok {
namespace {

absl::Status CheckOptions(const UnigramTrainerOptions& options) {
  const auto usage = [](std::string_view place, std::string_view fact, std::string_view remedy) {
    return MakeError(ErrorCode::kUsage, place, fact, remedy);
  };
  if (options.vocab_size == 0 || options.vocab_size > kMaxTokenId)
    return usage("vocab_size", Concat(options.vocab_size, " is out of range"),
                 Concat("give 1 to ", kMaxTokenId));
  if (!(options.shrinking_factor > 0 && options.shrinking_factor < 1))
    return usage("shrinking_factor", Concat(options.shrinking_factor, " is not between 0 and 1"), "try 0.75");
  if (options.max_piece_length == 0 || options.max_piece_length > kMaxSeedLength)
    return usage("max_piece_length", Concat(options.max_piece_length, " is out of range"),
                 Concat("give 1 to ", kMaxSeedLength));
  if (options.n_sub_iterations == 0 || options.n_sub_iterations > 100)
    return usage("n_sub_iterations", Concat(options.n_sub_iterations, " is out of range"), "give 1 to 100");
  if (options.seed_size == 0)
    return usage("seed_size", "there must be something to start from", "try 1000000");
  return absl::OkStatus();
}

class Training {
 public:
  Training(const SortedPieces& pieces, const UnigramTrainerOptions& options)
      : pieces_(pieces), options_(options), n_wanted_(options.vocab_size * 11 / 10) {
    progress_.n_tokens_wanted = n_wanted_;
  }

  absl::StatusOr<Candidates> Run() {
    SeedTokens seeds = FindSeedTokens(
        pieces_, {options_.max_piece_length, options_.seed_size, options_.n_threads, options_.goes_on});
    const uint64_t n_keys = seeds.n_keys;
    TOK_ASSIGN_OR_RETURN(Candidates candidates, Candidates::Create(std::move(seeds)));
    TOK_RETURN_IF_ERROR(Report(UnigramProgress::Step::kSeeds, candidates, n_keys));
    for (;;) {
      TOK_RETURN_IF_ERROR(Maximize(&candidates));
      const size_t n_before = candidates.order().size();
      if (n_before + 1 <= n_wanted_) return candidates;
      TOK_RETURN_IF_ERROR(Prune(&candidates));
      if (candidates.order().size() == n_before) return candidates;  // nothing but characters
    }
  }

 private:
  absl::Status Maximize(Candidates* candidates) {
    for (unsigned i = 0; i < options_.n_sub_iterations; ++i) {
      const StepResult result = MaximizeExpectation(pieces_, options_.n_threads, candidates);
      progress_.loss = result.loss;
      ++progress_.n_maximizations;
      TOK_RETURN_IF_ERROR(Report(UnigramProgress::Step::kMaximization, *candidates, result.n_steps));
    }
    return absl::OkStatus();
  }

  absl::Status Prune(Candidates* candidates) {
    const auto n_shrunk =
        static_cast<size_t>(static_cast<double>(candidates->order().size() + 1) * options_.shrinking_factor);
    Pruned pruned =
        PruneCandidates(pieces_, *candidates, std::max(n_wanted_, n_shrunk) - 1, options_.n_threads);
    TOK_RETURN_IF_ERROR(candidates->Retain(std::move(pruned.order)));
    return Report(UnigramProgress::Step::kPruning, *candidates, pruned.n_steps);
  }

  absl::Status Report(UnigramProgress::Step step, const Candidates& candidates, uint64_t work) {
    progress_.step = step;
    progress_.n_tokens = candidates.order().size();
    progress_.work += work;
    const bool goes_on = !options_.goes_on || options_.goes_on();
    if (goes_on && (!options_.progress || options_.progress(progress_))) return absl::OkStatus();
    return MakeError(ErrorCode::kInterrupted, "training", "stopped by whoever watched its progress");
  }

  const SortedPieces& pieces_;
  const UnigramTrainerOptions& options_;
  const size_t n_wanted_;
  UnigramProgress progress_;
};

}  // namespace

absl::StatusOr<TokenizerSpec> TrainUnigram(const PieceCounts& counts, const UnigramTrainerOptions& options) {
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  TOK_ASSIGN_OR_RETURN(const SortedPieces pieces, SortedPieces::Create(counts));
  if (pieces.size() == 0) {
    return MakeError(ErrorCode::kBadInput, "pieces", "there is no text to learn from", "give some");
  }
  TOK_ASSIGN_OR_RETURN(const RequiredTokens required, FindRequiredTokens(pieces, options));
  TOK_ASSIGN_OR_RETURN(const Candidates candidates, Training(pieces, options).Run());
  return MakeUnigramSpec(candidates, required, pieces.rules(), options);
}

}  // namespace tok
