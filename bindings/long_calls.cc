#include "bindings/long_calls.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks(100);

class Watched {
 public:
  void Run(const std::function<void(const GoesOn&)>& work, const std::function<void()>& report) {
    {
      const py::gil_scoped_release released;
      std::thread worker([&] { Work(work); });
      while (!IsOverSoon()) Look(report);
      worker.join();
    }
    if (raised_) std::rethrow_exception(raised_);
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  void Work(const std::function<void(const GoesOn&)>& work) {
    try {
      work([this] { return !stops_.load(std::memory_order_relaxed); });
    } catch (...) {
      thrown_ = std::current_exception();
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
    over_.notify_one();
  }

  bool IsOverSoon() {
    std::unique_lock<std::mutex> lock(mutex_);
    return over_.wait_for(lock, kBetweenLooks, [this] { return is_over_; });
  }

  void Look(const std::function<void()>& report) {
    if (stops_) return;
    const py::gil_scoped_acquire acquired;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (report) report();
    } catch (...) {
      raised_ = std::current_exception();
      stops_ = true;
    }
  }

  std::atomic<bool> stops_{false};
  std::exception_ptr raised_;  // in Python, by this thread
  std::exception_ptr thrown_;  // by the work
  std::mutex mutex_;           // of what follows
  std::condition_variable over_;
  bool is_over_ = false;
};

}  // namespace

void RunBesidePython(const std::function<void(const GoesOn&)>& work, const std::function<void()>& report) {
  Watched().Run(work, report);
}

}  // namespace tok::python
