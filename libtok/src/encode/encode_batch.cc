// Many documents on many threads: ids of all of them, one after the other.
//
// Documents are grouped into runs, which threads take in order. The ids of finished runs are put together while others are
// still being encoded, by whichever thread finds that nobody else does: done at the end, it would be a quarter of the time.
// Memory of runs goes from one to the next: first touches are slow, and wait for each other when many threads make them.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/base/zeroed_pages.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr size_t kRunBytes = 1 << 18;

struct Run {
  size_t first, last;
  std::vector<TokenId> ids;
  std::vector<uint64_t> ends;
  absl::Status status;
  std::atomic<bool> done = false;

  Run(size_t first_document, size_t last_document) : first(first_document), last(last_document) {}
};

// Runs of documents of about equal size, in order.
std::vector<std::unique_ptr<Run>> CutIntoRuns(std::span<const std::string_view> documents) {
  std::vector<std::unique_ptr<Run>> runs;
  size_t n_bytes = kRunBytes;
  for (size_t d = 0; d < documents.size(); ++d) {
    if (n_bytes >= kRunBytes) {
      runs.push_back(std::make_unique<Run>(d, d));
      n_bytes = 0;
    }
    runs.back()->last = d + 1;
    n_bytes += documents[d].size() + 1;
  }
  return runs;
}

class BatchResult {
 public:
  BatchResult(size_t n_documents, size_t n_bytes, std::vector<std::unique_ptr<Run>> runs)
      : runs_(std::move(runs)) {
    result_.offsets.reserve(n_documents + 1);
    result_.offsets.push_back(0);
    result_.ids.reserve(n_bytes / kBytesPerId);
    AskForLargePages(result_.ids.data(), result_.ids.capacity() * sizeof(TokenId));
  }

  size_t n_runs() const { return runs_.size(); }
  Run& run(size_t r) { return *runs_[r]; }

  // An empty vector, with the memory of a run that was taken if there is one.
  std::vector<TokenId> MakeIds() {
    const std::lock_guard<std::mutex> lock(spare_mutex_);
    if (spare_.empty()) return {};
    std::vector<TokenId> ids = std::move(spare_.back());
    spare_.pop_back();
    return ids;
  }

  // Takes all runs that are finished and follow those taken before, unless another thread is at it.
  void TakeFinished() {
    while (IsNextDone()) {
      const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
      if (!lock.owns_lock()) return;  // its owner looks again after letting go
      while (IsNextDone()) Take(runs_[next_.load(std::memory_order_relaxed)].get());
    }
  }

  absl::StatusOr<RaggedIds> Finish() && {
    TakeFinished();
    TOK_RETURN_IF_ERROR(status_);
    return std::move(result_);
  }

 private:
  // Of text with fewer bytes to an id the vector grows once more.
  static constexpr size_t kBytesPerId = 3;

  bool IsNextDone() const {
    const size_t next = next_.load(std::memory_order_relaxed);
    return next < runs_.size() && runs_[next]->done.load(std::memory_order_acquire);
  }
  void Take(Run* run) {
    if (status_.ok()) status_ = run->status;
    const uint64_t base = result_.ids.size();
    for (const uint64_t end : run->ends) result_.offsets.push_back(base + end);
    result_.ids.insert(result_.ids.end(), run->ids.begin(), run->ids.end());
    run->ids.clear();
    {
      const std::lock_guard<std::mutex> lock(spare_mutex_);
      spare_.push_back(std::move(run->ids));
    }
    run->ends = {};
    next_.fetch_add(1, std::memory_order_relaxed);
  }

  std::vector<std::unique_ptr<Run>> runs_;
  std::mutex mutex_;              // whoever holds it changes what follows
  std::atomic<size_t> next_ = 0;  // run to be taken
  RaggedIds result_;
  absl::Status status_;  // of the first document that failed
  std::mutex spare_mutex_;
  std::vector<std::vector<TokenId>> spare_;
};

}  // namespace

absl::StatusOr<RaggedIds> Tokenizer::EncodeBatch(std::span<const std::string_view> documents,
                                                 const EncodeOptions& options, unsigned n_threads) const {
  size_t n_bytes = 0;
  for (const std::string_view document : documents) n_bytes += document.size();
  BatchResult result(documents.size(), n_bytes, CutIntoRuns(documents));
  ParallelFor(result.n_runs(), n_threads, [&](size_t r) {
    Run& run = result.run(r);
    run.ids = result.MakeIds();
    for (size_t d = run.first; d < run.last; ++d) {
      const absl::Status status = EncodeTo(documents[d], options, &run.ids);
      if (!status.ok()) {
        run.status = AtPlace(Concat("document ", d), status);
        break;
      }
      run.ends.push_back(run.ids.size());
    }
    run.done.store(true, std::memory_order_release);
    result.TakeFinished();
  });
  return std::move(result).Finish();
}

}  // namespace tok
