// Matchers: engines agree with each other, dialects differ where the peers do, invalid bytes belong to no class, and
// hostile patterns stop.
#include "src/split/pattern_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/split/icu_matcher.h"
#include "src/split/re2_matcher.h"
#include "src/split/regex_parser.h"
#include "src/split/regex_rewrite.h"

namespace tok {
namespace {

constexpr UnicodeProfileName kHf = UnicodeProfileName::kHuggingFace,
                             kTiktoken = UnicodeProfileName::kTiktoken;

std::shared_ptr<const PatternMatcher> Matcher(std::string_view regex, UnicodeProfileName profile) {
  auto matcher = PatternMatcher::Create({true, std::string(regex)}, profile);
  EXPECT_TRUE(matcher.ok()) << regex << " " << matcher.status().message();
  return matcher.ok() ? *matcher : nullptr;
}

std::vector<std::string> Matches(const PatternMatcher& matcher, std::string_view text) {
  std::vector<MatchRange> ranges;
  EXPECT_TRUE(matcher.FindAll(text, &ranges).ok());
  std::vector<std::string> matches;
  for (const MatchRange& range : ranges)
    matches.emplace_back(text.substr(range.begin, range.end - range.begin));
  return matches;
}

using Strings = std::vector<std::string>;

TEST(PatternMatcherTest, DialectsDiffer) {
  struct Case {
    std::string pattern, text;
    Strings oniguruma, rust;
  };
  const Case cases[] = {
      {"^a", "a\na", {"a", "a"}, {"a"}},
      {"a$", "a\na", {"a", "a"}, {"a"}},
      {"(?m)a.", "a\n", {"a\n"}, {}},
      {"a{2}+", "aaaaa", {"aaaa"}, {"aa", "aa"}},
      {"a{2}?", "aaa", {"aa", ""}, {"aa"}},
      {"\\w", "\u200D", {}, {"\u200D"}},
      {"\\w", "\u00B2", {"\u00B2"}, {}},
      {"[\\w]", "\u00B2", {}, {}},
      {"[[:alpha:]]", "\u00E9", {"\u00E9"}, {}},
      {"(?i)\\p{Lu}", "a", {}, {"a"}},
      {"x(?i)a|b", "xB B", {"xB"}, {"B", "B"}},
      {"(?i:'s)", "'\u017F", {"'\u017F"}, {"'\u017F"}},
      {"\\p{N}{1,3}+", "12345", {"12345"}, {"123", "45"}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Matches(*Matcher(c.pattern, kHf), c.text), c.oniguruma) << c.pattern;
    EXPECT_EQ(Matches(*Matcher(c.pattern, kTiktoken), c.text), c.rust) << c.pattern;
  }
}

TEST(PatternMatcherTest, EmptyMatches) {
  std::vector<MatchRange> ranges;
  ASSERT_TRUE(Matcher("b*", kHf)->FindAll("abba", &ranges).ok());
  EXPECT_EQ(ranges, (std::vector<MatchRange>{{0, 0}, {1, 3}, {4, 4}}));
  ASSERT_TRUE(Matcher("(?=\u00E9)", kHf)->FindAll("a\u00E9\u00E9", &ranges).ok());
  EXPECT_EQ(ranges, (std::vector<MatchRange>{{1, 1}, {3, 3}}));
}

TEST(PatternMatcherTest, Literals) {
  const auto matcher = PatternMatcher::Create({false, "aa"}, kHf);
  ASSERT_TRUE(matcher.ok());
  EXPECT_EQ((*matcher)->Name(), "literal");
  std::vector<MatchRange> ranges;
  ASSERT_TRUE((*matcher)->FindAll("aaaba aa", &ranges).ok());
  EXPECT_EQ(ranges, (std::vector<MatchRange>{{0, 2}, {6, 8}}));
  const auto empty = PatternMatcher::Create({false, ""}, kHf);
  ASSERT_TRUE(empty.ok());
  ASSERT_TRUE((*empty)->FindAll("ab", &ranges).ok());
  EXPECT_EQ(ranges, (std::vector<MatchRange>{{0, 0}, {1, 1}, {2, 2}}));
}

TEST(PatternMatcherTest, EachPieceIsATextOfItsOwn) {
  for (const std::string_view pattern : {R"(\Aa)", R"((?<!x)a)"}) {
    const auto matcher = Matcher(pattern, kHf);
    const std::vector<MatchRange> pieces = {{0, 2}, {2, 3}, {4, 6}};
    std::vector<MatchRange> matches;
    std::vector<size_t> ends;
    ASSERT_TRUE(matcher->FindInPieces("xaaxax", pieces, &matches, &ends).ok());
    EXPECT_EQ(matches, (std::vector<MatchRange>{{2, 3}, {4, 5}})) << pattern;
    EXPECT_EQ(ends, (std::vector<size_t>{0, 1, 2})) << pattern;
  }
}

TEST(PatternMatcherTest, InvalidBytesAreOfNoClass) {
  const std::string text = "a\xFF\xC3 \xF0\x9F\x98z\u00E9\x80";
  struct Case {
    std::string pattern;
    Strings matches;
  };
  const Case cases[] = {
      {R"(\p{L}+)", {"a", "z\u00E9"}},
      {R"([^\s\p{L}\p{N}]+)", {"\xFF\xC3", "\xF0\x9F\x98", "\x80"}},
      {R"(\S+)", {"a\xFF\xC3", "\xF0\x9F\x98z\u00E9\x80"}},
      {R"(\p{Cn}|\p{C})", {}},
      {R"(.{3})", {"a\xFF\xC3", " \xF0\x9F", "\x98z\u00E9"}},
      {R"([\x{0}-\x{10FFFF}]{2})", {"z\u00E9"}},
      {R"((?<=\xE9)\P{L})", {"\x80"}},
      {R"((?<=\p{L})\P{L})", {"\xFF", "\x80"}},  // ICU
      {R"((?<!\s)\P{L}\b)", {"\x98"}},           // ICU
      {R"(\p{L}+|\s+(?!\S)|\S)", {"a", "\xFF", "\xC3", "\xF0", "\x9F", "\x98", "z\u00E9", "\x80"}},
  };
  for (const Case& c : cases)
    EXPECT_EQ(Matches(*Matcher(c.pattern, kTiktoken), text), c.matches) << c.pattern;
}

// A real U+10FFFF beside invalid bytes stays what it is.
TEST(PatternMatcherTest, StandInsAreNotConfused) {
  const auto matcher = Matcher(R"(\p{Cn}+)", kHf);
  EXPECT_EQ(Matches(*matcher, "a\U0010FFFFb"), (Strings{"\U0010FFFF"}));
  EXPECT_EQ(Matches(*matcher, "\xFF\U0010FFFFb"), (Strings{"\U0010FFFF"}));
}

// Real patterns stay off the backtracking engine.
TEST(PatternMatcherTest, EngineOfRealPatterns) {
  struct Case {
    UnicodeProfileName profile;
    std::string pattern, engine;
  };
  const Case cases[] = {
      {kHf, R"([^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
       "re2"},
      {kTiktoken,
       R"([^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,2}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s)",
       "re2"},
      {kHf, R"([\p{Han}]+|[\p{Lu}&&[^\p{Han}]]+|\s+(?!\S)|\s+)", "re2"},
      {kHf, R"((?<=\d)\p{L})", "icu"},
      {kHf, R"(\b\p{L}+)", "icu"},
  };
  for (const Case& c : cases) EXPECT_EQ(Matcher(c.pattern, c.profile)->Name(), c.engine) << c.pattern;
}

// Everything that RE2 runs, ICU runs too; on random texts they find the same.
TEST(PatternMatcherTest, EnginesAgree) {
  constexpr std::string_view kPatterns[] = {
      R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s)",
      R"([^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
      R"(\p{L}+(?!\P{L})|\s|\p{L})",
      R"(\s+(?!\S)\n?|\s+(?!\S)|x)",
      R"(1|\s+(?!\S))",
      R"(\s*)",
      R"(a|ab|\p{L}{2}|\p{N}?)",
      R"((?:\p{L}\s?)+?\n)",
      R"(a{0,3}?\n|b+?)",
      R"((?m)^\s|\S$)",
      R"(\w+|[^\w\s]+)",
  };
  const std::vector<std::string> alphabet = {"a", "b", "1", " ",      " ",      "\n",     "\r",
                                             "'", "s", "!", "\u00E9", "\u4E16", "\u3000", "\xFF"};
  std::mt19937 random(7);
  for (const std::string_view pattern : kPatterns) {
    absl::StatusOr<Regex> regex = ParseRegex(pattern, RegexDialect::kRust);
    ASSERT_TRUE(regex.ok()) << pattern;
    const auto icu = MakeIcuMatcher(*regex);
    ASSERT_TRUE(icu.ok()) << pattern;
    RelaxPossessive(&regex->root);
    const auto re2 = Re2Matcher::Create(*regex);
    if (re2 == nullptr) {
      EXPECT_EQ(pattern, R"(\s+(?!\S)\n?|\s+(?!\S)|x)");
      continue;
    }
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      for (size_t n = random() % 14; n > 0; --n) text += alphabet[random() % alphabet.size()];
      std::vector<MatchRange> by_re2, by_icu;
      ASSERT_TRUE(re2->FindAll(text, &by_re2).ok());
      ASSERT_TRUE((*icu)->FindAll(text, &by_icu).ok());
      ASSERT_EQ(by_re2, by_icu) << pattern << " on '" << text << "'";
    }
  }
}

// Exponential and quadratic backtracking ends with an error instead of a hang.
TEST(PatternMatcherTest, HostilePatternsStop) {
  std::vector<MatchRange> matches;
  const std::string letters(40, 'a'), spaces(200000, ' ');
  const absl::Status exponential =
      Matcher(R"((?:a+)+\b(?<=b))", kHf)->FindAll(letters + std::string(40, 'a'), &matches);
  EXPECT_EQ(ErrorCodeOf(exponential), ErrorCode::kPatternLimit) << exponential.message();
  const absl::Status quadratic = Matcher(R"((?<=\s)(?:\s)+x)", kHf)->FindAll(spaces, &matches);
  EXPECT_EQ(ErrorCodeOf(quadratic), ErrorCode::kPatternLimit) << quadratic.message();
  // Long matches of an ordinary pattern are fine.
  ASSERT_TRUE(Matcher(R"((?:\p{L}|\p{N}\b)+)", kHf)->FindAll(std::string(1000000, 'a'), &matches).ok());
  EXPECT_EQ(matches.size(), 1u);
}

TEST(PatternMatcherTest, UnlimitedLookBehindIsRefused) {
  EXPECT_EQ(ErrorCodeOf(PatternMatcher::Create({true, R"((?<=a+)b)"}, kHf).status()),
            ErrorCode::kUnsupportedFeature);
}

}  // namespace
}  // namespace tok
