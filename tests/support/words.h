// tests/support/words.h: text of random words, in some scripts, with white space and what is between words.
#ifndef TOK_TESTS_SUPPORT_WORDS_H_
#define TOK_TESTS_SUPPORT_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

namespace tok {

// At least n_bytes.
inline std::string Words(std::mt19937* random, size_t n_bytes) {
  constexpr std::string_view kWords[] = {
      "the ",         "ships ",     "arrive\n",   " evening", "  ",     "12345", "h\u00e9llo ",
      "\u6f22\u5b57", "\n\n",       "world, ",    "\t",       "don't ", "==",    " \u043c\u0438\u0440",
      "AbCd",         " Zeitgeist", "y'all'd've "};
  std::string text;
  while (text.size() < n_bytes) text += kWords[(*random)() % std::size(kWords)];
  return text;
}
inline std::string Words(size_t n_bytes, uint32_t seed) {
  std::mt19937 random(seed);
  return Words(&random, n_bytes);
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_WORDS_H_
