// The parser: what is refused, by which code and where; what is understood is held against the peers by
// tests/differential/pre_tokenizers_test.py.
#include "src/split/regex_parser.h"

#include <gtest/gtest.h>

#include <string>

#include "src/split/regex_case.h"

namespace tok {
namespace {

constexpr RegexDialect kOnig = RegexDialect::kOniguruma, kRust = RegexDialect::kRust;

struct Refusal {
  RegexDialect dialect;
  std::string pattern;
  ErrorCode code;
  std::string place;  // substring of the message
};

TEST(RegexParserTest, RefusalsNameConstructAndPlace) {
  const Refusal refusals[] = {
      {kOnig, "ab)", ErrorCode::kBadPattern, "byte 2: closing parenthesis"},
      {kOnig, "(ab", ErrorCode::kBadPattern, "byte 3: group without"},
      {kOnig, "+a", ErrorCode::kBadPattern, "byte 0: nothing to repeat"},
      {kOnig, "a|*", ErrorCode::kBadPattern, "byte 2: nothing to repeat"},
      {kOnig, "[a", ErrorCode::kBadPattern, "class without"},
      {kOnig, "[z-a]", ErrorCode::kBadPattern, "out of order"},
      {kOnig, "\\x{110000}", ErrorCode::kBadPattern, "no such code point"},
      {kOnig, "\\x{D800}", ErrorCode::kBadPattern, "no such code point"},
      {kOnig, "a\\", ErrorCode::kBadPattern, "byte 2: pattern ends"},
      {kOnig, "(?=a)+", ErrorCode::kBadPattern, "assertion cannot be repeated"},
      {kOnig, "\xFF", ErrorCode::kBadPattern, "byte 0: invalid UTF-8"},
      {kOnig, "(a)\\1", ErrorCode::kUnsupportedFeature, "escape \\1"},
      {kOnig, "\\X", ErrorCode::kUnsupportedFeature, "escape \\X"},
      {kOnig, "\\p{Klingon}", ErrorCode::kUnsupportedFeature, "property Klingon"},
      {kOnig, "(?x)a", ErrorCode::kUnsupportedFeature, "byte 1"},
      {kOnig, "(?~a)", ErrorCode::kUnsupportedFeature, "byte 1"},
      {kOnig, "(*FAIL)", ErrorCode::kUnsupportedFeature, "callout"},
      {kOnig, "a+*", ErrorCode::kUnsupportedFeature, "quantifier after a quantifier"},
      {kOnig, "a{2000}", ErrorCode::kUnsupportedFeature, "more than 1000"},
      {kOnig, "(?i)ss", ErrorCode::kUnsupportedFeature, "folds to several"},
      {kOnig, "(?i)[\\p{L}]", ErrorCode::kUnsupportedFeature, "folds to several"},
      {kOnig, "[\\w-a]", ErrorCode::kUnsupportedFeature, "unescaped -"},
      {kOnig, "[a&&]", ErrorCode::kUnsupportedFeature, "without a right side"},
      {kRust, "a{,2}", ErrorCode::kUnsupportedFeature, "{,n}"},
      {kRust, "a{x}", ErrorCode::kUnsupportedFeature, "begins no counted repetition"},
      {kRust, "[a-z--b]", ErrorCode::kUnsupportedFeature, "set operation"},
      {kRust, "\\Z", ErrorCode::kUnsupportedFeature, "escape \\Z"},
      {kRust, "a{2}{3}", ErrorCode::kUnsupportedFeature, "quantifier after a quantifier"},
  };
  for (const Refusal& refusal : refusals) {
    const absl::Status status = ParseRegex(refusal.pattern, refusal.dialect).status();
    EXPECT_EQ(ErrorCodeOf(status), refusal.code) << refusal.pattern << " " << status.message();
    EXPECT_NE(std::string(status.message()).find(refusal.place), std::string::npos)
        << refusal.pattern << " " << status.message();
  }
}

TEST(RegexParserTest, SizesAreLimited) {
  std::string groups;
  for (int i = 0; i < 1000; ++i) groups += "(";
  EXPECT_EQ(ErrorCodeOf(ParseRegex(groups, kOnig).status()), ErrorCode::kLimit);
  std::string flags;
  for (int i = 0; i < 1000; ++i) flags += "(?i)";
  EXPECT_EQ(ErrorCodeOf(ParseRegex(flags, kOnig).status()), ErrorCode::kLimit);
  EXPECT_EQ(ErrorCodeOf(ParseRegex(std::string(1000, '['), kOnig).status()), ErrorCode::kLimit);
  EXPECT_EQ(ErrorCodeOf(ParseRegex(std::string(20000, 'a'), kOnig).status()), ErrorCode::kLimit);
  EXPECT_EQ(ErrorCodeOf(ParseRegex(std::string(2 << 20, 'a'), kOnig).status()), ErrorCode::kLimit);
  std::string classes;
  for (int i = 0; i < 5000; ++i) classes += "\\p{L}";
  EXPECT_EQ(ErrorCodeOf(ParseRegex(classes, kOnig).status()), ErrorCode::kLimit);
}

// Case folding that needs several characters can only matter where the tables say so.
TEST(RegexCaseTest, Variants) {
  const auto variants = [](char32_t c) { return AddCaseVariants(CodePointSet::Of(c, c)); };
  EXPECT_EQ(variants('k'), CodePointSet({{'k', 'k'}, {'K', 'K'}, {0x212A, 0x212A}}));
  EXPECT_EQ(variants(0x17F), CodePointSet({{'s', 's'}, {'S', 'S'}, {0x17F, 0x17F}}));
  EXPECT_EQ(variants(0x3C2), CodePointSet({{0x3A3, 0x3A3}, {0x3C2, 0x3C3}}));
  EXPECT_EQ(variants('1'), CodePointSet::Of('1', '1'));
  EXPECT_EQ(variants(0x130), CodePointSet::Of(0x130, 0x130));
  EXPECT_TRUE(FoldsToSeveral().Contains(0xDF));
  EXPECT_TRUE(MayFoldTogether('S', 0x17F));
  EXPECT_TRUE(MayFoldTogether('f', 'I'));
  EXPECT_FALSE(MayFoldTogether('\'', 's'));
  EXPECT_FALSE(MayFoldTogether('l', 'l'));
  EXPECT_FALSE(MayFoldTogether('v', 'e'));
}

}  // namespace
}  // namespace tok
