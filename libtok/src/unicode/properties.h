// unicode/properties.h: character properties of Unicode 16.0.
//
// Model: one byte per code point (general category and three binary properties) in a two-stage table of 128-character
// blocks; look-ups are inline and branch once. Every function takes any char32_t; values above U+10FFFF (kInvalidByte)
// have no property and category kNone.
// Source: tables in generated/, written by scripts/generate_unicode.py from unicodedata2, regex and fontTools. Unicode
// 16.0 is what tiktoken's and Hugging Face's regular expressions follow (docs/unicode.md); what Hugging Face takes from
// other versions is in unicode/hugging_face.h.
// Cost: GeneralCategory, IsWhiteSpace, IsAlphabetic, IsWordCharacter: two loads. PropertyRanges: for pattern compilation.
// Threads: pure functions over constant tables.
//
//   if (HasCategory(c, kLetterCategories)) ...
//   for (CodePointRange range : PropertyRanges("Script=Han")) ...
#ifndef TOK_SRC_UNICODE_PROPERTIES_H_
#define TOK_SRC_UNICODE_PROPERTIES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tok {

// General categories, Unicode 16 table 4-4, plus kNone for what is not a character.
enum class Category : uint8_t {
  kLu,
  kLl,
  kLt,
  kLm,
  kLo,
  kMn,
  kMc,
  kMe,
  kNd,
  kNl,
  kNo,
  kPc,
  kPd,
  kPs,
  kPe,
  kPi,
  kPf,
  kPo,
  kSm,
  kSc,
  kSk,
  kSo,
  kZs,
  kZl,
  kZp,
  kCc,
  kCf,
  kCs,
  kCo,
  kCn,
  kNone,
};

namespace unicode_tables {
inline constexpr unsigned kBlockShift = 7;
inline constexpr uint8_t kCategoryMask = 0x1F, kAlphabetic = 0x20, kWhiteSpace = 0x40, kWord = 0x80;
extern const uint16_t kPropertyIndex[0x110000 >> kBlockShift];
extern const uint8_t kPropertyData[];

// Category and property bits of a code point; kNone alone above U+10FFFF.
inline uint8_t PropertyByte(char32_t c) {
  if (c > 0x10FFFF) return static_cast<uint8_t>(Category::kNone);
  return kPropertyData[static_cast<uint32_t>(kPropertyIndex[c >> kBlockShift]) << kBlockShift |
                       (c & ((1u << kBlockShift) - 1))];
}
// The property bytes of the block of 128 code points that begins with `first`.
inline const uint8_t* PropertyRow(char32_t first) {
  return kPropertyData + (static_cast<uint32_t>(kPropertyIndex[first >> kBlockShift]) << kBlockShift);
}
}  // namespace unicode_tables

inline Category GeneralCategory(char32_t c) {
  return static_cast<Category>(unicode_tables::PropertyByte(c) & unicode_tables::kCategoryMask);
}
inline constexpr uint32_t CategoryBit(Category category) { return 1u << static_cast<unsigned>(category); }
inline constexpr uint32_t kLetterCategories = 0x1Fu;             // L
inline constexpr uint32_t kMarkCategories = 0x7u << 5;           // M
inline constexpr uint32_t kNumberCategories = 0x7u << 8;         // N
inline constexpr uint32_t kPunctuationCategories = 0x7Fu << 11;  // P
inline constexpr uint32_t kSymbolCategories = 0xFu << 18;        // S
inline constexpr uint32_t kSeparatorCategories = 0x7u << 22;     // Z
inline constexpr uint32_t kOtherCategories = 0x1Fu << 25;        // C, unassigned included
inline bool HasCategory(char32_t c, uint32_t categories) {
  return CategoryBit(GeneralCategory(c)) & categories;
}

// White_Space: what \s and Rust's char::is_whitespace mean.
inline bool IsWhiteSpace(char32_t c) { return unicode_tables::PropertyByte(c) & unicode_tables::kWhiteSpace; }
// Alphabetic (Rust's is_alphabetic).
inline bool IsAlphabetic(char32_t c) { return unicode_tables::PropertyByte(c) & unicode_tables::kAlphabetic; }
// \w of Rust's regex crate (tiktoken's patterns; Hugging Face's Whitespace and single_word): Alphabetic, M, Nd, Pc and
// Join_Control. Oniguruma's \w differs: see unicode/profile.h.
inline bool IsWordCharacter(char32_t c) { return unicode_tables::PropertyByte(c) & unicode_tables::kWord; }

struct CodePointRange {
  char32_t first, last;
  friend bool operator==(const CodePointRange&, const CodePointRange&) = default;
};
// Ranges of a property by its regular-expression name, in increasing order and disjoint: general categories and groups
// ("L", "Lu", "Uppercase_Letter", "LC"), scripts ("Han", "Hani", "Script=Han", "sc=Han"), binary properties
// ("Alphabetic", "White_Space", "Emoji", ...), "Any", "ASCII", "Assigned". Case, spaces, '_' and '-' do not matter.
// Empty if unknown. Surrogates appear only in "Cs", "C" and "Any".
std::vector<CodePointRange> PropertyRanges(std::string_view name);
// The code points (U+0000 to U+10FFFF) that are in none of `ranges` (sorted, disjoint).
std::vector<CodePointRange> ComplementRanges(const std::vector<CodePointRange>& ranges);
// The union of two range lists, each sorted and disjoint.
std::vector<CodePointRange> UnionRanges(const std::vector<CodePointRange>& a,
                                        const std::vector<CodePointRange>& b);

// Script name as in Scripts.txt ("Latin", "Han", "Common", ...); "Unknown" for what has none.
std::string_view ScriptOf(char32_t c);

// Full lower-case mapping as Rust's char::to_lowercase (Unicode 17.0, which only adds to 16.0): appends one or two code
// points; no context rules.
void AppendLowercase(char32_t c, std::u32string* out);
// Whether AppendLowercase appends anything but `c`.
bool HasLowercase(char32_t c);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_PROPERTIES_H_
