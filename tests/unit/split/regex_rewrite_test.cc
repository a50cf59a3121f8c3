// What the rewriter proves of a pattern: enough for the patterns of real tokenizers, and nothing that is not so.
#include "src/split/regex_rewrite.h"

#include <gtest/gtest.h>

#include "src/split/regex_parser.h"

namespace tok {
namespace {

RegexNode Relaxed(std::string_view pattern) {
  absl::StatusOr<Regex> regex = ParseRegex(pattern, RegexDialect::kRust);
  EXPECT_TRUE(regex.ok()) << pattern << " " << regex.status().message();
  RelaxPossessive(&regex->root);
  return regex->root;
}

TEST(RegexRewriteTest, PossessiveThatCannotMatterBecomesRegular) {
  for (const std::string_view pattern : {
           R"(\p{L}++)",
           R"( ?\p{L}++| ?\p{N}++)",
           R"([^\r\n\p{L}\p{N}]?+\p{L}++)",
           R"(\p{N}{1,3}+)",
           R"( ?[^\s\p{L}\p{N}]++[\r\n]*+)",
           R"(\s++$)",
           R"(a++b|c*+)",
           R"((?>a|b+)x?)",
           R"((?:a++b)?c)",
       }) {
    EXPECT_TRUE(IsRegular(Relaxed(pattern))) << pattern;
  }
}

TEST(RegexRewriteTest, PossessiveThatMayMatterStays) {
  for (const std::string_view pattern : {
           R"(\s*+\s)",
           R"(a?+a)",
           R"((?:ab?)++b)",
           R"((?>a|ab)c)",
           R"((?:a++a)+)",
           R"((?:a++)+a)",
           R"(a++(?:b?)a)",
           R"(\w++(?=x)\w)",
           R"((?m)\s++$)",
           R"(a*+(?:b|)a)",
       }) {
    EXPECT_FALSE(IsRegular(Relaxed(pattern))) << pattern;
  }
}

TEST(RegexRewriteTest, WhatRe2CannotRunIsNotRegular) {
  for (const std::string_view pattern :
       {R"((?=a)b)", R"(a(?!b))", R"((?<=a)b)", R"(\bword)", R"((?:a?)+)", R"((|a){2,5})"}) {
    EXPECT_FALSE(IsRegular(Relaxed(pattern))) << pattern;
  }
  for (const std::string_view pattern : {R"(\Aa\z)", R"((?m)^a$)", R"((?:a?)?)", R"((?i:it|is)+?)"}) {
    EXPECT_TRUE(IsRegular(Relaxed(pattern))) << pattern;
  }
}

TEST(RegexRewriteTest, MatchesEverywhere) {
  for (
      const std::string_view pattern : {
          R"(\s|\S)",
          R"(.|\n)",
          R"(\w+|\W+)",
          R"(\p{L}+|\p{N}{1,3}|[^\s\p{L}\p{N}]+|\s+(?!\S)|\s)",
          R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s)",
      }) {
    EXPECT_TRUE(MatchesEverywhere(Relaxed(pattern))) << pattern;
  }
  for (const std::string_view pattern : {
           R"(.)",
           R"(\w+|\s+)",
           R"(\s*|\S)",
           R"(\p{L}+|\P{L}{2})",
           R"(\p{L}\p{L}|\P{L})",
           R"(\p{L}(?=x)|\P{L})",
           R"(\s+(?!\S)|\S)",
           R"(ab|[^a])",
       }) {
    EXPECT_FALSE(MatchesEverywhere(Relaxed(pattern))) << pattern;
  }
}

TEST(RegexRewriteTest, TrailingRun) {
  const std::optional<TrailingRun> run = FindTrailingRun(Relaxed(R"(a|\s*[\r\n]+|\s+(?!\S)|\s+)"));
  ASSERT_TRUE(run.has_value());
  EXPECT_EQ(run->before->children.size(), 2u);
  EXPECT_EQ(run->after->kind, RegexNode::Kind::kRepeat);
  EXPECT_TRUE(run->run.Contains(0x3000));
  EXPECT_FALSE(run->run.Contains('a'));
  EXPECT_FALSE(FindTrailingRun(Relaxed(R"(\s+(?!\S))")).has_value());
  for (const std::string_view pattern : {
           R"(a|\s+(?!x)|b)",     // looks at something else
           R"(a|\s+(?=\S)|b)",    // not negated
           R"(a|\s*(?!\S)|b)",    // may be empty
           R"(a|\s+?(?!\S)|b)",   // lazy
           R"(a|\S+(?!\s)|b)",    // the class holds invalid bytes
           R"(a\b|\s+(?!\S)|b)",  // the rest is not regular
           R"(a|\s+(?!\S)|\s+(?!\S)b)",
       }) {
    EXPECT_FALSE(FindTrailingRun(Relaxed(pattern)).has_value()) << pattern;
  }
}

}  // namespace
}  // namespace tok
