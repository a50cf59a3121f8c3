// bindings/training_progress.h: how far a training is: written by the library in its threads, told to Python in the caller's.
#ifndef TOK_BINDINGS_TRAINING_PROGRESS_H_
#define TOK_BINDINGS_TRAINING_PROGRESS_H_

#include <pybind11/pybind11.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "tok/encode_files.h"
#include "tok/train_bpe.h"

namespace tok::python {

class TrainingProgress {
 public:
  // What there is to know of a phase beside the bytes that were read. Where nothing is known, `total` is 0.
  struct State {
    std::string phase;
    uint64_t done = 0, total = 0;  // of what the phase counts: bytes, tokens, steps
    uint64_t n_tokens = 0, vocab_size = 0, last_count = 0;
  };

  // `report`: None, or a callable of (phase, done, total, n_tokens, vocab_size, last_count, n_bytes_read). `first` is the phase
  // that reads text, if any does.
  TrainingProgress(pybind11::object report, std::string first);

  // For the library, which tells it how much was read.
  FileJobProgress* reading() { return &reading_; }
  void Set(State state);
  // For trainings by merges: reading in between, `reads` by name, and merging, `merges`.
  void SetMerges(const MergeProgress& progress, const char* merges);
  void SetReading(const char* phase);

  // Calls `report` with the GIL held; raises what that raises.
  void Tell();
  // The same, for LongCall.
  std::function<void()> teller() {
    return [this] { Tell(); };
  }

 private:
  const pybind11::object report_;
  FileJobProgress reading_;
  std::mutex mutex_;  // of what follows
  State state_;
  bool is_reading_;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_TRAINING_PROGRESS_H_
