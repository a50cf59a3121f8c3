// unicode/byte_alphabet.h: the 256 printable characters that stand for bytes in byte-level vocabulary files.
//
// Model: bytes that are printable in Latin-1 stand for themselves; the 68 others (controls, space,
// 0x7F..0xA0, 0xAD) are U+0100 + n in increasing order. A bijection between byte strings and strings over
// this alphabet. Source: the GPT-2 encoder (Radford et al. 2019), as used by Hugging Face's ByteLevel
// components. Threads: pure functions.
#ifndef TOK_SRC_UNICODE_BYTE_ALPHABET_H_
#define TOK_SRC_UNICODE_BYTE_ALPHABET_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tok {

char32_t ByteAlphabetChar(uint8_t byte);

// The byte that a character stands for; -1 if it is not in the alphabet.
int ByteOfAlphabetChar(char32_t character);

// Appends `bytes` spelled in the alphabet (UTF-8).
void AppendByteAlphabet(std::string_view bytes, std::string* spelled);

// Replaces *bytes by what `spelled` stands for. False, with *bytes unspecified, if a character is not in the
// alphabet.
bool FromByteAlphabet(std::string_view spelled, std::string* bytes);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_BYTE_ALPHABET_H_
