// split/word_places.h: the places before words: before a blank that follows no white space.
//
// Splitters that cut words leave none inside a piece. PatternFamily::kSpacedWords cuts at just these.
#ifndef TOK_SRC_SPLIT_WORD_PLACES_H_
#define TOK_SRC_SPLIT_WORD_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "src/split/char_class.h"
#include "src/unicode/utf8.h"

namespace tok {

inline bool IsWhiteSpaceBefore(std::string_view text, size_t place) {
  const char before = text[place - 1];
  if (static_cast<unsigned char>(before) < 0x80) return before == ' ' || (before >= '\t' && before <= '\r');
  return (ClassBit(ClassOf(DecodeUtf8Before(text, place).code_point)) & kAnySpace) != 0;
}

// The next places behind `begin`, as many as `places` holds. Returns how many; fewer are the last ones.
inline size_t NextWordPlaces(std::string_view text, size_t begin, std::span<size_t> places) {
  constexpr uint64_t kLow = 0x7F7F7F7F7F7F7F7Fu;
  size_t n = 0;
  size_t at = begin + 1;
  const auto add = [&](size_t place) {
    if (n < places.size() && !IsWhiteSpaceBefore(text, place)) places[n++] = place;
  };
  // Blanks of eight bytes at a time: the top bits of the bytes that are zero once a blank is taken off.
  for (; at + sizeof(uint64_t) <= text.size() && n < places.size(); at += sizeof(uint64_t)) {
    uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    bytes ^= 0x2020202020202020u;
    uint64_t blanks = ~(((bytes & kLow) + kLow) | bytes | kLow);
    for (; blanks != 0; blanks &= blanks - 1) add(at + static_cast<size_t>(__builtin_ctzll(blanks)) / 8);
  }
  for (; at < text.size() && n < places.size(); ++at) {
    if (text[at] == ' ') add(at);
  }
  return n;
}

// Quick for texts that have no blank behind the first byte, as nearly all tokens.
inline bool HasWordPlace(std::string_view text) {
  size_t place;
  return text.size() > 1 && std::memchr(text.data() + 1, ' ', text.size() - 1) != nullptr &&
         NextWordPlaces(text, 0, {&place, 1}) > 0;
}

}  // namespace tok

#endif  // TOK_SRC_SPLIT_WORD_PLACES_H_
