#include "src/unicode/normal_forms.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using normalizer::Form;

std::vector<NormalizedChar> Normalized(std::u32string_view text, Form form) {
  std::vector<NormalizedChar> result;
  NormalizeChars(text, form, &result);
  return result;
}

std::string Utf8(std::u32string_view text) {
  std::string result;
  for (char32_t c : text) AppendUtf8(c, &result);
  return result;
}

TEST(NormalFormsTest, CharactersAndChanges) {
  const struct {
    Form form;
    std::u32string text;
    std::vector<NormalizedChar> result;
  } kCases[] = {
      {Form::kNfd, U"\u00E9", {{U'e', 0}, {0x301, 1}}},
      {Form::kNfd, U"\u1ED9", {{U'o', 0}, {0x323, 1}, {0x302, 1}}},
      {Form::kNfd, U"e\u0301\u0323", {{U'e', 0}, {0x323, 0}, {0x301, 0}}},  // in order of combining class
      {Form::kNfd, U"\uAC01", {{0x1100, 0}, {0x1161, 1}, {0x11A8, 1}}},
      {Form::kNfd, U"\uAC00", {{0x1100, 0}, {0x1161, 1}}},
      {Form::kNfd, U"\uFB01", {{0xFB01, 0}}},
      {Form::kNfkd, U"\uFB01", {{U'f', 0}, {U'i', 1}}},
      {Form::kNfc, U"e\u0301", {{0xE9, -1}}},
      {Form::kNfc, U"e\u0323\u0301", {{0x1EB9, -1}, {0x301, 0}}},
      {Form::kNfc, U"o\u0302\u0323", {{0x1ED9, -2}}},
      {Form::kNfc, U"\u00F4\u0323", {{0x1ED9, -1}}},
      {Form::kNfc, U"\u00E9", {{0xE9, 0}}},
      {Form::kNfc, U"\u1100\u1161\u11A8", {{0xAC01, -2}}},
      {Form::kNfc, U"\uAC00\u11A8", {{0xAC01, -1}}},
      {Form::kNfc, U"\uAC00\u11A7", {{0xAC00, 0}, {0x11A7, 0}}},  // the base of the trail consonants is none
      {Form::kNfc, U"\u0344", {{0x308, 0}, {0x301, 1}}},          // excluded from composition
      {Form::kNfc, U"\u2126", {{0x3A9, 0}}},
      {Form::kNfc, U"a\u0315\u0300", {{0xE0, -1}, {0x315, 0}}},
      {Form::kNfc, U"a\u0334\u0300", {{0xE0, -1}, {0x334, 0}}},  // class 1 does not block class 230
      {Form::kNfc, U"a\u0305\u0300", {{U'a', 0}, {0x305, 0}, {0x300, 0}}},  // 230 blocks 230
      {Form::kNfkc, U"\uFB01", {{U'f', 0}, {U'i', 1}}},
      {Form::kNfkc, U"\u1E9B\u0323", {{0x1E69, -1}}},
      {Form::kNfkc, U"\u0133\u030C", {{U'i', 0}, {0x1F0, 0}}},
      {Form::kNfc, U"\U00011938", {{0x11938, 0}}},  // decomposes since Unicode 13.0
      {Form::kNfkc, U"\u32FF", {{0x32FF, 0}}},      // since 12.1
      {Form::kNfd, U"a\u0301\U0001E947", {{U'a', 0}, {0x301, 0}, {0x1E947, 0}}},  // class 230, known to 9.0
      {Form::kNfd, U"a\u0301\u0EBA", {{U'a', 0}, {0x301, 0}, {0xEBA, 0}}},        // class 9 since 12.0
      {Form::kNfd, U"", {}},
  };
  for (const auto& item : kCases) {
    EXPECT_EQ(Normalized(item.text, item.form), item.result) << Utf8(item.text);
  }
}

TEST(NormalFormsTest, StretchesThatMayChange) {
  const struct {
    Form form;
    std::string text;
    size_t begin, end;
  } kCases[] = {
      {Form::kNfc, "plain text", 10, 10},
      {Form::kNfc, "d\u00E9j\u00E0 vu", 9, 9},
      {Form::kNfc, "\u4E2D\u6587\uAC00", 9, 9},
      {Form::kNfc, "xe\u0301y", 1, 4},
      {Form::kNfc, "x\u00E9\u0323y", 1, 5},
      {Form::kNfc, "a\u0323\u0301", 0, 5},
      {Form::kNfc, "x\u0301y", 4, 4},      // x does not compose
      {Form::kNfc, "\u09A8\u09BE", 6, 6},  // Bengali na, aa: may compose after other letters only
      {Form::kNfc, "\u09C7\u09BE", 0, 6},
      {Form::kNfd, "x\u00E9y", 1, 3},
      {Form::kNfd, "xe\u0301y", 5, 5},
      {Form::kNfd, "e\u0301\u0323", 0, 5},
      {Form::kNfd, "\uAC00", 0, 3},
      {Form::kNfkc, "a\uFB01b", 1, 4},
      {Form::kNfc, "a\uFB01b", 5, 5},
      {Form::kNfc, "e\xFF\u0301", 4, 4},  // nothing combines across an invalid byte
      {Form::kNfd, "\xFF\u0301\u0323 ", 1, 5},
      {Form::kNfkc, "", 0, 0},
  };
  for (const auto& item : kCases) {
    const UnsettledRange range = NextUnsettled(item.text, 0, item.form);
    EXPECT_EQ(range.begin, item.begin) << item.text;
    EXPECT_EQ(range.end, item.end) << item.text;
  }
}

// What the scan calls settled, normalization leaves as it is: for every code point alone and after a base and a mark.
TEST(NormalFormsTest, SettledTextIsNormalized) {
  for (Form form : {Form::kNfc, Form::kNfd, Form::kNfkc, Form::kNfkd}) {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      if (c == 0xD800) c = 0xE000;
      for (const std::u32string& text :
           {std::u32string{c}, std::u32string{U'A', c}, std::u32string{0x5D0, 0x5B7, c}}) {
        const std::string utf8 = Utf8(text);
        if (NextUnsettled(utf8, 0, form).begin != utf8.size()) continue;
        std::u32string normalized;
        for (const NormalizedChar& n : Normalized(text, form)) normalized.push_back(n.code_point);
        ASSERT_EQ(normalized, text) << std::hex << static_cast<uint32_t>(c);
      }
    }
  }
}

}  // namespace
}  // namespace tok
