#include "bindings/long_calls.h"

#include <pthread.h>

#include <chrono>
#include <stdexcept>

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks(100), kBetweenLooksAtExit(1);

std::atomic<bool> exits{false};      // the interpreter
std::thread::id exiting_thread;      // once it does
std::atomic<int> n_running{0};       // RunningCalls of this process
thread_local int n_running_here{0};  // of them, those of this thread
std::atomic<unsigned> n_forks{0};    // that this process is away from the one that loaded the module

// A thread whose call was ended by the exit stays here: it could only raise into an interpreter that ends, and print where
// printing ends the process.
[[noreturn]] void StayUntilTheEnd() {
  n_running -= n_running_here;
  PyEval_SaveThread();
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

void EndCalls() {
  exiting_thread = std::this_thread::get_id();
  exits = true;
  while (n_running > 0) {
    {
      const py::gil_scoped_release released;
      std::this_thread::sleep_for(kBetweenLooksAtExit);
    }
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
}

}  // namespace

void EndCallsAtExit() {
  pthread_atfork(nullptr, nullptr, [] {
    n_running = n_running_here = 0;
    ++n_forks;
  });
  py::module_::import("atexit").attr("register")(py::cpp_function(&EndCalls));
}

RunningCall::RunningCall() : n_forks_(n_forks) {
  ++n_running;
  ++n_running_here;
}
RunningCall::~RunningCall() {
  if (IsForked()) return;
  --n_running;
  --n_running_here;
}
bool RunningCall::IsForked() const { return n_forks_ != n_forks; }

WithoutGil::WithoutGil() : state_(exits ? nullptr : PyEval_SaveThread()) {}
WithoutGil::~WithoutGil() {
  if (state_ != nullptr) PyEval_RestoreThread(state_);
}

void BesidePython::Stop() {
  stops_ = true;
  Join();
}

GoesOn BesidePython::goes_on() const {
  return [this] { return !stops_.load(std::memory_order_relaxed) && !exits.load(std::memory_order_relaxed); };
}

void BesidePython::Start(std::function<void()> work) {
  is_over_ = false;
  worker_ = std::make_unique<std::thread>([this, work = std::move(work)] {
    try {
      work();
    } catch (...) {
      thrown_ = std::current_exception();
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
    over_.notify_one();
  });
}

void BesidePython::Wait(const std::function<void()>& report) {
  if (worker_ == nullptr) return;
  std::exception_ptr raised;
  while (!IsOverSoon()) {
    if (raised || exits) continue;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (report) report();
      if (call_.IsForked())
        throw std::runtime_error("this call goes on in the process that forked, not here");
    } catch (...) {
      if (call_.IsForked()) throw;
      raised = std::current_exception();
      stops_ = true;
    }
  }
  Join();
  if (exits && exiting_thread != std::this_thread::get_id()) StayUntilTheEnd();
  if (raised) std::rethrow_exception(raised);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

bool BesidePython::IsOverSoon() {
  const WithoutGil released;
  std::unique_lock<std::mutex> lock(mutex_);
  return over_.wait_for(lock, kBetweenLooks, [this] { return is_over_; });
}

void BesidePython::Join() {
  if (worker_ == nullptr) return;
  if (call_.IsForked()) {
    (void)worker_.release();  // which is not in this process, and can be neither joined nor forgotten
    return;
  }
  const WithoutGil released;
  worker_->join();
  worker_.reset();
}

}  // namespace tok::python
