// Rank vocabularies over a few characters of all lengths, with tokens that begin and end anywhere, also inside characters.
#ifndef TOK_TESTS_UNIT_MODEL_MULTIBYTE_VOCABULARY_H_
#define TOK_TESTS_UNIT_MODEL_MULTIBYTE_VOCABULARY_H_

#include <random>
#include <set>
#include <string>
#include <utility>

#include "tok/vocabulary.h"

namespace tok {

// Mostly characters of three bytes; two of them share their first two bytes, two their last.
inline std::string RandomMultibyteText(std::mt19937* random, size_t n_characters) {
  static const char* const kCharacters[] = {"\xE4\xB8\xAD",    "\xE4\xB8\xAE", "\xE6\x96\x87",
                                            "\xE5\xAD\x97",    "\xE6\x98\xAD", "\xE3\x80\x82",
                                            "\xE0\xB8\x81",    "\xD0\xB4",     "a",
                                            "\xF0\x9F\x98\x80"};
  std::string text;
  for (; n_characters > 0; --n_characters) text += kCharacters[(*random)() % std::size(kCharacters)];
  return text;
}

// 256 bytes, then random stretches of random text in order of rank: many cannot be reached by merging.
inline Vocabulary MultibyteVocabulary(std::mt19937* random, size_t n_tokens) {
  VocabularyBuilder builder;
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    builder.Add(b, std::string_view(&byte, 1)).IgnoreError();
  }
  std::set<std::string> seen;
  for (TokenId id = 256; seen.size() < n_tokens;) {
    const std::string text = RandomMultibyteText(random, 6);
    const size_t n_bytes = 2 + (*random)() % 14, begin = (*random)() % text.size();
    std::string token = text.substr(begin, n_bytes);
    if (token.size() < 2 || !seen.insert(token).second) continue;
    builder.Add(id++, token).IgnoreError();
  }
  return std::move(builder).Build().value();
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_MODEL_MULTIBYTE_VOCABULARY_H_
