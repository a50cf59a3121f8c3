// cli/progress.h: a progress bar on standard error: only on a terminal, only after a second (or what
// TOK_PROGRESS_DELAY_MS says).
//
// Model: a thread of its own polls the counters ten times a second and draws one line, which the destructor wipes.
#ifndef TOK_CLI_PROGRESS_H_
#define TOK_CLI_PROGRESS_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "tok/encode_files.h"

namespace tok::cli {

class ProgressBar {
 public:
  // The line to draw after so many seconds.
  using Render = std::function<std::string(double seconds)>;

  // Does nothing unless standard error is a terminal.
  explicit ProgressBar(Render render);
  ProgressBar(std::string verb, const FileJobProgress* progress);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

 private:
  void Run();

  const Render render_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::thread thread_;
};

// One line: "encode  [#####     ]  50%  1.2 GB  310 MB/s  3 s left"; without a total, what is known.
std::string RenderProgress(const std::string& verb, uint64_t n_done, uint64_t n_total, double seconds);
// "merge  [#####     ]  50%": a share of something that is no bytes; `what` stands behind it.
std::string RenderShare(const std::string& verb, double share, const std::string& what);

// Whether a bar is on the screen. Async-signal-safe.
bool IsProgressShown();

}  // namespace tok::cli

#endif  // TOK_CLI_PROGRESS_H_
