// base/reserved_memory.h: memory for a result whose size is known only when all of it is there.
//
// Model: address space for the most that it may take is reserved at once and takes room only where it is written. So it stays
// where it is while several threads write it, nothing is copied or cleared as it fills, and what was not needed is given
// back in the end. Large pages are asked for: first touches are slow, and wait for each other. Small memory comes from the
// heap. Where the system does not promise twice as much (strict overcommit, a limit of address space), less is reserved: a
// half, a quarter, ..., so that at least as much is left for the work that fills it.
// Errors: std::bad_alloc.
// Threads: Resize is for one thread while no other uses the memory.
#ifndef TOK_SRC_BASE_RESERVED_MEMORY_H_
#define TOK_SRC_BASE_RESERVED_MEMORY_H_

#include <cstddef>
#include <utility>

namespace tok {

class ReservedMemory {
 public:
  ReservedMemory() = default;
  // At most n_bytes: n_bytes() says how much is reserved. Never fails; 0 is possible.
  explicit ReservedMemory(size_t n_bytes);
  ~ReservedMemory() { Free(data_, n_bytes_); }
  ReservedMemory(ReservedMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), n_bytes_(std::exchange(other.n_bytes_, 0)) {}
  ReservedMemory& operator=(ReservedMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(n_bytes_, other.n_bytes_);
    return *this;
  }

  void* data() const { return data_; }
  size_t n_bytes() const { return n_bytes_; }

  // Exactly n_bytes from now on. What lies within both sizes is kept; it may move, in pages rather than byte by byte.
  void Resize(size_t n_bytes);

  // Leaves data() and n_bytes() to the caller, who ends them with Free.
  void* Release() {
    n_bytes_ = 0;
    return std::exchange(data_, nullptr);
  }
  static void Free(void* data, size_t n_bytes);

 private:
  void* data_ = nullptr;
  size_t n_bytes_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_RESERVED_MEMORY_H_
