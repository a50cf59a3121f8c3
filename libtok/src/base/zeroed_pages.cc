#include "src/base/zeroed_pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace tok {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;

char* Map(size_t n_bytes, int flags) {
  void* mapped = mmap(nullptr, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(mapped);
}

// Of a larger mapping, what is aligned to large pages.
char* MapAligned(size_t n_bytes) {
  char* const mapped = Map(n_bytes + kLargePage, 0);
  const size_t before = -reinterpret_cast<uintptr_t>(mapped) % kLargePage;
  if (before > 0) munmap(mapped, before);
  munmap(mapped + before + n_bytes, kLargePage - before);
  madvise(mapped + before, n_bytes, MADV_HUGEPAGE);  // only a hint
  return mapped + before;
}

}  // namespace

ZeroedPages::ZeroedPages(size_t n_bytes)
    : data_(n_bytes % kLargePage == 0 ? MapAligned(n_bytes) : Map(n_bytes, MAP_POPULATE)),
      n_bytes_(n_bytes) {}

ZeroedPages::~ZeroedPages() {
  if (data_ != nullptr) munmap(data_, n_bytes_);
}

}  // namespace tok
