// cli/train/merge_training.h: what trainings by merges have in common: a bar, checkpoints, a phase of the report.
#ifndef TOK_CLI_TRAIN_MERGE_TRAINING_H_
#define TOK_CLI_TRAIN_MERGE_TRAINING_H_

#include <optional>
#include <utility>

#include "cli/train/checkpoint_keeper.h"
#include "cli/train/merge_progress.h"
#include "cli/train/train_options.h"
#include "cli/train/training_report.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok::cli {

class MergeTraining {
 public:
  explicit MergeTraining(const TrainOptions& options) : keeper_(options) {}

  // First of all: takes up what --resume finds, and has the trainer report to the bar and save its state.
  absl::Status Begin(BpeTrainerOptions* trainer) {
    absl::StatusOr<std::optional<TrainingCheckpoint>> resumed = keeper_.Resume();
    if (!resumed.ok()) return resumed.status();
    bar_.emplace();
    trainer->resume = *std::move(resumed);
    trainer->progress = keeper_.Watch(bar_->merging());
    return absl::OkStatus();
  }
  FileJobProgress* reading() { return bar_->reading(); }
  absl::StatusOr<TokenizerSpec> End(absl::StatusOr<BpeTraining> trained, TrainingReport* report) {
    if (!trained.ok()) return Explain(trained.status());
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    return std::move(trained->spec);
  }
  // The trainer's error, with what was saved.
  absl::Status Explain(const absl::Status& status) { return keeper_.Explain(status); }

 private:
  CheckpointKeeper keeper_;
  std::optional<MergeProgressBar> bar_;  // not before the keeper has had its say
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_MERGE_TRAINING_H_
