#include "cli/train/merge_progress.h"
#include "cli/train/training_kind.h"
#include "tok/formats.h"
#include "tok/train_picky.h"

namespace tok::cli {
namespace {

class PickyKind final : public TrainingKind {
 public:
  explicit PickyKind(const TrainOptions& options) : TrainingKind("picky", options) {}

  // No --alphabet: what is deleted falls apart into bytes.
  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--min-frequency", "--max-token-length"}, parser, modes);
    modes->For(
        {name()},
        parser
            ->add_option("--threshold", threshold_,
                         "Delete a token when merges take at least this share of its places (default: 0.9)")
            ->type_name("X"));
  }

  absl::Status Check() const override { return CheckTrainerOptions(Options()); }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    MergeProgressBar bar;
    const absl::StatusOr<PieceCounts> counts = Count(options(), {}, bar.reading(), report);
    if (!counts.ok()) return counts.status();
    PickyOptions picky = Options();
    picky.bpe.progress = bar.merging();
    absl::StatusOr<PickyTraining> trained = TrainPicky(*counts, picky);
    if (!trained.ok()) return trained.status();
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    report->AddFact("deletions", trained->n_deletions,
                    std::to_string(trained->n_deletions) + " tokens deleted, " +
                        std::to_string(trained->n_returns) + " of them came back");
    report->AddFact("returns", trained->n_returns);
    return std::move(trained->spec);
  }

  // Of different pieces, as for bpe; each symbol of them takes more.
  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3; }

  // No other format says that tokens are split again.
  std::vector<Format> Formats() const override { return {Format::kImage}; }

 private:
  PickyOptions Options() const { return {options().Bpe(), threshold_}; }

  double threshold_ = PickyOptions().threshold;
};

}  // namespace

std::unique_ptr<TrainingKind> MakePickyKind(const TrainOptions& options) {
  return std::make_unique<PickyKind>(options);
}

}  // namespace tok::cli
