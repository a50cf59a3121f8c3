// cli/train/step_progress.h: a progress bar over the steps of a training that merges nothing.
#ifndef TOK_CLI_TRAIN_STEP_PROGRESS_H_
#define TOK_CLI_TRAIN_STEP_PROGRESS_H_

#include <mutex>
#include <string>

#include "cli/progress.h"
#include "tok/encode_files.h"

namespace tok::cli {

// Shows the reading of text until the first step, then what the last one said.
class StepProgressBar {
 public:
  StepProgressBar() : bar_([this](double seconds) { return Line(seconds); }) {}

  FileJobProgress* reading() { return &reading_; }
  void Show(double share, std::string what) {
    const std::lock_guard lock(mutex_);
    line_ = RenderShare("train", share, what);
  }

 private:
  std::string Line(double seconds) {
    const std::lock_guard lock(mutex_);
    if (!line_.empty()) return line_;
    return RenderProgress("read", reading_.n_bytes_read, reading_.n_bytes_total, seconds);
  }

  FileJobProgress reading_;
  std::mutex mutex_;
  std::string line_;
  const ProgressBar bar_;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_STEP_PROGRESS_H_
