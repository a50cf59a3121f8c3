#include "src/base/reserved_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace tok {
namespace {

// From here on a mapping of its own. The size alone says which of the two a memory is.
constexpr size_t kMapped = size_t{1} << 20;

// Null if the system refuses.
void* Map(size_t n_bytes) {
  void* const mapped =
      mmap(nullptr, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return mapped == MAP_FAILED ? nullptr : mapped;
}

// For all of it, not only whole large pages: mremap wants one kind of memory.
void* InLargePages(void* mapped, size_t n_bytes) {
  if (mapped != nullptr) madvise(mapped, n_bytes, MADV_HUGEPAGE);
  return mapped;
}

void* Allocate(size_t n_bytes) {
  if (n_bytes == 0) return nullptr;
  if (n_bytes < kMapped) return std::malloc(n_bytes);
  return InLargePages(Map(n_bytes), n_bytes);
}

// Strict overcommit counts what is reserved as if it were written (MAP_NORESERVE means nothing there), and so does a limit of
// address space. Who took all that is left would leave nothing to the threads that are to fill it: as much must remain, and
// is given back at once.
void* Reserve(size_t n_bytes) {
  if (n_bytes < kMapped) return Allocate(n_bytes);
  if (n_bytes > SIZE_MAX / 2) return nullptr;
  char* const twice = static_cast<char*>(Map(2 * n_bytes));
  if (twice == nullptr) return nullptr;
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t kept = (n_bytes + page - 1) / page * page;
  if (kept < 2 * n_bytes) munmap(twice + kept, 2 * n_bytes - kept);
  return InLargePages(twice, n_bytes);
}

}  // namespace

ReservedMemory::ReservedMemory(size_t n_bytes) {
  while (n_bytes > 0 && (data_ = Reserve(n_bytes)) == nullptr) n_bytes /= 2;
  n_bytes_ = n_bytes;
}

void ReservedMemory::Resize(size_t n_bytes) {
  if (n_bytes == n_bytes_) return;
  if (std::min(n_bytes, n_bytes_) >= kMapped) {
    void* const moved = mremap(data_, n_bytes_, n_bytes, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) throw std::bad_alloc();
    data_ = moved;
  } else {
    void* const other = Allocate(n_bytes);
    if (n_bytes > 0 && other == nullptr) throw std::bad_alloc();
    if (other != nullptr && data_ != nullptr) std::memcpy(other, data_, std::min(n_bytes, n_bytes_));
    Free(data_, n_bytes_);
    data_ = other;
  }
  n_bytes_ = n_bytes;
}

void ReservedMemory::Free(void* data, size_t n_bytes) {
  if (data == nullptr) return;
  if (n_bytes < kMapped) {
    std::free(data);
  } else {
    munmap(data, n_bytes);
  }
}

}  // namespace tok
