// unicode/hugging_face.h: the character classes that Hugging Face `tokenizers` takes from elsewhere than its regular
// expressions, each from its own version of Unicode.
//
//   IsPunctuation    Punctuation, BertPreTokenizer: P of Unicode 8.0 and the ASCII symbols $ + < = > ^ ` | ~
//   IsNumeric        Digits: Nd, Nl and No of Unicode 17.0 (Rust's char::is_numeric)
//   IsRemovedByBert  clean_text: U+0000, U+FFFD, and Cc, Cf, Co of Unicode 8.0 except tab, line feed, return
//   IsBertAccent     strip_accents of Bert: Mn of Unicode 8.0
//   IsCombiningMark  StripAccents: M of Unicode 9.0
//   ScriptClass      UnicodeScripts: scripts of Unicode 9.0
//
// Source: tables in generated/, read from tokenizers 0.23.3 code point by code point (scripts/generate_unicode.py,
// docs/unicode.md). White space and lower case are those of unicode/properties.h. Values above U+10FFFF are in no class.
// Cost: two loads. Threads: pure functions over constant tables.
#ifndef TOK_SRC_UNICODE_HUGGING_FACE_H_
#define TOK_SRC_UNICODE_HUGGING_FACE_H_

#include <cstdint>

namespace tok::hugging_face {

namespace tables {
inline constexpr unsigned kBlockShift = 7;
extern const uint8_t kHuggingFaceIndex[0x110000 >> kBlockShift];
extern const uint8_t kHuggingFaceData[];

inline uint8_t Flags(char32_t c) {
  if (c > 0x10FFFF) return 0;
  return kHuggingFaceData[static_cast<uint32_t>(kHuggingFaceIndex[c >> kBlockShift]) << kBlockShift |
                          (c & ((1u << kBlockShift) - 1))];
}
}  // namespace tables

inline bool IsPunctuation(char32_t c) { return tables::Flags(c) & 1; }
inline bool IsNumeric(char32_t c) { return tables::Flags(c) & 2; }
inline bool IsRemovedByBert(char32_t c) { return tables::Flags(c) & 4; }
inline bool IsBertAccent(char32_t c) { return tables::Flags(c) & 8; }
inline bool IsCombiningMark(char32_t c) { return tables::Flags(c) & 16; }

// The script of a character for the UnicodeScripts pre-tokenizer, its foldings included (Hiragana, Katakana and U+30FC
// count as Han): an arbitrary number from 1 that is equal for equal scripts, or kAnyScript for characters that join
// whatever they stand beside (the space, and what Unicode 9.0 does not know).
inline constexpr uint8_t kAnyScript = 0;
uint8_t ScriptClass(char32_t c);

}  // namespace tok::hugging_face

#endif  // TOK_SRC_UNICODE_HUGGING_FACE_H_
