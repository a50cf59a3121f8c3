#include "src/base/scratch_heap.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tok {

// Of pieces with their heads: 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, ... bytes, rounded up to
// multiples of 8.
size_t ScratchHeap::ClassOf(size_t n_bytes) {
  if (n_bytes <= 16) return 0;
  const auto log = static_cast<size_t>(std::bit_width(n_bytes - 1)) - 1;  // 2^log < n_bytes <= 2^(log + 1)
  const size_t quarter = ((n_bytes - 1) >> (log - 2)) & 3;
  return 4 * (log - 4) + quarter + 1;
}

size_t ScratchHeap::BytesOf(size_t size_class) {
  const size_t bytes = (4 + size_class % 4) << (size_class / 4 + 2);
  return (bytes + 7) / 8 * 8;
}

void* ScratchHeap::Allocate(size_t n_bytes) {
  const size_t n_all = n_bytes + kHead;
  char* piece = nullptr;
  if (n_all > kLargest) {
    piece = static_cast<char*>(scratch_->Allocate(n_all));
  } else {
    const size_t size_class = ClassOf(n_all);
    if (FreePiece* const found = free_[size_class]) {
      free_[size_class] = found->next;
      piece = reinterpret_cast<char*>(found);
    } else {
      piece = Cut(BytesOf(size_class));
    }
  }
  ScratchHeap* const heap = this;
  std::memcpy(piece, &heap, sizeof(heap));
  return piece + kHead;
}

void ScratchHeap::Free(void* data, size_t n_bytes) {
  char* const piece = static_cast<char*>(data) - kHead;
  ScratchHeap* heap = nullptr;
  std::memcpy(&heap, piece, sizeof(heap));
  const size_t n_all = n_bytes + kHead;
  if (n_all > kLargest) return heap->scratch_->Free(piece, n_all);
  FreePiece*& first = heap->free_[ClassOf(n_all)];
  first = new (piece) FreePiece{heap, first};
}

char* ScratchHeap::Cut(size_t n_bytes) {
  if (n_bytes > n_left_) {
    KeepRest();
    if (!TakeLargestFree(n_bytes)) {
      chunks_.emplace_back(scratch_, kChunk);
      next_ = static_cast<char*>(chunks_.back().data());
      n_left_ = kChunk;
    }
  }
  char* const piece = next_;
  next_ += n_bytes;
  n_left_ -= n_bytes;
  return piece;
}

void ScratchHeap::KeepRest() {
  n_left_ = std::min(n_left_, kLargest);
  if (n_left_ >= BytesOf(0)) {
    size_t size_class = ClassOf(n_left_);
    if (BytesOf(size_class) > n_left_) --size_class;
    free_[size_class] = new (next_) FreePiece{this, free_[size_class]};
  }
  n_left_ = 0;
}

bool ScratchHeap::TakeLargestFree(size_t n_bytes) {
  for (size_t size_class = ClassOf(kLargest) + 1; size_class-- > ClassOf(std::max(n_bytes, kWorthCutting));) {
    FreePiece* const found = free_[size_class];
    if (found == nullptr) continue;
    free_[size_class] = found->next;
    next_ = reinterpret_cast<char*>(found);
    n_left_ = BytesOf(size_class);
    return true;
  }
  return false;
}

}  // namespace tok
