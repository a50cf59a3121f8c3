#include "cli/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <string_view>

#include "cli/exit_codes.h"
#include "cli/progress.h"
#include "tok/output.h"

namespace tok::cli {
namespace {

constexpr int kSignalBase = 128;
constexpr int kStandardError = 2;

// Lock-free, and so fit for a handler.
std::atomic<bool> is_deferring{false};
std::atomic<int> noted_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void Say(std::string_view text) {
  // Nothing can be done about a failure here.
  if (write(kStandardError, text.data(), text.size()) < 0) return;
}

void EndOnSignal(int number) {
  int none = 0;
  if (is_deferring && number != SIGHUP && noted_signal.compare_exchange_strong(none, number)) return;
  RemoveTemporaryFiles();
  if (IsProgressShown()) Say("\r\033[K");
  _exit(kSignalBase + number);
}

void EndOnTruncation(int) {
  RemoveTemporaryFiles();
  Say("error: TOK-E002 input: a file was truncated while it was being read; leave inputs alone during a "
      "run\n");
  _exit(kExitData);
}

void Handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // what a noted signal interrupts goes on
  sigfillset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

// A parent that ignores a signal (nohup) wants it ignored here too.
void HandleUnlessIgnored(int number, void (*handler)(int)) {
  struct sigaction before {};
  if (sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) return;
  Handle(number, handler);
}

}  // namespace

void InstallSignalHandlers() {
  HandleUnlessIgnored(SIGINT, EndOnSignal);
  HandleUnlessIgnored(SIGTERM, EndOnSignal);
  HandleUnlessIgnored(SIGHUP, EndOnSignal);
  Handle(SIGBUS, EndOnTruncation);
  Handle(SIGPIPE, SIG_IGN);
  Handle(SIGXFSZ, SIG_IGN);  // writing reports EFBIG instead
}

DeferredInterrupts::DeferredInterrupts() { is_deferring = true; }
DeferredInterrupts::~DeferredInterrupts() { is_deferring = false; }
void DeferInterruptsUntilExit() { is_deferring = true; }

int NotedInterrupt() {
  const int number = noted_signal;
  return number == 0 ? 0 : kSignalBase + number;
}

}  // namespace tok::cli
