// encode/context_pool.h: working memory handed to whoever encodes, and taken back warm.
//
// A thread looks first where it put its own the last time: what it has warmed is in the caches of its core. Lock-free, so
// that a fork while another thread encodes leaves nothing locked in the child.
#ifndef TOK_SRC_ENCODE_CONTEXT_POOL_H_
#define TOK_SRC_ENCODE_CONTEXT_POOL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace tok {

template <typename Context>
class ContextPool {
 public:
  ContextPool() = default;
  ~ContextPool() {
    for (Slot& slot : slots_) delete slot.context.load();
  }
  ContextPool(const ContextPool&) = delete;
  ContextPool& operator=(const ContextPool&) = delete;

  // A context that was used before, or null.
  std::unique_ptr<Context> Take() {
    for (size_t i = 0; i < kSlots; ++i) {
      std::atomic<Context*>& slot = slots_[(OfThisThread() + i) % kSlots].context;
      if (slot.load(std::memory_order_relaxed) == nullptr) continue;
      if (Context* context = slot.exchange(nullptr, std::memory_order_acquire))
        return std::unique_ptr<Context>(context);
    }
    return nullptr;
  }
  // Keeps the context for the next caller, or frees it when all places are taken.
  void Give(std::unique_ptr<Context> context) {
    for (size_t i = 0; i < kSlots; ++i) {
      std::atomic<Context*>& slot = slots_[(OfThisThread() + i) % kSlots].context;
      Context* expected = nullptr;
      if (slot.load(std::memory_order_relaxed) == nullptr &&
          slot.compare_exchange_strong(expected, context.get(), std::memory_order_release)) {
        context.release();
        return;
      }
    }
  }

 private:
  static constexpr size_t kSlots = 64;

  // A cache line each: every document takes and gives, and its neighbours do so on other cores.
  struct alignas(64) Slot {
    std::atomic<Context*> context{nullptr};
  };

  // The slot where this thread begins to look.
  static size_t OfThisThread() {
    static std::atomic<size_t> n_threads{0};
    thread_local const size_t own = n_threads.fetch_add(1, std::memory_order_relaxed);
    return own;
  }

  std::array<Slot, kSlots> slots_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_CONTEXT_POOL_H_
