#include <cmath>

#include "cli/step_progress.h"
#include "cli/train/training_kind.h"
#include "tok/train_unigram.h"

namespace tok::cli {
namespace {

// Tokens fall from a million by a factor a round: the share done is that of their logarithms.
double ShareDone(const UnigramProgress& progress, uint64_t n_first) {
  if (progress.n_tokens <= progress.n_tokens_wanted) return 1;
  const double first = std::log(static_cast<double>(n_first) + 1);
  return (first - std::log(static_cast<double>(progress.n_tokens) + 1)) /
         (first - std::log(static_cast<double>(progress.n_tokens_wanted)));
}

class UnigramKind final : public TrainingKind {
 public:
  explicit UnigramKind(const TrainOptions& options) : TrainingKind("unigram", options) {}

  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--unk"}, parser, modes);
    modes->For({name()}, parser
                             ->add_option("--shrinking-factor", unigram_.shrinking_factor,
                                          "Tokens kept in a round of pruning (default: 0.75)")
                             ->type_name("SHARE"));
    modes->For({name()}, WholeNumber(parser
                                         ->add_option("--max-piece-length", unigram_.max_piece_length,
                                                      "Characters in a token, at most (default: 16)")
                                         ->type_name("N")));
    modes->For({name()}, WholeNumber(parser
                                         ->add_option("--sub-iterations", unigram_.n_sub_iterations,
                                                      "Expectation maximizations in a round (default: 2)")
                                         ->type_name("N")));
    modes->For({name()}, WholeNumber(parser
                                         ->add_option("--seed-size", unigram_.seed_size,
                                                      "Strings to start from, at most (default: 1000000)")
                                         ->type_name("N")));
  }

  PieceDefaults Defaults() const override {
    return {.alphabet = VocabularyAlphabet::kText, .pattern = "metaspace", .split = "lines"};
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    StepProgressBar bar;
    const absl::StatusOr<PieceCounts> counts = Count(options(), Defaults(), bar.reading(), report);
    if (!counts.ok()) return counts.status();
    UnigramTrainerOptions unigram = unigram_;
    unigram.vocab_size = options().vocab_size;
    unigram.unk_token = options().unk_token.value_or("<unk>");
    for (const std::string& token : options().special_tokens) {
      unigram.special_tokens.push_back({.content = token});
    }
    unigram.n_threads = options().corpus.n_threads;
    UnigramProgress last;
    uint64_t n_first = 0;
    unigram.progress = [&](const UnigramProgress& progress) {
      if (progress.step == UnigramProgress::Step::kSeeds) n_first = progress.n_tokens;
      last = progress;
      bar.Show("train", ShareDone(progress, n_first), 1, std::to_string(progress.n_tokens) + " tokens");
      return true;
    };
    absl::StatusOr<TokenizerSpec> spec = TrainUnigram(*counts, unigram);
    if (!spec.ok()) return spec.status();
    report->EndPhase("train");
    report->AddStage({{"unique_pieces", counts->n_unique()},
                      {"seeds", n_first},
                      {"maximizations", last.n_maximizations},
                      {"loss", last.loss}});
    return spec;
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 8; }
  std::vector<Format> Formats() const override {
    return {Format::kTokenizerJson, Format::kSentencePiece, Format::kImage};
  }
  std::string WhyFewer() const override { return "no more strings occur again in the text"; }

 private:
  UnigramTrainerOptions unigram_;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeUnigramKind(const TrainOptions& options) {
  return std::make_unique<UnigramKind>(options);
}

}  // namespace tok::cli
