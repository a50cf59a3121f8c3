#include "bindings/count_documents.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <utility>

#include "bindings/document_batches.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr size_t kBatchBytes = size_t{16} << 20, kLeastBatch = size_t{1} << 16;
constexpr uint64_t kBatchesInBudget = 32;
constexpr std::chrono::milliseconds kBetweenLooks(100);

size_t BatchBytes(uint64_t n_memory_bytes) {
  if (n_memory_bytes == 0) return kBatchBytes;
  return std::clamp<size_t>(n_memory_bytes / kBatchesInBudget, kLeastBatch, kBatchBytes);
}

// Counts one batch at a time, beside its caller. Used with the GIL held.
class BesideCounter {
 public:
  BesideCounter(const PieceRules& rules, PieceCounterOptions options, TrainingProgress* progress)
      : progress_(*progress), counter_(ValueOrRaise(PieceCounter::Create(rules, WithStop(&options)))) {}
  ~BesideCounter() {
    stops_ = true;
    if (!running_.valid()) return;
    const py::gil_scoped_release released;
    running_.wait();
  }

  // Returns as soon as the batch before is counted.
  void Add(DocumentBatch batch) {
    Wait();
    batch_ = std::move(batch);
    running_ = std::async(std::launch::async, [this] {
      const std::vector<std::string_view> documents = batch_.views();
      const absl::Status status = counter_.Add(documents);
      progress_.reading()->n_bytes_read += batch_.bytes().size();
      return status;
    });
    Look();
  }

  PieceCounts Finish() {
    Wait();
    return LongCall([&](const GoesOn&) { return std::move(counter_).Finish(); }, progress_.teller());
  }

 private:
  PieceCounterOptions WithStop(PieceCounterOptions* options) {
    options->goes_on = [this] { return !stops_.load(std::memory_order_relaxed); };
    return *options;
  }

  void Wait() {
    while (running_.valid()) {
      const auto is_over = [&] {
        const py::gil_scoped_release released;
        return running_.wait_for(kBetweenLooks) == std::future_status::ready;
      };
      if (is_over()) return RaiseIfError(running_.get());
      Look();
    }
  }

  void Look() {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    progress_.Tell();
  }

  std::atomic<bool> stops_{false};
  TrainingProgress& progress_;
  PieceCounter counter_;
  DocumentBatch batch_;                // being counted
  std::future<absl::Status> running_;  // after what it works on: waits for it when it goes
};

}  // namespace

PieceCounts CountDocuments(const py::iterable& documents, const PieceRules& rules,
                           PieceCounterOptions options, TrainingProgress* progress) {
  DocumentBatches batches(documents, BatchBytes(options.n_memory_bytes));
  BesideCounter counter(rules, std::move(options), progress);
  for (DocumentBatch batch = batches.Next(); batch.size() > 0; batch = batches.Next()) {
    counter.Add(std::move(batch));
  }
  return counter.Finish();
}

}  // namespace tok::python
