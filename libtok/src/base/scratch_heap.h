// base/scratch_heap.h: many small pieces of memory within the budget of a ScratchMemory.
//
// Model: sizes are rounded up to a class (four to a doubling); a class has a list of what was given back, and takes from it
// first, then from the room behind the last piece, then from what larger classes were given back, then from the ScratchMemory.
// Large pieces are blocks of their own. In front of each piece stands the heap it is from.
// Errors: those of ScratchMemory.
// Threads: one.
#ifndef TOK_SRC_BASE_SCRATCH_HEAP_H_
#define TOK_SRC_BASE_SCRATCH_HEAP_H_

#include <cstddef>
#include <vector>

#include "src/base/scratch_memory.h"

namespace tok {

class ScratchHeap {
 public:
  explicit ScratchHeap(ScratchMemory* scratch) : scratch_(scratch) {}
  ScratchHeap(const ScratchHeap&) = delete;
  ScratchHeap& operator=(const ScratchHeap&) = delete;

  // Aligned to 8 bytes. All is freed before the heap goes.
  void* Allocate(size_t n_bytes);
  // n_bytes: as allocated. The heap is the one that `data` is from.
  static void Free(void* data, size_t n_bytes);

 private:
  static constexpr size_t kHead = 8;
  static constexpr size_t kChunk = size_t{1} << 20;
  static constexpr size_t kLargest = kChunk / 4;  // of a piece with its head that shares a chunk
  static constexpr size_t kWorthCutting = 1024;
  static constexpr size_t kClasses = 64;

  struct FreePiece {
    ScratchHeap* heap;
    FreePiece* next;
  };
  static_assert(sizeof(FreePiece) == 16);

  static size_t ClassOf(size_t n_bytes);
  static size_t BytesOf(size_t size_class);
  char* Cut(size_t n_bytes);
  // What is left of the room becomes a piece that was given back.
  void KeepRest();
  // Makes the largest piece that was given back the room to cut from, if n_bytes fit and it is worth it.
  bool TakeLargestFree(size_t n_bytes);

  ScratchMemory* const scratch_;
  FreePiece* free_[kClasses] = {};
  char* next_ = nullptr;  // the room behind the last piece
  size_t n_left_ = 0;
  std::vector<ScratchBlock> chunks_;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_SCRATCH_HEAP_H_
