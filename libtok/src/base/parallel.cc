// A pool of threads that loops share.
//
// Threads of the pool sleep until a loop is open, join it, take up indices until none is left, and look for the next; the last
// loop that was opened comes first, so that nested loops get done. The caller of a loop works as they do, and never waits for
// help, only for helpers to finish what they took up.
// The pool keeps its threads: as many as the machine has or as a loop has had, whichever is more (ThreadsFor bounds both).
// Forks: a child makes a pool of its own; the one it inherited, whose threads are not there, is left alone, locked or not. No
// guard or lock that a fork may catch is on the way to it.
#include "src/base/parallel.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace tok {
namespace {

class Loop {
 public:
  Loop(size_t n, const std::function<void(size_t)>& body) : n_(n), body_(body) {}

  bool HasMore() const { return next_.load(std::memory_order_relaxed) < n_; }
  // Takes up indices until none is left. Any number of threads.
  void Work() {
    for (size_t i = next_.fetch_add(1); i < n_; i = next_.fetch_add(1)) {
      try {
        body_(i);
      } catch (...) {
        Fail(std::current_exception());
      }
    }
  }
  // When all have left Work.
  void RethrowFirst() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void Fail(std::exception_ptr failure) {
    if (has_failed_.exchange(true)) return;
    failure_ = std::move(failure);
    next_.store(n_);
  }

  const size_t n_;
  const std::function<void(size_t)>& body_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> has_failed_{false};
  std::exception_ptr failure_;
};

class Pool {
 public:
  // Never destroyed: its threads live as long as the process.
  static Pool& Instance() {
    Pool* pool = instance_.load(std::memory_order_acquire);
    if (pool != nullptr) return *pool;
    auto made = std::make_unique<Pool>();
    if (instance_.compare_exchange_strong(pool, made.get())) return *made.release();
    return *pool;  // another thread's, which was first
  }
  // In a child.
  static void Forget() { instance_.store(nullptr); }

  // `n_threads`, the caller among them, at most.
  void Run(Loop* loop, unsigned n_threads) {
    OpenLoop open{loop, n_threads - 1};
    unsigned n_woken;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      open_.push_back(&open);
      AddThreads(n_threads);
      n_woken = std::min(n_threads - 1, n_threads_ - n_busy_);
    }
    for (unsigned i = 0; i < n_woken; ++i) opened_.notify_one();
    loop->Work();
    std::unique_lock<std::mutex> lock(mutex_);
    open_.erase(std::find(open_.begin(), open_.end(), &open));
    left_.wait(lock, [&] { return open.n_helpers == 0; });
  }

 private:
  struct OpenLoop {
    Loop* loop;
    unsigned n_wanted;       // helpers that may still join
    unsigned n_helpers = 0;  // that are in it
  };

  // Until there are as many idle ones as this loop can use, or as many threads as the machine can.
  void AddThreads(unsigned n_threads) {
    const unsigned n_most = std::max(n_threads, AvailableThreads()) - 1;
    while (n_threads_ < n_most && n_threads_ - n_busy_ < n_threads - 1) {
      try {
        std::thread([this] { Live(); }).detach();
      } catch (const std::system_error&) {
        return;  // the system has no more: what there are will do
      }
      ++n_threads_;
    }
  }

  void Live() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      OpenLoop* const open = Find();
      if (open == nullptr) {
        opened_.wait(lock);
        continue;
      }
      --open->n_wanted;
      ++open->n_helpers;
      ++n_busy_;
      lock.unlock();
      open->loop->Work();
      lock.lock();
      --n_busy_;
      if (--open->n_helpers == 0) left_.notify_all();
    }
  }

  OpenLoop* Find() const {
    const auto found = std::find_if(open_.rbegin(), open_.rend(), [](const OpenLoop* open) {
      return open->n_wanted > 0 && open->loop->HasMore();
    });
    return found == open_.rend() ? nullptr : *found;
  }

  static inline std::atomic<Pool*> instance_{nullptr};

  std::mutex mutex_;  // of all that follows
  std::condition_variable opened_, left_;
  std::vector<OpenLoop*> open_;
  unsigned n_threads_ = 0, n_busy_ = 0;
};

// When the library is loaded: no loop, and no fork beside one, is earlier.
[[maybe_unused]] const int is_told_of_forks = pthread_atfork(nullptr, nullptr, &Pool::Forget);

constexpr unsigned kMostThreads = 256;  // where the machine has fewer

}  // namespace

unsigned ThreadsFor(size_t n_tasks, unsigned n_threads) {
  if (n_threads == 0) n_threads = AvailableThreads();
  n_threads = std::min(n_threads, std::max(AvailableThreads(), kMostThreads));
  return static_cast<unsigned>(std::min<size_t>(n_threads, n_tasks));
}

void ParallelFor(size_t n, unsigned n_threads, const std::function<void(size_t)>& body) {
  n_threads = ThreadsFor(n, n_threads);
  if (n_threads <= 1) {
    for (size_t i = 0; i < n; ++i) body(i);
    return;
  }
  Loop loop(n, body);
  Pool::Instance().Run(&loop, n_threads);
  loop.RethrowFirst();
}

}  // namespace tok
