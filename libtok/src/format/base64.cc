#include "src/format/base64.h"

#include <array>
#include <cstdint>

namespace tok {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeValues() {
  std::array<int8_t, 256> values{};
  for (int8_t& value : values) value = -1;
  for (size_t i = 0; i < kDigits.size(); ++i)
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
  return values;
}

constexpr std::array<int8_t, 256> kValues = MakeValues();

int ValueOf(char digit) { return kValues[static_cast<unsigned char>(digit)]; }

}  // namespace

bool DecodeBase64(std::string_view text, std::string* bytes) {
  if (text.size() % 4 != 0) return false;
  size_t n_padding = 0;
  while (n_padding < 2 && n_padding < text.size() && text[text.size() - 1 - n_padding] == '=') ++n_padding;
  const size_t begin = bytes->size();
  bytes->resize(begin + text.size() / 4 * 3);
  char* out = bytes->data() + begin;
  uint32_t group = 0;
  int invalid = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const int value = i < text.size() - n_padding ? ValueOf(text[i]) : 0;
    invalid |= value;
    group = group << 6 | (static_cast<uint32_t>(value) & 63);
    if (i % 4 != 3) continue;
    *out++ = static_cast<char>(group >> 16);
    *out++ = static_cast<char>(group >> 8);
    *out++ = static_cast<char>(group);
  }
  // Bits under the padding must be zero, so that every byte string has one spelling.
  if (invalid < 0 || (group & ((1u << (8 * n_padding)) - 1)) != 0) {
    bytes->resize(begin);
    return false;
  }
  bytes->resize(bytes->size() - n_padding);
  return true;
}

void AppendBase64(std::string_view bytes, std::string* text) {
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < n ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) text->push_back(j <= n ? kDigits[group >> (18 - 6 * j) & 63] : '=');
  }
}

}  // namespace tok
