#include "src/unicode/utf8.h"

#include <algorithm>
#include <cstring>

#include "simdjson.h"

namespace tok {

DecodedChar DecodeUtf8Before(std::string_view text, size_t position) {
  const size_t earliest = position >= 4 ? position - 4 : 0;
  for (size_t start = position; start-- > earliest;) {
    const auto byte = static_cast<unsigned char>(text[start]);
    if ((byte & 0xC0) == 0x80) continue;
    const DecodedChar c = DecodeUtf8(text.substr(0, position), start);
    if (start + c.n_bytes == position) return c;
    break;
  }
  return {kInvalidByte, 1};
}

void AppendUtf8(char32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | c >> 6));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | c >> 12));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | c >> 18));
    out->push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

size_t SkipAscii(std::string_view text, size_t position) {
  while (position + 8 <= text.size()) {
    uint64_t word;
    std::memcpy(&word, text.data() + position, 8);
    if (word & 0x8080808080808080u) break;
    position += 8;
  }
  while (position < text.size() && static_cast<unsigned char>(text[position]) < 0x80) ++position;
  return position;
}

size_t FindInvalidUtf8(std::string_view text) {
  if (simdjson::validate_utf8(text.data(), text.size())) return std::string_view::npos;
  size_t position = 0;
  while ((position = SkipAscii(text, position)) < text.size()) {
    const DecodedChar c = DecodeUtf8(text, position);
    if (c.code_point == kInvalidByte) return position;
    position += c.n_bytes;
  }
  return std::string_view::npos;
}

size_t InvalidPartLength(std::string_view text, size_t position) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const size_t left = text.size() - position;
  const unsigned b0 = byte(0);
  size_t wanted = 1;
  unsigned low = 0x80, high = 0xBF;  // allowed range of the second byte
  if (b0 >= 0xC2 && b0 <= 0xDF) {
    wanted = 2;
  } else if (b0 >= 0xE0 && b0 <= 0xEF) {
    wanted = 3;
    if (b0 == 0xE0) low = 0xA0;
    if (b0 == 0xED) high = 0x9F;
  } else if (b0 >= 0xF0 && b0 <= 0xF4) {
    wanted = 4;
    if (b0 == 0xF0) low = 0x90;
    if (b0 == 0xF4) high = 0x8F;
  }
  size_t n = 1;
  while (n < wanted && n < left && byte(n) >= low && byte(n) <= high) {
    ++n;
    low = 0x80, high = 0xBF;
  }
  return n;
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const size_t valid = std::min(FindInvalidUtf8(text), text.size());
    result.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) break;
    result.append("\xEF\xBF\xBD");
    text.remove_prefix(InvalidPartLength(text, 0));
  }
  return result;
}

bool IsAscii(std::string_view text) { return SkipAscii(text, 0) == text.size(); }

}  // namespace tok
