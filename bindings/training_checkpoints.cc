#include "bindings/training_checkpoints.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace tok::python {

absl::StatusOr<TrainingCheckpoints> TrainingCheckpoints::Open(std::string path, double seconds,
                                                              bool resumes) {
  TrainingCheckpoints opened(std::move(path), seconds);
  std::error_code error;
  if (!std::filesystem::exists(opened.path_, error)) return opened;
  if (!resumes) {
    return MakeError(ErrorCode::kUsage, opened.path_, "was left by a training that was stopped",
                     "give resume=True to go on from it, or remove it to train anew");
  }
  absl::StatusOr<TrainingCheckpoint> checkpoint = ReadCheckpoint(opened.path_);
  if (!checkpoint.ok()) return checkpoint.status();
  opened.resumed_ = *std::move(checkpoint);
  return opened;
}

void TrainingCheckpoints::Note(const MergeProgress& progress, bool is_last) {
  if (!progress.checkpoint) return;
  if (!is_last && !progress.ends_stage && Clock::now() - last_saved_ < interval_) return;
  const absl::StatusOr<TrainingCheckpoint> checkpoint = progress.checkpoint();
  saved_ = checkpoint.ok() ? WriteCheckpoint(*checkpoint, path_) : checkpoint.status();
  last_saved_ = Clock::now();
}

absl::Status TrainingCheckpoints::End() {
  std::error_code error;
  std::filesystem::remove(path_, error);
  return saved_;
}

}  // namespace tok::python
