// cli/train/merge_progress.h: a progress bar over the merges of a training.
#ifndef TOK_CLI_TRAIN_MERGE_PROGRESS_H_
#define TOK_CLI_TRAIN_MERGE_PROGRESS_H_

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>

#include "cli/progress.h"
#include "cli/resources.h"
#include "cli/sizes.h"
#include "tok/encode_files.h"
#include "tok/train_bpe.h"

namespace tok::cli {

// Shows the reading of text while there are no merges, then the merges; with the memory that all of it takes. A stage after
// another is a new bar.
class MergeProgressBar {
 public:
  MergeProgressBar() : bar_([this](double) { return Line() + "  " + FormatBytes(CurrentRss()); }) {}

  FileJobProgress* reading() { return &reading_; }
  std::function<bool(const MergeProgress&)> merging() {
    return [this](const MergeProgress& progress) {
      n_tokens_ = progress.n_tokens;
      vocab_size_ = progress.vocab_size;
      last_count_ = progress.last_count;
      if (is_reading_ || progress.ends_stage) {
        n_first_ = progress.n_tokens;
        begin_ = Clock::now();
      }
      is_reading_ = progress.ends_stage;
      return true;
    };
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::string Line() const {
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_.load()).count();
    if (is_reading_) return RenderProgress("read", reading_.n_bytes_read, reading_.n_bytes_total, seconds);
    const auto n_done = static_cast<double>(n_tokens_ - n_first_),
               n_all = static_cast<double>(vocab_size_ - n_first_);
    double share = 0;
    std::string rate;
    if (n_done > 0 && n_all >= n_done) {
      // Early merges take most of the time, as the logarithm of their number, late ones all as much: it is between the two.
      const double logarithm = std::log1p(n_done) / std::log1p(n_all);
      const double left = seconds * std::sqrt((1 / logarithm - 1) * (n_all / n_done - 1));
      share = seconds / (seconds + left);
      rate = "  " + std::to_string(static_cast<uint64_t>(n_done / seconds)) + "/s  " +
             std::to_string(static_cast<uint64_t>(left) + 1) + " s left";
    }
    return RenderShare("merge", share,
                       std::to_string(n_tokens_) + " of " + std::to_string(vocab_size_) +
                           " tokens, the last of " + std::to_string(last_count_) + " occurrences" + rate);
  }

  // The bar reads in a thread of its own.
  FileJobProgress reading_;
  std::atomic<bool> is_reading_{true};
  std::atomic<uint64_t> n_tokens_{0}, n_first_{0}, vocab_size_{0}, last_count_{0};
  std::atomic<Clock::time_point> begin_{Clock::now()};
  const ProgressBar bar_;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_MERGE_PROGRESS_H_
