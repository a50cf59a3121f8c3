#include "src/base/scratch_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include "src/base/nameless_file.h"
#include "src/base/reserved_memory.h"

namespace tok {
namespace {

size_t RoundToPages(size_t n_bytes) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  if (n_bytes > SIZE_MAX - page) throw std::bad_alloc();
  return (n_bytes + page - 1) / page * page;
}

}  // namespace

void* ScratchMemory::Allocate(size_t n_bytes) {
  n_bytes = RoundToPages(n_bytes);
  bool is_anonymous = false;
  {
    const std::lock_guard lock(mutex_);
    is_anonymous = n_bytes <= n_bytes_ && n_anonymous_bytes_ <= n_bytes_ - n_bytes;
    (is_anonymous ? n_anonymous_bytes_ : n_file_bytes_) += n_bytes;
  }
  if (is_anonymous) {
    void* const mapped = mmap(nullptr, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped != MAP_FAILED) {
      madvise(mapped, n_bytes, MADV_HUGEPAGE);  // only a hint
      return mapped;
    }
    const std::lock_guard lock(mutex_);
    n_anonymous_bytes_ -= n_bytes;
    throw std::bad_alloc();
  }
  absl::StatusOr<void*> mapped = MapNamelessFile(n_bytes);
  const std::lock_guard lock(mutex_);
  if (!mapped.ok()) {
    n_file_bytes_ -= n_bytes;
    throw ScratchFull(mapped.status());
  }
  in_files_.insert(*mapped);
  return *mapped;
}

void ScratchMemory::Free(void* data, size_t n_bytes) {
  n_bytes = RoundToPages(n_bytes);
  // Not counted as free before it is, and its address not given to another block before it is forgotten.
  const std::lock_guard lock(mutex_);
  munmap(data, n_bytes);
  (in_files_.erase(data) > 0 ? n_file_bytes_ : n_anonymous_bytes_) -= n_bytes;
}

bool ScratchMemory::Take(uint64_t n_bytes) {
  const std::lock_guard lock(mutex_);
  if (n_bytes > n_bytes_ - n_anonymous_bytes_) return false;
  n_anonymous_bytes_ += n_bytes;
  return true;
}

void ScratchMemory::GiveBack(uint64_t n_bytes) {
  const std::lock_guard lock(mutex_);
  n_anonymous_bytes_ -= n_bytes;
}

uint64_t ScratchMemory::n_left_bytes() const {
  const std::lock_guard lock(mutex_);
  return n_bytes_ - n_anonymous_bytes_;
}

uint64_t ScratchMemory::n_anonymous_bytes() const {
  const std::lock_guard lock(mutex_);
  return n_anonymous_bytes_;
}

uint64_t ScratchMemory::n_file_bytes() const {
  const std::lock_guard lock(mutex_);
  return n_file_bytes_;
}

ScratchBlock::ScratchBlock(ScratchMemory* scratch, size_t n_bytes) : scratch_(scratch), n_bytes_(n_bytes) {
  if (n_bytes == 0) return;
  if (scratch != nullptr) {
    data_ = scratch->Allocate(n_bytes);
    return;
  }
  ReservedMemory memory;
  memory.Resize(n_bytes);
  data_ = memory.Release();
}

ScratchBlock::~ScratchBlock() {
  if (data_ == nullptr) return;
  if (scratch_ != nullptr) {
    scratch_->Free(data_, n_bytes_);
  } else {
    ReservedMemory::Free(data_, n_bytes_);
  }
}

}  // namespace tok
