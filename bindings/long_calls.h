// bindings/long_calls.h: work beside which Python lives on: Ctrl-C ends it, and progress is told.
//
// Model: work that may take long runs on a thread of its own. Its caller waits without the GIL; ten times a second it takes the
// GIL, lets Python handle signals and calls `report`. What either raises ends the work, whose `goes_on` says so, and is raised
// from the call. So Python code runs in the thread that called, and never while the library holds anything.
// Cost: starting a thread, some 30 microseconds.
#ifndef TOK_BINDINGS_LONG_CALLS_H_
#define TOK_BINDINGS_LONG_CALLS_H_

#include <functional>
#include <optional>
#include <utility>

#include "bindings/errors.h"

namespace tok::python {

// What the library asks, from any thread, whether to go on.
using GoesOn = std::function<bool()>;

// Runs `work` to its end. Raises what handling signals, `report` (may be empty) or `work` itself raised, in this order.
void RunBesidePython(const std::function<void(const GoesOn&)>& work, const std::function<void()>& report);

// The value that work(goes_on), a StatusOr, has; or its error, raised.
template <typename Work>
auto LongCall(const Work& work, const std::function<void()>& report = {}) {
  std::optional<decltype(work(GoesOn()))> result;
  RunBesidePython([&](const GoesOn& goes_on) { result.emplace(work(goes_on)); }, report);
  return ValueOrRaise(*std::move(result));
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_LONG_CALLS_H_
