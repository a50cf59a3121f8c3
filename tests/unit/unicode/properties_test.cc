#include "src/unicode/properties.h"

#include <string>

#include "gtest/gtest.h"
#include "src/unicode/hugging_face.h"
#include "src/unicode/profile.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

size_t CountOf(const std::vector<CodePointRange>& ranges) {
  size_t n = 0;
  for (const CodePointRange& range : ranges) n += range.last - range.first + 1;
  return n;
}

bool Holds(const std::vector<CodePointRange>& ranges, char32_t c) {
  for (const CodePointRange& range : ranges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

TEST(PropertiesTest, GeneralCategories) {
  const struct {
    char32_t c;
    Category category;
  } kCases[] = {
      {U'a', Category::kLl},           {U'A', Category::kLu},         {U'5', Category::kNd},
      {U' ', Category::kZs},           {U'_', Category::kPc},         {U'\n', Category::kCc},
      {0x01C5, Category::kLt},         {0x4E00, Category::kLo},       {0x0301, Category::kMn},
      {0x0903, Category::kMc},         {0x20DD, Category::kMe},       {0x2167, Category::kNl},
      {0x00BD, Category::kNo},         {0xD800, Category::kCs},       {0xE000, Category::kCo},
      {0x10FFFD, Category::kCo},       {0x10FFFF, Category::kCn},     {0x1F600, Category::kSo},
      {0x10D4A, Category::kLo},                                   // new in 16.0
      {0x1C89, Category::kLu},         {0x323B0, Category::kCn},  // unassigned until 17.0
      {kInvalidByte, Category::kNone}, {0xFFFFFFFF, Category::kNone},
  };
  for (const auto& item : kCases) {
    EXPECT_EQ(GeneralCategory(item.c), item.category) << std::hex << static_cast<uint32_t>(item.c);
  }
}

// Sizes of the peers' classes, surrogates aside, as measured for docs/unicode.md.
TEST(PropertiesTest, ClassSizesAreThePeers) {
  const struct {
    const char* name;
    size_t n;
  } kCases[] = {
      {"White_Space", 25}, {"Alphabetic", 142759}, {"Nd", 760},     {"Lowercase", 2569},
      {"Uppercase", 1978}, {"Han", 99030},         {"Latin", 1487}, {"Common", 9053},
      {"Inherited", 657},  {"Any", 0x110000},      {"ASCII", 128},  {"Cs", 2048},
  };
  for (const auto& item : kCases) EXPECT_EQ(CountOf(PropertyRanges(item.name)), item.n) << item.name;
  size_t n_words = 0;
  for (char32_t c = 0; c <= 0x110000; ++c) n_words += IsWordCharacter(c);
  EXPECT_EQ(n_words, 144667u);
}

TEST(PropertiesTest, RangesAgreeWithTheInlineLookUps) {
  const struct {
    const char* name;
    bool (*test)(char32_t);
  } kCases[] = {
      {"White_Space", [](char32_t c) { return IsWhiteSpace(c); }},
      {"alphabetic", [](char32_t c) { return IsAlphabetic(c); }},
      {"L", [](char32_t c) { return HasCategory(c, kLetterCategories); }},
      {"Mark", [](char32_t c) { return HasCategory(c, kMarkCategories); }},
      {"number", [](char32_t c) { return HasCategory(c, kNumberCategories); }},
      {"P", [](char32_t c) { return HasCategory(c, kPunctuationCategories); }},
      {"gc=S", [](char32_t c) { return HasCategory(c, kSymbolCategories); }},
      {"General_Category = Uppercase_Letter", [](char32_t c) { return GeneralCategory(c) == Category::kLu; }},
      {"Script=Han", [](char32_t c) { return ScriptOf(c) == "Han"; }},
      {"sc=Grek", [](char32_t c) { return ScriptOf(c) == "Greek"; }},
      {"old italic", [](char32_t c) { return ScriptOf(c) == "Old_Italic"; }},
  };
  for (const auto& item : kCases) {
    const std::vector<CodePointRange> ranges = PropertyRanges(item.name);
    ASSERT_FALSE(ranges.empty()) << item.name;
    size_t next = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      while (next < ranges.size() && ranges[next].last < c) ++next;
      const bool inside = next < ranges.size() && ranges[next].first <= c;
      ASSERT_EQ(inside, item.test(c)) << item.name << " " << std::hex << static_cast<uint32_t>(c);
    }
  }
}

TEST(PropertiesTest, UnknownNamesHaveNoRanges) {
  for (const char* name : {"", "Nope", "Script=Nope", "Nope=Han", "=", "InBasicLatin"}) {
    EXPECT_TRUE(PropertyRanges(name).empty()) << name;
  }
}

TEST(PropertiesTest, RangeAlgebra) {
  const std::vector<CodePointRange> a = {{1, 3}, {7, 9}}, b = {{0, 0}, {4, 5}, {8, 12}};
  EXPECT_EQ(UnionRanges(a, b), (std::vector<CodePointRange>{{0, 5}, {7, 12}}));
  EXPECT_EQ(ComplementRanges(ComplementRanges(a)), a);
  EXPECT_EQ(ComplementRanges({}), (std::vector<CodePointRange>{{0, 0x10FFFF}}));
  EXPECT_TRUE(ComplementRanges({{0, 0x10FFFF}}).empty());
}

TEST(PropertiesTest, Lowercase) {
  const struct {
    char32_t c;
    std::u32string lower;
  } kCases[] = {
      {U'A', U"a"},
      {U'Z', U"z"},
      {U'[', U"["},
      {U'É', U"é"},
      {0x130, U"i\u0307"},
      {0x1E9E, U"ß"},
      {0x3A3, U"σ"},
      {0x1C5, U"\u01C6"},
      {0x212A, U"k"},
      {0x10400, U"\U00010428"},
      {0x13A0, U"\uAB70"},
      {0xA7DC, U"\u019B"},
      {0x10FFFF, U"\U0010FFFF"},
  };
  for (const auto& item : kCases) {
    std::u32string out;
    AppendLowercase(item.c, &out);
    EXPECT_EQ(out, item.lower) << std::hex << static_cast<uint32_t>(item.c);
  }
  std::u32string invalid;
  AppendLowercase(kInvalidByte, &invalid);
  EXPECT_EQ(invalid, std::u32string(1, kInvalidByte));
}

TEST(ProfileTest, ShortHandClasses) {
  constexpr auto kHf = UnicodeProfileName::kHuggingFace, kTik = UnicodeProfileName::kTiktoken;
  EXPECT_EQ(CountOf(EscapeClassRanges('w', false, kHf)), 144671u);
  EXPECT_EQ(CountOf(EscapeClassRanges('w', true, kHf)), 144665u);
  EXPECT_EQ(CountOf(EscapeClassRanges('w', false, kTik)), 144667u);
  EXPECT_EQ(CountOf(EscapeClassRanges('s', false, kTik)), 25u);
  EXPECT_EQ(CountOf(EscapeClassRanges('d', true, kHf)), 760u);
  EXPECT_EQ(CountOf(EscapeClassRanges('h', true, kHf)), 22u);
  EXPECT_TRUE(EscapeClassRanges('q', false, kHf).empty());
  EXPECT_TRUE(Holds(EscapeClassRanges('w', false, kHf), 0xB2));
  EXPECT_FALSE(Holds(EscapeClassRanges('w', true, kHf), 0xB2));
  EXPECT_TRUE(Holds(EscapeClassRanges('w', true, kTik), 0x200D));
}

TEST(ProfileTest, PosixClasses) {
  const struct {
    const char* name;
    size_t n_hugging_face, n_tiktoken;
  } kCases[] = {
      {"alnum", 143519, 62}, {"alpha", 142759, 52}, {"ascii", 128, 128},   {"blank", 18, 2},
      {"cntrl", 65, 33},     {"digit", 760, 10},    {"graph", 292447, 94}, {"lower", 2569, 26},
      {"print", 292464, 95}, {"punct", 9369, 32},   {"space", 25, 6},      {"upper", 1978, 26},
      {"word", 144665, 63},  {"xdigit", 22, 22},    {"nope", 0, 0},
  };
  for (const auto& item : kCases) {
    EXPECT_EQ(CountOf(PosixClassRanges(item.name, UnicodeProfileName::kHuggingFace)), item.n_hugging_face)
        << item.name;
    EXPECT_EQ(CountOf(PosixClassRanges(item.name, UnicodeProfileName::kTiktoken)), item.n_tiktoken)
        << item.name;
  }
}

TEST(HuggingFaceClassesTest, OlderAndNewerVersions) {
  using namespace hugging_face;
  EXPECT_TRUE(IsPunctuation(U'$') && IsPunctuation(U'~') && IsPunctuation(0x2014));
  EXPECT_FALSE(IsPunctuation(0x2E43));  // P since Unicode 9.0
  EXPECT_TRUE(IsNumeric(U'7') && IsNumeric(0x2167) && IsNumeric(0x00BD));
  EXPECT_TRUE(IsNumeric(0x11DE0));  // Nd since Unicode 17.0
  EXPECT_TRUE(IsRemovedByBert(0) && IsRemovedByBert(0xFFFD) && IsRemovedByBert(0x200B) &&
              IsRemovedByBert(0x0B));
  EXPECT_FALSE(IsRemovedByBert(U'\t') || IsRemovedByBert(U'\n') || IsRemovedByBert(U'\r') ||
               IsRemovedByBert(0x8E2));
  EXPECT_TRUE(IsBertAccent(0x301) && IsCombiningMark(0x301) && IsCombiningMark(0x903));
  EXPECT_FALSE(IsBertAccent(0x903) || IsBertAccent(0x1885));
  EXPECT_TRUE(IsCombiningMark(0x1885));
  EXPECT_FALSE(IsCombiningMark(0x0AFA));  // Mn since Unicode 10.0
  EXPECT_FALSE(IsPunctuation(kInvalidByte) || IsNumeric(kInvalidByte) || IsRemovedByBert(kInvalidByte));
}

TEST(HuggingFaceClassesTest, Scripts) {
  using hugging_face::kAnyScript;
  using hugging_face::ScriptClass;
  EXPECT_EQ(ScriptClass(U'京'), ScriptClass(U'い'));
  EXPECT_EQ(ScriptClass(U'グ'), ScriptClass(U'ー'));
  EXPECT_EQ(ScriptClass(U'a'), ScriptClass(U'é'));
  EXPECT_NE(ScriptClass(U'a'), ScriptClass(U'0'));
  EXPECT_NE(ScriptClass(U'a'), ScriptClass(U'α'));
  EXPECT_EQ(ScriptClass(U' '), kAnyScript);
  EXPECT_EQ(ScriptClass(0x10D4A), kAnyScript);
  EXPECT_EQ(ScriptClass(kInvalidByte), kAnyScript);
}

}  // namespace
}  // namespace tok
