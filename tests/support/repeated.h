// tests/support/repeated.h: text of one unit again and again.
#ifndef TOK_TESTS_SUPPORT_REPEATED_H_
#define TOK_TESTS_SUPPORT_REPEATED_H_

#include <cstddef>
#include <string>

namespace tok {

// Of n_bytes or, where whole units make it so, a few more.
inline std::string Repeated(const std::string& unit, size_t n_bytes) {
  std::string text;
  while (text.size() < n_bytes) text += unit;
  return text;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_REPEATED_H_
