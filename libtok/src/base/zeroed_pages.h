// base/zeroed_pages.h: zeroed memory straight from the system, for tables that are touched all over.
//
// Large pages are asked for before first touch where they fit: accesses are random, and a miss in the translation buffer
// costs as much as one in the cache. Smaller memory is made present at once: each page that is first touched by a fault
// costs some microseconds in a virtual machine, ten times what it costs among others.
// Errors: std::bad_alloc.
#ifndef TOK_SRC_BASE_ZEROED_PAGES_H_
#define TOK_SRC_BASE_ZEROED_PAGES_H_

#include <cstddef>
#include <utility>

namespace tok {

class ZeroedPages {
 public:
  ZeroedPages() = default;
  // Aligned to a page, or to a large page if n_bytes is a multiple of one.
  explicit ZeroedPages(size_t n_bytes);
  ~ZeroedPages();
  ZeroedPages(ZeroedPages&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), n_bytes_(std::exchange(other.n_bytes_, 0)) {}
  ZeroedPages& operator=(ZeroedPages&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(n_bytes_, other.n_bytes_);
    return *this;
  }
  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
  size_t n_bytes_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_ZEROED_PAGES_H_
