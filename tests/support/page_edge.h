// tests/support/page_edge.h: bytes between two pages that nobody may touch: whoever reads one byte too far, in front or
// behind, dies of it, whatever the build.
#ifndef TOK_TESTS_SUPPORT_PAGE_EDGE_H_
#define TOK_TESTS_SUPPORT_PAGE_EDGE_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

namespace tok {

class PageEdge {
 public:
  // Room for `n_bytes`, rounded up to whole pages.
  explicit PageEdge(size_t n_bytes) : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    n_room_ = (n_bytes + page_ - 1) / page_ * page_;
    void* mapped = mmap(nullptr, n_room_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) Fail();
    mapped_ = static_cast<char*>(mapped);
    if (mprotect(room(), n_room_, PROT_READ | PROT_WRITE) != 0) Fail();
  }
  ~PageEdge() { munmap(mapped_, n_room_ + 2 * page_); }
  PageEdge(const PageEdge&) = delete;
  PageEdge& operator=(const PageEdge&) = delete;

  // A copy that ends where the room ends (or as little before that as `alignment` makes necessary), or begins where it
  // begins. Valid until the next call.
  std::string_view AtEnd(std::string_view text, size_t alignment = 1) {
    return Copy(room() + (n_room_ - text.size()) / alignment * alignment, text);
  }
  std::string_view AtBegin(std::string_view text) { return Copy(room(), text); }
  template <typename T>
  std::span<const T> AtEnd(std::span<const T> items) {
    const std::string_view bytes(reinterpret_cast<const char*>(items.data()), items.size_bytes());
    return {reinterpret_cast<const T*>(AtEnd(bytes).data()), items.size()};
  }

 private:
  [[noreturn]] static void Fail() {
    std::perror("pages");
    std::abort();
  }
  char* room() const { return mapped_ + page_; }
  static std::string_view Copy(char* to, std::string_view text) {
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  const size_t page_;
  size_t n_room_;
  char* mapped_;
};

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_PAGE_EDGE_H_
