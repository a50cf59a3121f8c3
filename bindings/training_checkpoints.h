// bindings/training_checkpoints.h: a training that can be taken up again: its state is saved now and then, at the end of a stage,
// and when it is stopped.
//
// Model: the file is written whole or not at all, and gone once the training is over. One that is there is never overwritten by a
// training that does not go on from it.
#ifndef TOK_BINDINGS_TRAINING_CHECKPOINTS_H_
#define TOK_BINDINGS_TRAINING_CHECKPOINTS_H_

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok::python {

class TrainingCheckpoints {
 public:
  // Takes up what is there, if `resumes`. Errors: those of ReadCheckpoint; TOK-E040 if there is a file, and nobody resumes.
  static absl::StatusOr<TrainingCheckpoints> Open(std::string path, double seconds, bool resumes);

  const std::string& path() const { return path_; }
  const std::optional<TrainingCheckpoint>& resumed() const { return resumed_; }
  // From within the trainer's progress. `is_last`: it is about to stop.
  void Note(const MergeProgress& progress, bool is_last);
  // The training is over. Errors: of the last attempt to save, if it failed; the training is none the worse.
  absl::Status End();

 private:
  using Clock = std::chrono::steady_clock;

  TrainingCheckpoints(std::string path, double seconds) : path_(std::move(path)), interval_(seconds) {}

  std::string path_;
  std::chrono::duration<double> interval_;
  std::optional<TrainingCheckpoint> resumed_;
  Clock::time_point last_saved_ = Clock::now();
  absl::Status saved_;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_TRAINING_CHECKPOINTS_H_
