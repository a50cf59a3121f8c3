// split/char_class.h: the handful of character classes that the known pattern families distinguish.
#ifndef TOK_SRC_SPLIT_CHAR_CLASS_H_
#define TOK_SRC_SPLIT_CHAR_CLASS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "src/unicode/properties.h"

namespace tok {

enum class CharClass : uint8_t {
  kOther,        // controls, format characters, private use, unassigned, invalid bytes
  kUpper,        // Lu, Lt
  kLower,        // Ll
  kLetterOther,  // Lm, Lo: counts as both cases in the o200k pattern
  kMark,         // Mn, Mc, Me
  kNumber,       // Nd, Nl, No
  kSpace,        // White_Space except CR and LF
  kNewline,      // CR, LF
  kPunctuation,  // P and S
};
inline constexpr size_t kNumCharClasses = 9;

inline constexpr std::array<CharClass, 31> kClassOfCategory = [] {
  std::array<CharClass, 31> table{};  // kOther
  const auto set = [&](Category category, CharClass c) { table[static_cast<size_t>(category)] = c; };
  set(Category::kLu, CharClass::kUpper);
  set(Category::kLt, CharClass::kUpper);
  set(Category::kLl, CharClass::kLower);
  set(Category::kLm, CharClass::kLetterOther);
  set(Category::kLo, CharClass::kLetterOther);
  set(Category::kMn, CharClass::kMark);
  set(Category::kMc, CharClass::kMark);
  set(Category::kMe, CharClass::kMark);
  set(Category::kNd, CharClass::kNumber);
  set(Category::kNl, CharClass::kNumber);
  set(Category::kNo, CharClass::kNumber);
  set(Category::kZs, CharClass::kSpace);
  set(Category::kZl, CharClass::kSpace);
  set(Category::kZp, CharClass::kSpace);
  for (auto c = Category::kPc; c <= Category::kSo; c = static_cast<Category>(static_cast<int>(c) + 1)) {
    set(c, CharClass::kPunctuation);
  }
  return table;
}();

inline CharClass ClassOf(char32_t c) {
  if (c == '\n' || c == '\r') return CharClass::kNewline;
  if (c == '\t' || c == '\v' || c == '\f' || c == 0x85) return CharClass::kSpace;
  return kClassOfCategory[static_cast<size_t>(GeneralCategory(c))];
}

inline constexpr uint32_t ClassBit(CharClass c) { return 1u << static_cast<unsigned>(c); }
inline constexpr uint32_t kAnyLetter =
    ClassBit(CharClass::kUpper) | ClassBit(CharClass::kLower) | ClassBit(CharClass::kLetterOther);
inline constexpr uint32_t kAnySpace = ClassBit(CharClass::kSpace) | ClassBit(CharClass::kNewline);
inline constexpr uint32_t kAnyNumber = ClassBit(CharClass::kNumber);
// [^\s\p{L}\p{N}]: marks are among them.
inline constexpr uint32_t kSymbol =
    ClassBit(CharClass::kOther) | ClassBit(CharClass::kPunctuation) | ClassBit(CharClass::kMark);
// [\p{L}\p{M}]
inline constexpr uint32_t kLetterOrMark = kAnyLetter | ClassBit(CharClass::kMark);
// The two halves of an o200k word.
inline constexpr uint32_t kWordHead =
    ClassBit(CharClass::kUpper) | ClassBit(CharClass::kLetterOther) | ClassBit(CharClass::kMark);
inline constexpr uint32_t kWordTail =
    ClassBit(CharClass::kLower) | ClassBit(CharClass::kLetterOther) | ClassBit(CharClass::kMark);

// [\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff], which DeepSeek cuts out of the text. Some of them are no letters.
inline bool IsHanOrKana(char32_t c) { return (c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3040 && c <= 0x30FF); }

}  // namespace tok

#endif  // TOK_SRC_SPLIT_CHAR_CLASS_H_
