// tests/fuzz/fuzz_util.h: what the fuzz targets share: a check that reports and aborts, a reader of choices, and the
// exercise that every parsed tokenizer goes through.
#ifndef TOK_TESTS_FUZZ_FUZZ_UTIL_H_
#define TOK_TESTS_FUZZ_FUZZ_UTIL_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#define TOK_FUZZ_CHECK(condition)                                                          \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      std::fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                        \
    }                                                                                      \
  } while (false)

namespace tok {

// Takes choices from the front of the input; zeros when it is used up.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  uint8_t TakeByte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  // Fewer if the input ends before.
  std::string_view Take(size_t n_bytes) {
    const std::string_view taken = rest_.substr(0, n_bytes);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // Up to and without the first 0xFF byte, which never occurs in UTF-8; all of the rest if there is none.
  std::string_view TakeField() {
    const size_t end = rest_.find('\xFF');
    const std::string_view field = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return field;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace tok

#endif  // TOK_TESTS_FUZZ_FUZZ_UTIL_H_
