#include "src/unicode/byte_alphabet.h"

#include <array>

#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr int kAlphabetEnd = 0x144;  // one past the largest character of the alphabet

struct Tables {
  std::array<char32_t, 256> char_of_byte{};
  std::array<int16_t, kAlphabetEnd> byte_of_char{};
};

constexpr bool StandsForItself(int byte) {
  return (byte > 0x20 && byte < 0x7F) || (byte > 0xA0 && byte != 0xAD);
}

constexpr Tables MakeTables() {
  Tables tables;
  for (int16_t& byte : tables.byte_of_char) byte = -1;
  int next = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    const int character = StandsForItself(byte) ? byte : next++;
    tables.char_of_byte[byte] = static_cast<char32_t>(character);
    tables.byte_of_char[character] = static_cast<int16_t>(byte);
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

}  // namespace

char32_t ByteAlphabetChar(uint8_t byte) { return kTables.char_of_byte[byte]; }

int ByteOfAlphabetChar(char32_t character) {
  return character < kAlphabetEnd ? kTables.byte_of_char[character] : -1;
}

void AppendByteAlphabet(std::string_view bytes, std::string* spelled) {
  for (const char byte : bytes) AppendUtf8(ByteAlphabetChar(static_cast<uint8_t>(byte)), spelled);
}

bool FromByteAlphabet(std::string_view spelled, std::string* bytes) {
  bytes->clear();
  for (size_t i = 0; i < spelled.size();) {
    const DecodedChar decoded = DecodeUtf8(spelled, i);
    const int byte = ByteOfAlphabetChar(decoded.code_point);
    if (byte < 0) return false;
    bytes->push_back(static_cast<char>(byte));
    i += decoded.n_bytes;
  }
  return true;
}

}  // namespace tok
