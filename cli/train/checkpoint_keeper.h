// cli/train/checkpoint_keeper.h: a training that can be interrupted: its state is saved now and then, and when Ctrl-C asks it
// to stop; --resume takes it up.
//
// Model: OUT.checkpoint.tok, written whole or not at all, gone once OUT is written. Trainings that are over before the first
// interval leave and make none. One that is there is never overwritten by a training that does not go on from it.
#ifndef TOK_CLI_TRAIN_CHECKPOINT_KEEPER_H_
#define TOK_CLI_TRAIN_CHECKPOINT_KEEPER_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "cli/signals.h"
#include "cli/train/train_options.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok::cli {

std::string CheckpointPath(const std::string& output);

class CheckpointKeeper {
 public:
  explicit CheckpointKeeper(const TrainOptions& options);

  // What --resume takes up, if anything; says so. Errors: those of ReadCheckpoint; TOK-E040 if there is a checkpoint, and no
  // --resume.
  absl::StatusOr<std::optional<TrainingCheckpoint>> Resume();
  // A trainer's `progress`, which calls `show` first. From the first merge on an interrupt ends the training there.
  std::function<bool(const MergeProgress&)> Watch(std::function<bool(const MergeProgress&)> show);
  // The trainer's error; if it is an interrupt, what was saved for --resume. Saves what was not yet.
  absl::Status Explain(const absl::Status& status);

 private:
  using Clock = std::chrono::steady_clock;

  bool Note(const MergeProgress& progress);
  absl::Status Save(const absl::StatusOr<TrainingCheckpoint>& checkpoint);

  const std::string path_;
  const bool resumes_;
  const std::chrono::duration<double> interval_;
  Clock::time_point last_saved_ = Clock::now();
  std::optional<DeferredInterrupts> deferred_;
  std::optional<TrainingCheckpoint> unsaved_;  // the end of a stage
  absl::Status saved_;                         // how it went when an interrupt asked for it
  uint64_t n_tokens_saved_ = 0;                // 0: none that goes on here
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_CHECKPOINT_KEEPER_H_
