#include "cli/train/checkpoint_keeper.h"

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace tok::cli {

std::string CheckpointPath(const std::string& output) {
  return output.substr(0, output.find_last_not_of('/') + 1) + ".checkpoint.tok";
}

CheckpointKeeper::CheckpointKeeper(const TrainOptions& options)
    : path_(CheckpointPath(options.output)),
      resumes_(options.resume),
      interval_(options.checkpoint_seconds) {}

absl::StatusOr<std::optional<TrainingCheckpoint>> CheckpointKeeper::Resume() {
  std::error_code error;
  const bool is_there = std::filesystem::exists(path_, error);
  if (!resumes_ && is_there) {
    return MakeError(ErrorCode::kUsage, path_, "was left by an interrupted training",
                     "add --resume to go on from it, or remove it to train anew");
  }
  if (!resumes_) return std::nullopt;
  if (!is_there) {
    std::fprintf(stderr, "%s is not there: training from the beginning\n", path_.c_str());
    return std::nullopt;
  }
  absl::StatusOr<TrainingCheckpoint> checkpoint = ReadCheckpoint(path_);
  if (!checkpoint.ok()) return checkpoint.status();
  n_tokens_saved_ = checkpoint->spec.vocabulary.size();
  std::fprintf(stderr, "%s: resuming at %" PRIu64 " tokens\n", path_.c_str(), n_tokens_saved_);
  return *std::move(checkpoint);
}

std::function<bool(const MergeProgress&)> CheckpointKeeper::Watch(
    std::function<bool(const MergeProgress&)> show) {
  return [this, show = std::move(show)](const MergeProgress& progress) {
    return show(progress) && Note(progress);
  };
}

bool CheckpointKeeper::Note(const MergeProgress& progress) {
  if (!deferred_) deferred_.emplace();
  const bool is_interrupted = NotedInterrupt() != 0;
  unsaved_.reset();
  if (!progress.checkpoint) return !is_interrupted;
  if (is_interrupted || Clock::now() - last_saved_ >= interval_) {
    saved_ = Save(progress.checkpoint());
    // A disk that is full now may not be later, and is no reason to lose the training.
    if (!saved_.ok() && !is_interrupted) {
      std::fprintf(stderr, "warning: no checkpoint was saved: %s\n", std::string(saved_.message()).c_str());
    }
  } else if (progress.ends_stage) {
    if (absl::StatusOr<TrainingCheckpoint> end = progress.checkpoint(); end.ok()) unsaved_ = *std::move(end);
  }
  return !is_interrupted;
}

absl::Status CheckpointKeeper::Save(const absl::StatusOr<TrainingCheckpoint>& checkpoint) {
  last_saved_ = Clock::now();
  if (!checkpoint.ok()) return checkpoint.status();
  absl::Status status = WriteCheckpoint(*checkpoint, path_);
  if (status.ok()) n_tokens_saved_ = checkpoint->spec.vocabulary.size();
  return status;
}

absl::Status CheckpointKeeper::Explain(const absl::Status& status) {
  constexpr std::string_view kCode = "TOK-E040 ", kPlace = "checkpoint: ";
  if (std::string(status.message()).compare(kCode.size(), kPlace.size(), kPlace) == 0)
    return AtPlace(path_, status);
  if (ErrorCodeOf(status) != ErrorCode::kInterrupted) return status;
  if (unsaved_) saved_ = Save(*unsaved_);
  const std::string saved =
      n_tokens_saved_ == 0 ? "" : path_ + " has the " + std::to_string(n_tokens_saved_) + " tokens so far";
  if (!saved_.ok()) {
    return MakeError(ErrorCode::kInterrupted, "training",
                     "interrupted, and its state could not be saved: " + std::string(saved_.message()),
                     saved.empty() ? "" : "an earlier one could: " + saved);
  }
  if (saved.empty()) return status;
  return MakeError(ErrorCode::kInterrupted, "training", "interrupted; " + saved,
                   "the same command with --resume goes on from there");
}

}  // namespace tok::cli
