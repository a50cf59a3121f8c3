// cli/train/merge_progress.h: a progress bar over the merges of a training.
#ifndef TOK_CLI_TRAIN_MERGE_PROGRESS_H_
#define TOK_CLI_TRAIN_MERGE_PROGRESS_H_

#include <atomic>
#include <cmath>
#include <functional>
#include <string>

#include "cli/progress.h"
#include "tok/encode_files.h"
#include "tok/train_bpe.h"

namespace tok::cli {

// Shows the reading of text while there are no merges, then the merges. Early merges take most of the time: work grows about
// as the logarithm of their number.
class MergeProgressBar {
 public:
  MergeProgressBar() : bar_([this](double seconds) { return Line(seconds); }) {}

  FileJobProgress* reading() { return &reading_; }
  std::function<bool(const MergeProgress&)> merging() {
    return [this](const MergeProgress& progress) {
      n_tokens_ = progress.n_tokens;
      vocab_size_ = progress.vocab_size;
      last_count_ = progress.last_count;
      return true;
    };
  }

 private:
  std::string Line(double seconds) const {
    if (n_tokens_ == 0) return RenderProgress("read", reading_.n_bytes_read, reading_.n_bytes_total, seconds);
    const double share =
        std::log1p(static_cast<double>(n_tokens_)) / std::log1p(static_cast<double>(vocab_size_));
    return RenderShare("merge", share,
                       std::to_string(n_tokens_) + " of " + std::to_string(vocab_size_) +
                           " tokens, the last of " + std::to_string(last_count_) + " occurrences");
  }

  FileJobProgress reading_;
  std::atomic<uint64_t> n_tokens_{0}, vocab_size_{0}, last_count_{0};
  const ProgressBar bar_;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_MERGE_PROGRESS_H_
