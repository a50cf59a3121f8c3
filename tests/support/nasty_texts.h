// tests/support/nasty_texts.h: short texts in which every byte is near a rule: what ends a word, a number, white space, a
// contraction or a character, in many scripts.
#ifndef TOK_TESTS_SUPPORT_NASTY_TEXTS_H_
#define TOK_TESTS_SUPPORT_NASTY_TEXTS_H_

#include <random>
#include <string>
#include <vector>

namespace tok {

// Each at least `n_bytes` long, the same at every call.
inline std::vector<std::string> NastyTexts(size_t n_bytes, bool valid_utf8) {
  std::vector<std::vector<std::string>> alphabets = {
      {"I'll", " don't", "  ", "\r\n", "12345", "HTMLParser", "...", " /usr/bin\n", "\t", "'S", "it's"},
      {"a", "B", " ", " ", "'", "s", "\n", ".", "1", "/"},
      {"\u4E2D\u6587", "\u3042\u30FC", "\u3002", "\uFF0C", "API", "v2", " ", "\n\n", "\uAC00\uB098", "x"},
      {"\u0414\u0430", " \u043C\u0438\u0440", "\u00E9", "l'\u00E9t\u00E9 ", "\u00A0", "\u0130", "\u1E9E",
       "'\u017F"},
      {"\u0915\u093F", "\u0E01\u0E31", "\u0301", "\U0001F600", "\U0001D400", "\u200D", "\u0663", " ", "a"},
      {" ", "\n", "\r", "\t", "\u3000", "\u0085", "x"}};
  if (!valid_utf8) {
    alphabets.push_back({"\x80", "\xE5", "\xE5\xB8", "\xED\xA0\x80", "\xC0\xAF", "\xF0\x9F", "\xE4\xB8\xAD",
                         "a", " ", ".", "'s", "\xFF"});
  }
  std::mt19937 random(20261122);
  std::vector<std::string> texts;
  for (const std::vector<std::string>& alphabet : alphabets) {
    std::string text;
    while (text.size() < n_bytes) {
      // Now and then a run as long as several batches of a scanner.
      for (size_t n = random() % 12 == 0 ? random() % 70 : 1; n > 0; --n) {
        text += alphabet[random() % alphabet.size()];
        if (n > 1 && random() % 2 == 0) text += alphabet.front();
      }
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_NASTY_TEXTS_H_
