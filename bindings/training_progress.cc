#include "bindings/training_progress.h"

#include <utility>

namespace py = pybind11;

namespace tok::python {

TrainingProgress::TrainingProgress(py::object report, std::string first)
    : report_(std::move(report)), is_reading_(true) {
  state_.phase = std::move(first);
}

void TrainingProgress::Set(State state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
  is_reading_ = false;
}

void TrainingProgress::SetMerges(const MergeProgress& progress, const char* merges) {
  Set({.phase = merges,
       .done = progress.n_tokens,
       .total = progress.vocab_size,
       .n_tokens = progress.n_tokens,
       .vocab_size = progress.vocab_size,
       .last_count = progress.last_count});
}

void TrainingProgress::SetReading(const char* phase) {
  const std::lock_guard lock(mutex_);
  state_.phase = phase;
  is_reading_ = true;
}

void TrainingProgress::Tell() {
  if (report_.is_none()) return;
  State now;
  const uint64_t n_bytes_read = reading_.n_bytes_read;
  {
    const std::lock_guard lock(mutex_);
    now = state_;
    if (is_reading_) {
      now.done = n_bytes_read;
      now.total = reading_.n_bytes_total;
    }
  }
  report_(now.phase, now.done, now.total, now.n_tokens, now.vocab_size, now.last_count, n_bytes_read);
}

}  // namespace tok::python
