// train/bpe/place_list.h: a list of places of fixed room, 16 bytes in itself.
//
// There are millions of them, most with a few places: no capacity is kept, and a list that lost most of its places gives the
// memory back. Errors: std::bad_alloc. Threads: a plain value.
#ifndef TOK_SRC_TRAIN_BPE_PLACE_LIST_H_
#define TOK_SRC_TRAIN_BPE_PLACE_LIST_H_

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace tok {

class PlaceList {
 public:
  PlaceList() = default;
  explicit PlaceList(uint32_t n)
      : places_(static_cast<uint32_t*>(std::malloc(size_t{n} * sizeof(uint32_t)))), n_(n) {
    if (n > 0 && places_ == nullptr) throw std::bad_alloc();
  }

  PlaceList(PlaceList&& other) noexcept : places_(std::move(other.places_)), n_(std::exchange(other.n_, 0)) {}
  PlaceList& operator=(PlaceList&& other) noexcept {
    places_ = std::move(other.places_);
    n_ = std::exchange(other.n_, 0);
    return *this;
  }

  uint32_t size() const { return n_; }
  uint32_t* data() { return places_.get(); }
  std::span<uint32_t> all() { return std::span(places_.get(), n_); }

  // Keeps the first n; the room of the others goes back.
  void Shrink(uint32_t n) {
    if (n == n_) return;
    void* const moved = std::realloc(places_.get(), size_t{n > 0 ? n : 1} * sizeof(uint32_t));
    if (moved != nullptr) {
      static_cast<void>(places_.release());
      places_.reset(static_cast<uint32_t*>(moved));
    }
    n_ = n;
  }

 private:
  struct Free {
    void operator()(uint32_t* places) const { std::free(places); }
  };
  std::unique_ptr<uint32_t[], Free> places_;
  uint32_t n_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_PLACE_LIST_H_
