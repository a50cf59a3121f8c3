// unicode/utf8.h: UTF-8 decoding and validation.
//
// Validity: Unicode 16 table 3-7 (no surrogates, no overlong forms, nothing above U+10FFFF).
#ifndef TOK_SRC_UNICODE_UTF8_H_
#define TOK_SRC_UNICODE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tok {

// What an invalid byte decodes to: above every code point, member of no class.
inline constexpr char32_t kInvalidByte = 0x110000;

struct DecodedChar {
  char32_t code_point;  // kInvalidByte for a byte that starts no valid sequence
  uint32_t n_bytes;     // 1 for kInvalidByte
};

// Decodes the character at text[position]; position < text.size().
inline DecodedChar DecodeUtf8(std::string_view text, size_t position) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data()) + position;
  const size_t left = text.size() - position;
  const unsigned b0 = p[0];
  if (b0 < 0x80) return {b0, 1};
  const auto continuation = [&](size_t i) { return i < left && (p[i] & 0xC0) == 0x80; };
  if (b0 >= 0xC2 && b0 <= 0xDF) {
    if (continuation(1)) return {static_cast<char32_t>((b0 & 0x1F) << 6 | (p[1] & 0x3F)), 2};
  } else if ((b0 & 0xF0) == 0xE0) {
    if (continuation(1) && continuation(2)) {
      const char32_t c = (b0 & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
      if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) return {c, 3};
    }
  } else if (b0 >= 0xF0 && b0 <= 0xF4) {
    if (continuation(1) && continuation(2) && continuation(3)) {
      const char32_t c = (b0 & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F);
      if (c >= 0x10000 && c <= 0x10FFFF) return {c, 4};
    }
  }
  return {kInvalidByte, 1};
}

// The character that ends right before `position`; position > 0. An invalid byte is a character of its own.
DecodedChar DecodeUtf8Before(std::string_view text, size_t position);

void AppendUtf8(char32_t code_point, std::string* out);

// Byte position of the first invalid sequence; std::string_view::npos if all of `text` is valid.
size_t FindInvalidUtf8(std::string_view text);

// Length of the maximal invalid part at `position` (one U+FFFD each, Unicode 16 section 3.9, as Python's "replace").
size_t InvalidPartLength(std::string_view text, size_t position);

// `text` with every maximal invalid part replaced by U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

bool IsAscii(std::string_view text);

// Whether a byte begins a character of three or four bytes, or would in UTF-8.
inline bool HasLongCharacter(std::string_view text) {
  const auto begins_long = [](uint64_t bytes) {
    return bytes & bytes << 1 & bytes << 2 & 0x8080808080808080u;
  };
  uint64_t found = 0, word;
  size_t i = 0;
  for (; i + sizeof(word) <= text.size(); i += sizeof(word)) {
    std::memcpy(&word, text.data() + i, sizeof(word));
    found |= begins_long(word);
  }
  word = 0;
  std::memcpy(&word, text.data() + i, text.size() - i);
  return (found | begins_long(word)) != 0;
}

// The first position at or after `position` whose byte is not ASCII (text.size() if there is none).
size_t SkipAscii(std::string_view text, size_t position);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_UTF8_H_
