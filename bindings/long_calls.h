// bindings/long_calls.h: work beside which Python lives on: Ctrl-C ends it, and progress is told.
//
// Model: work that may take long runs on a thread of its own. Its caller waits without the GIL; ten times a second it takes the
// GIL, lets Python handle signals and calls `report`. What either raises ends the work, whose `goes_on` says so, and is raised
// from the call. So Python code runs in the thread that called, and never while the library holds anything.
// Exit: a thread that asks for the GIL of an interpreter that has ended is unwound, through C++ that cannot be. So the interpreter
// ends only after the calls that run then, which it asks to stop and whose threads go no further; after that, daemon threads keep
// the GIL in their calls.
// Fork: `report` may fork. In the child the call raises as soon as `report` is over: its work is not there.
// Cost: starting a thread, some 30 microseconds.
#ifndef TOK_BINDINGS_LONG_CALLS_H_
#define TOK_BINDINGS_LONG_CALLS_H_

#include <pybind11/pybind11.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "bindings/errors.h"

namespace tok::python {

// Once, as the module is loaded.
void EndCallsAtExit();

// The interpreter waits for it before it ends. Made and gone with the GIL held.
class RunningCall {
 public:
  RunningCall();
  ~RunningCall();
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;
  // Whether this is a child of the process that made it.
  bool IsForked() const;

 private:
  const unsigned n_forks_;
};

// Without the GIL while it lives, unless the interpreter ends.
class WithoutGil {
 public:
  WithoutGil();
  ~WithoutGil();
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  const RunningCall call_;
  PyThreadState* const state_;
};

// What the library asks, from any thread, whether to go on.
using GoesOn = std::function<bool()>;

// Works on a thread of its own, one piece of work at a time. Used with the GIL held.
class BesidePython {
 public:
  BesidePython() = default;
  ~BesidePython() { Stop(); }
  GoesOn goes_on() const;
  // Requires that the work before was waited for.
  void Start(std::function<void()> work);
  // Raises what handling signals, `report` (may be empty) or the work itself raised, in this order.
  void Wait(const std::function<void()>& report);
  // Ends the work and waits for it.
  void Stop();

 private:
  bool IsOverSoon();
  void Join();

  const RunningCall call_;
  std::atomic<bool> stops_{false};
  std::exception_ptr thrown_;  // by the work
  std::mutex mutex_;           // of what follows
  std::condition_variable over_;
  bool is_over_ = false;
  std::unique_ptr<std::thread> worker_;
};

// The value that work(goes_on), a StatusOr, has; or its error, raised. Or what BesidePython::Wait raises.
template <typename Work>
auto LongCall(const Work& work, const std::function<void()>& report = {}) {
  std::optional<decltype(work(GoesOn()))> result;
  BesidePython beside;
  beside.Start([&] { result.emplace(work(beside.goes_on())); });
  beside.Wait(report);
  return ValueOrRaise(*std::move(result));
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_LONG_CALLS_H_
