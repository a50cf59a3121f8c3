#include "src/encode/text_statistics.h"

#include <array>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::array<bool, 128> MakeAsciiSpace() {
  std::array<bool, 128> table{};
  for (const char c : {'\t', '\n', '\v', '\f', '\r', ' '}) table[static_cast<size_t>(c)] = true;
  return table;
}
constexpr std::array<bool, 128> kAsciiSpace = MakeAsciiSpace();

// White space outside ASCII begins with one of these bytes (U+0085, U+00A0, U+1680, U+2000.., U+3000).
bool MayBeginSpace(unsigned char byte) { return byte == 0xC2 || (byte >= 0xE1 && byte <= 0xE3); }

}  // namespace

TextStatistics MeasureText(std::string_view text, bool replace_invalid) {
  TextStatistics statistics;
  bool in_word = false;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    bool is_space = false;
    if (byte < 0x80) {
      is_space = kAsciiSpace[byte];
      ++i;
    } else {
      const DecodedChar c = DecodeUtf8(text, i);
      is_space = MayBeginSpace(byte) && IsWhiteSpace(c.code_point);
      i += c.code_point == kInvalidByte && replace_invalid ? InvalidPartLength(text, i) : c.n_bytes;
    }
    ++statistics.n_chars;
    statistics.n_words += !is_space && !in_word;
    in_word = !is_space;
  }
  return statistics;
}

}  // namespace tok
