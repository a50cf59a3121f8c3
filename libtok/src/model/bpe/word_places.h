// model/bpe/word_places.h: the places before words: before a blank that follows no white space.
//
// Splitters that cut words leave none inside a piece.
#ifndef TOK_SRC_MODEL_BPE_WORD_PLACES_H_
#define TOK_SRC_MODEL_BPE_WORD_PLACES_H_

#include <cstddef>
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

// The first such place behind `begin`; npos if there is none.
inline size_t NextWordPlace(std::string_view text, size_t begin) {
  for (size_t place = begin + 1; place < text.size(); ++place) {
    const void* const blank = std::memchr(text.data() + place, ' ', text.size() - place);
    if (blank == nullptr) break;
    place = static_cast<size_t>(static_cast<const char*>(blank) - text.data());
    if (!IsWhiteSpaceBefore(text, place)) return place;
  }
  return std::string_view::npos;
}

// The next ones, as many as `places` holds. Returns how many; fewer are the last ones.
inline size_t NextWordPlaces(std::string_view text, size_t begin, std::span<size_t> places) {
  size_t n = 0;
  for (; n < places.size(); ++n) {
    begin = NextWordPlace(text, begin);
    if (begin == std::string_view::npos) break;
    places[n] = begin;
  }
  return n;
}

inline bool HasWordPlace(std::string_view text) { return NextWordPlace(text, 0) != std::string_view::npos; }

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_WORD_PLACES_H_
