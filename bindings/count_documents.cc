#include "bindings/count_documents.h"

#include <algorithm>
#include <utility>

#include "bindings/document_batches.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr size_t kBatchBytes = size_t{16} << 20, kLeastBatch = size_t{1} << 16;
constexpr uint64_t kBatchesInBudget = 32;

size_t BatchBytes(uint64_t n_memory_bytes) {
  if (n_memory_bytes == 0) return kBatchBytes;
  return std::clamp<size_t>(n_memory_bytes / kBatchesInBudget, kLeastBatch, kBatchBytes);
}

// Counts one batch at a time, beside its caller. Used with the GIL held.
class BesideCounter {
 public:
  BesideCounter(const PieceRules& rules, PieceCounterOptions options, TrainingProgress* progress)
      : progress_(*progress), counter_(ValueOrRaise(PieceCounter::Create(rules, WithStop(&options)))) {}
  ~BesideCounter() { beside_.Stop(); }

  // Returns as soon as the batch before is counted.
  void Add(DocumentBatch batch) {
    Wait();
    batch_ = std::move(batch);
    beside_.Start([this] {
      const std::vector<std::string_view> documents = batch_.views();
      status_ = counter_.Add(documents);
      progress_.reading()->n_bytes_read += batch_.bytes().size();
    });
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    progress_.Tell();
  }

  PieceCounts Finish() {
    Wait();
    return LongCall([&](const GoesOn&) { return std::move(counter_).Finish(); }, progress_.teller());
  }

 private:
  PieceCounterOptions WithStop(PieceCounterOptions* options) {
    options->goes_on = beside_.goes_on();
    return *options;
  }

  void Wait() {
    beside_.Wait(progress_.teller());
    RaiseIfError(status_);
  }

  TrainingProgress& progress_;
  DocumentBatch batch_;  // being counted
  absl::Status status_;  // of the batch before
  BesidePython beside_;
  PieceCounter counter_;
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
