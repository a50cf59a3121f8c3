// train/bpe/place_list.h: a list of places of fixed room, 16 bytes in itself.
//
// There are millions of them, most with a few places: no capacity is kept. Their room is from the heap, or from a ScratchHeap
// that outlives them. Errors: std::bad_alloc. Threads: a plain value.
#ifndef TOK_SRC_TRAIN_BPE_PLACE_LIST_H_
#define TOK_SRC_TRAIN_BPE_PLACE_LIST_H_

#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <utility>

#include "src/base/scratch_heap.h"

namespace tok {

class PlaceList {
 public:
  PlaceList() = default;
  // `scratch` null: the heap.
  explicit PlaceList(uint32_t n, ScratchHeap* scratch = nullptr) : n_(n), is_scratch_(scratch != nullptr) {
    if (n == 0) return;
    void* const room = is_scratch_ ? scratch->Allocate(n_bytes()) : std::malloc(n_bytes());
    if (room == nullptr) throw std::bad_alloc();
    places_ = static_cast<uint32_t*>(room);
  }
  ~PlaceList() {
    if (places_ == nullptr) return;
    if (is_scratch_) {
      ScratchHeap::Free(places_, n_bytes());
    } else {
      std::free(places_);
    }
  }
  PlaceList(PlaceList&& other) noexcept
      : places_(std::exchange(other.places_, nullptr)),
        n_(std::exchange(other.n_, 0)),
        is_scratch_(other.is_scratch_) {}
  PlaceList& operator=(PlaceList&& other) noexcept {
    PlaceList old(std::move(other));
    std::swap(places_, old.places_);
    std::swap(n_, old.n_);
    std::swap(is_scratch_, old.is_scratch_);
    return *this;
  }

  uint32_t size() const { return n_; }
  uint32_t* data() { return places_; }
  std::span<uint32_t> all() { return std::span(places_, n_); }

 private:
  size_t n_bytes() const { return size_t{n_} * sizeof(uint32_t); }
  uint32_t* places_ = nullptr;
  uint32_t n_ = 0;
  bool is_scratch_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_PLACE_LIST_H_
