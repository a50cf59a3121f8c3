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
  AskForLargePages(mapped + before, n_bytes);
  return mapped + before;
}

}  // namespace

void AskForLargePages(void* begin, size_t n_bytes) {
  const size_t before = -reinterpret_cast<uintptr_t>(begin) % kLargePage;
  if (n_bytes < before + kLargePage) return;
  madvise(static_cast<char*>(begin) + before, (n_bytes - before) / kLargePage * kLargePage, MADV_HUGEPAGE);
}

ZeroedPages::ZeroedPages(size_t n_bytes)
    : data_(n_bytes % kLargePage == 0 ? MapAligned(n_bytes) : Map(n_bytes, MAP_POPULATE)),
      n_bytes_(n_bytes) {}

ZeroedPages::~ZeroedPages() {
  if (data_ != nullptr) munmap(data_, n_bytes_);
}

}  // namespace tok
