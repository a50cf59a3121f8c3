// base/scratch_memory.h: memory for large work that keeps to a budget: what goes beyond lies in nameless files.
//
// Model: blocks of pages, zeroed. As long as all together fit into the budget they are anonymous memory; a block that does not
// is a mapping of a nameless file (base/nameless_file.h), which the system writes back and drops as it needs the room. Who
// uses the memory does not see which it is: algorithms stay as they are, and so do their results.
//   ScratchMemory      the budget, and its blocks
//   ScratchAllocator   for containers of the standard library's kind; without a ScratchMemory, the heap
//   ScratchBlock       raw memory
// Errors: ScratchFull, a std::bad_alloc, where a file cannot be had: CatchScratchFull turns it into its Status (TOK-E003).
// Threads: ScratchMemory is shareable.
#ifndef TOK_SRC_BASE_SCRATCH_MEMORY_H_
#define TOK_SRC_BASE_SCRATCH_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "tok/status.h"

namespace tok {

class ScratchFull : public std::bad_alloc {
 public:
  explicit ScratchFull(absl::Status status) : status_(std::move(status)) {}
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

// work(), or the status of a ScratchFull that ended it.
template <typename Work>
auto CatchScratchFull(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const ScratchFull& full) {
    return full.status();
  }
}

class ScratchMemory {
 public:
  // n_bytes: of anonymous memory.
  explicit ScratchMemory(uint64_t n_bytes) : n_bytes_(n_bytes) {}
  ScratchMemory(const ScratchMemory&) = delete;
  ScratchMemory& operator=(const ScratchMemory&) = delete;

  // Aligned to a page. Blocks are freed before the ScratchMemory goes.
  void* Allocate(size_t n_bytes);
  void Free(void* data, size_t n_bytes);

  // Memory from elsewhere that the budget is to know of, until it is given back. False, and nothing is taken, where less is left.
  bool Take(uint64_t n_bytes);
  void GiveBack(uint64_t n_bytes);
  uint64_t n_left_bytes() const;

  // Of what is allocated or taken now.
  uint64_t n_anonymous_bytes() const;
  uint64_t n_file_bytes() const;

 private:
  const uint64_t n_bytes_;
  mutable std::mutex mutex_;
  uint64_t n_anonymous_bytes_ = 0, n_file_bytes_ = 0;
  absl::flat_hash_set<const void*> in_files_;
};

template <typename T>
class ScratchAllocator {
 public:
  using value_type = T;
  using propagate_on_container_move_assignment = std::true_type;
  using propagate_on_container_copy_assignment = std::true_type;
  using propagate_on_container_swap = std::true_type;

  ScratchAllocator() = default;
  // Null: the heap.
  ScratchAllocator(ScratchMemory* scratch) : scratch_(scratch) {}  // NOLINT: as allocators convert
  template <typename U>
  ScratchAllocator(const ScratchAllocator<U>& other) : scratch_(other.scratch()) {}  // NOLINT

  T* allocate(size_t n) {
    return static_cast<T*>(IsBlock(n) ? scratch_->Allocate(n * sizeof(T)) : std::allocator<T>().allocate(n));
  }
  void deallocate(T* data, size_t n) {
    if (IsBlock(n)) {
      scratch_->Free(data, n * sizeof(T));
    } else {
      std::allocator<T>().deallocate(data, n);
    }
  }
  ScratchMemory* scratch() const { return scratch_; }
  friend bool operator==(const ScratchAllocator& a, const ScratchAllocator& b) {
    return a.scratch_ == b.scratch_;
  }

 private:
  // What is smaller than a few pages is no matter to a budget.
  static constexpr size_t kLeastBlock = size_t{1} << 16;
  bool IsBlock(size_t n) const {
    return scratch_ != nullptr && n >= kLeastBlock / sizeof(T) && n <= SIZE_MAX / sizeof(T);
  }
  ScratchMemory* scratch_ = nullptr;
};

template <typename T>
using ScratchVector = std::vector<T, ScratchAllocator<T>>;

// Memory that is not cleared, large pages where they are to be had.
class ScratchBlock {
 public:
  ScratchBlock() = default;
  // Null: the heap, or a mapping of its own.
  ScratchBlock(ScratchMemory* scratch, size_t n_bytes);
  ~ScratchBlock();
  ScratchBlock(ScratchBlock&& other) noexcept
      : scratch_(other.scratch_),
        data_(std::exchange(other.data_, nullptr)),
        n_bytes_(std::exchange(other.n_bytes_, 0)) {}
  ScratchBlock& operator=(ScratchBlock&& other) noexcept {
    std::swap(scratch_, other.scratch_);
    std::swap(data_, other.data_);
    std::swap(n_bytes_, other.n_bytes_);
    return *this;
  }
  void* data() const { return data_; }
  size_t n_bytes() const { return n_bytes_; }

 private:
  ScratchMemory* scratch_ = nullptr;
  void* data_ = nullptr;
  size_t n_bytes_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_SCRATCH_MEMORY_H_
