#include "cli/train/merge_progress.h"
#include "cli/train/training_kind.h"
#include "tok/train_bpe.h"

namespace tok::cli {
namespace {

class BpeKind final : public TrainingKind {
 public:
  explicit BpeKind(const TrainOptions& options) : TrainingKind("bpe", options) {}

  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--min-frequency", "--max-token-length", "--alphabet",
         "--limit-alphabet"},
        parser, modes);
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    MergeProgressBar bar;
    const absl::StatusOr<PieceCounts> counts = options().Pieces("file", bar.reading());
    if (!counts.ok()) return counts.status();
    report->SetCorpus(counts->origin().n_bytes, counts->origin().n_documents);
    report->EndPhase("count");
    BpeTrainerOptions bpe = options().Bpe();
    bpe.progress = bar.merging();
    absl::StatusOr<BpeTraining> trained = TrainBpe(*counts, bpe);
    if (!trained.ok()) return trained.status();
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    return std::move(trained->spec);
  }

  // Of different pieces, which grow as the square root of text or so.
  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3 / 2; }
};

}  // namespace

std::unique_ptr<TrainingKind> MakeBpeKind(const TrainOptions& options) {
  return std::make_unique<BpeKind>(options);
}

}  // namespace tok::cli
