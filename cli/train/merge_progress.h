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

// Shows the reading of text while there are no merges, then the merges, with the memory that all of it takes. Early merges
// take most of the time: work grows about as the logarithm of their number.
class MergeProgressBar {
 public:
  MergeProgressBar()
      : bar_([this](double seconds) { return Line(seconds) + "  " + FormatBytes(CurrentRss()); }) {}

  FileJobProgress* reading() { return &reading_; }
  std::function<bool(const MergeProgress&)> merging() {
    return [this](const MergeProgress& progress) {
      if (is_reading_) Begin(progress);
      n_tokens_ = progress.n_tokens;
      last_count_ = progress.last_count;
      is_reading_ = progress.ends_stage;
      return true;
    };
  }

 private:
  using Clock = std::chrono::steady_clock;

  void Begin(const MergeProgress& progress) {
    vocab_size_ = progress.vocab_size;
    n_first_ = progress.n_tokens;
    begin_ = Clock::now();
  }

  std::string Line(double seconds) const {
    if (is_reading_) return RenderProgress("read", reading_.n_bytes_read, reading_.n_bytes_total, seconds);
    const double share = ShareOf(n_tokens_), done = share - ShareOf(n_first_);
    const double elapsed = std::chrono::duration<double>(Clock::now() - begin_.load()).count();
    std::string what = std::to_string(n_tokens_) + " of " + std::to_string(vocab_size_) +
                       " tokens, the last of " + std::to_string(last_count_) + " occurrences";
    if (done > 0 && elapsed > 0) {
      const double rate = static_cast<double>(n_tokens_ - n_first_) / elapsed;
      what += "  " + std::to_string(static_cast<uint64_t>(rate)) + "/s  " +
              std::to_string(static_cast<uint64_t>(elapsed * (1 - share) / done) + 1) + " s left";
    }
    return RenderShare("merge", share, what);
  }
  double ShareOf(uint64_t n_tokens) const {
    return std::log1p(static_cast<double>(n_tokens)) / std::log1p(static_cast<double>(vocab_size_));
  }

  // The bar reads in a thread of its own.
  FileJobProgress reading_;
  std::atomic<bool> is_reading_{true};
  std::atomic<uint64_t> n_tokens_{0}, n_first_{0}, vocab_size_{0}, last_count_{0};
  std::atomic<Clock::time_point> begin_{};
  const ProgressBar bar_;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_MERGE_PROGRESS_H_
