// cli/step_progress.h: a progress bar over work that goes in steps: text is read, then the steps say how far they are.
#ifndef TOK_CLI_STEP_PROGRESS_H_
#define TOK_CLI_STEP_PROGRESS_H_

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
  // "verb  [####    ]  50%  what"; n_all 0 is all of it to do.
  void Show(const std::string& verb, double n_done, double n_all, const std::string& what) {
    const std::lock_guard lock(mutex_);
    line_ = RenderShare(verb, n_all > 0 ? n_done / n_all : 0, what);
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

#endif  // TOK_CLI_STEP_PROGRESS_H_
