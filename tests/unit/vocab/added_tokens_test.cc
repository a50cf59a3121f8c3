// Added tokens: flags and their interplay, against values measured from tokenizers 0.23.3, and against a literal
// transcription of the rules on random texts.
#include "src/vocab/added_tokens.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

AddedToken Token(std::string content) { return {.content = std::move(content)}; }
AddedToken Special(std::string content) { return {.content = std::move(content), .special = true}; }
AddedToken Word(std::string content) { return {.content = std::move(content), .single_word = true}; }
AddedToken Stripping(std::string content, bool left, bool right) {
  return {.content = std::move(content), .lstrip = left, .rstrip = right};
}

struct Found {
  size_t begin, end;
  uint32_t index;
  friend bool operator==(const Found&, const Found&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Found& f) {
    return out << "{" << f.begin << ", " << f.end << ", " << f.index << "}";
  }
};

std::vector<Found> Find(const std::vector<AddedToken>& tokens, std::string_view text,
                        bool skip_special = false) {
  std::vector<std::string_view> contents;
  for (const AddedToken& token : tokens) contents.push_back(token.content);
  const auto matcher = AddedTokenMatcher::Create(tokens, contents);
  EXPECT_TRUE(matcher.ok()) << matcher.status();
  std::vector<Found> result;
  AddedTokenScan scan(*matcher, text, skip_special);
  for (AddedMatch match; scan.Next(&match);) result.push_back({match.begin, match.end, match.index});
  return result;
}

TEST(AddedTokensTest, FlagsEqualThePeer) {
  const struct {
    std::vector<AddedToken> tokens;
    std::string text;
    std::vector<Found> expected;
  } kCases[] = {
      // The search goes on at the end of the content: inside white space that rstrip has eaten.
      {{Stripping("A", false, true), Token(" ")}, "A   x", {{0, 4, 0}, {1, 2, 1}, {2, 3, 1}, {3, 4, 1}}},
      {{Stripping("A", false, true), Token("  ")}, "A   x", {{0, 4, 0}, {1, 3, 1}}},
      // An lstrip token wholly inside eaten white space has nothing left and is dropped (the peer panics at the
      // first of these, not at the second).
      {{Stripping("A", false, true), Stripping(" ", true, false)}, "A   x", {{0, 4, 0}}},
      {{Stripping(" ", true, true)}, "x   y ", {{1, 4, 0}, {5, 6, 0}}},
      // A rejected single_word match is not retried with "b".
      {{Word("ab"), Token("b")}, "xab ab b-ab_ abb", {{4, 6, 0}, {7, 8, 1}, {15, 16, 1}}},
      {{Word("ab")}, "ab\u200d ab\u0301 \u00e9ab ab\u2019 1ab ab", {{16, 18, 0}, {26, 28, 0}}},
      {{Stripping("ab", true, true)},
       "x \u1680ab\u200b ab\u0085\u2028x \x1c ab \x0b",
       {{1, 7, 0}, {10, 18, 0}, {21, 26, 0}}},
      {{Stripping("a", true, false)}, "a \ta  b a", {{0, 1, 0}, {1, 4, 0}, {7, 9, 0}}},
      {{Token("")}, "abc", {}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Find(c.tokens, c.text), c.expected) << c.text;
}

TEST(AddedTokensTest, BothSidesOfACutFindWhatTheWholeTextHolds) {
  std::mt19937 random(5);
  const auto pick = [&](size_t n_bytes) {
    std::string text;
    for (; n_bytes > 0; --n_bytes) text += "ab\n<"[random() % 4];
    return text;
  };
  size_t n_cuts = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<AddedToken> tokens;
    for (size_t n = 1 + random() % 6; n > 0; --n) {
      tokens.push_back({.content = pick(1 + random() % 5), .special = random() % 2 == 0});
    }
    std::vector<std::string_view> contents;
    for (const AddedToken& token : tokens) contents.push_back(token.content);
    const AddedTokenMatcher matcher = *AddedTokenMatcher::Create(tokens, contents);
    ASSERT_TRUE(matcher.CanEverCut());
    const std::string text = pick(60);
    const bool skips_special = round % 3 == 0;
    const std::vector<Found> whole = Find(tokens, text, skips_special);
    for (size_t at = 0; at <= text.size(); ++at) {
      if (!matcher.CanCut(text, at)) continue;
      ++n_cuts;
      std::vector<Found> parts = Find(tokens, text.substr(0, at), skips_special);
      for (const Found& f : Find(tokens, text.substr(at), skips_special))
        parts.push_back({f.begin + at, f.end + at, f.index});
      ASSERT_EQ(parts, whole) << text << " at " << at;
    }
  }
  EXPECT_GT(n_cuts, 3000u);
  for (const AddedToken& token : {Word("x"), Stripping("x", true, false), Stripping("x", false, true)}) {
    const AddedTokenMatcher matcher = *AddedTokenMatcher::Create({&token, 1}, {{token.content}});
    EXPECT_FALSE(matcher.CanEverCut());
    EXPECT_FALSE(matcher.CanCut("abc", 1));
  }
  EXPECT_TRUE(AddedTokenMatcher().CanCut("abc", 1));
}

TEST(AddedTokensTest, HiddenSpecialTokensStillTakeTheirText) {
  const std::vector<AddedToken> tokens = {Special("<a>b"), Token("<a>")};
  EXPECT_EQ(Find(tokens, "x<a>b<a>c"), (std::vector<Found>{{1, 5, 0}, {5, 8, 1}}));
  EXPECT_EQ(Find(tokens, "x<a>b<a>c", /*skip_special=*/true), (std::vector<Found>{{5, 8, 1}}));
  EXPECT_TRUE(Find({Special("a")}, "aaa", /*skip_special=*/true).empty());
}

TEST(AddedTokensTest, LastOfEqualContentsWinsAndSpecialOnesComeFirst) {
  EXPECT_EQ(Find({Token("ab"), Token("ab")}, "ab"), (std::vector<Found>{{0, 2, 1}}));
  EXPECT_EQ(Find({Token("ab"), Special("ab")}, "ab"), (std::vector<Found>{{0, 2, 0}}));
}

TEST(AddedTokensTest, InvalidBytesAreNeitherSpaceNorWord) {
  EXPECT_EQ(Find({Word("ab")},
                 "\xFF"
                 "ab\xC3"),
            (std::vector<Found>{{1, 3, 0}}));
  EXPECT_EQ(Find({Stripping("ab", true, true)}, " \x85 ab \xE2\x80"), (std::vector<Found>{{2, 6, 0}}));
}

TEST(AddedTokensTest, NoTokensMatchNothing) {
  AddedTokenMatcher matcher;
  EXPECT_TRUE(matcher.empty());
  AddedMatch match;
  EXPECT_FALSE(AddedTokenScan(matcher, "text", false).Next(&match));
}

// The rules, word for word, on top of a naive search.
std::vector<Found> FindNaively(const std::vector<AddedToken>& tokens, std::string_view text,
                               bool skip_special) {
  std::vector<Found> result;
  size_t previous_end = 0;
  for (size_t i = 0; i < text.size();) {
    size_t length = 0;
    uint32_t best = 0;
    for (uint32_t t = 0; t < tokens.size(); ++t) {
      if (text.substr(i, tokens[t].content.size()) == tokens[t].content &&
          tokens[t].content.size() > length) {
        length = tokens[t].content.size();
        best = t;
      }
    }
    if (length == 0) {
      ++i;
      continue;
    }
    size_t begin = i, end = i + length;
    i = end;
    const AddedToken& token = tokens[best];
    if (skip_special && token.special) continue;
    const auto before = [&](size_t at) { return DecodeUtf8Before(text, at); };
    if (token.single_word && begin > 0 && IsWordCharacter(before(begin).code_point)) continue;
    if (token.single_word && end < text.size() && IsWordCharacter(DecodeUtf8(text, end).code_point)) continue;
    if (token.lstrip) {
      while (begin > 0 && IsWhiteSpace(before(begin).code_point)) begin -= before(begin).n_bytes;
      begin = std::max(begin, previous_end);
    }
    while (token.rstrip && end < text.size() && IsWhiteSpace(DecodeUtf8(text, end).code_point)) {
      end += DecodeUtf8(text, end).n_bytes;
    }
    if (begin >= end) continue;
    previous_end = end;
    result.push_back({begin, end, best});
  }
  return result;
}

TEST(AddedTokensPropertyTest, EqualsTheRulesOnRandomTexts) {
  static const std::vector<std::string> kParts = {
      "a", "b", "ab", " ", "  ", "\t", "\u00a0", "\u3000", "\u2028", "\u00e9",
      "_", "1", ".",  "<", "<|", "|>", "\u0301", "\u4e16", "\xFF"};
  std::mt19937 random(13);
  for (int round = 0; round < 20000; ++round) {
    std::vector<AddedToken> tokens;
    for (size_t n = 1 + random() % 5; n > 0; --n) {
      AddedToken token;
      for (size_t k = 1 + random() % 3; k > 0; --k) token.content += kParts[random() % kParts.size()];
      token.single_word = random() % 3 == 0;
      token.lstrip = random() % 3 == 0;
      token.rstrip = random() % 3 == 0;
      token.special = random() % 3 == 0;
      const bool repeated = std::any_of(tokens.begin(), tokens.end(), [&](const AddedToken& other) {
        return other.content == token.content;
      });
      if (!repeated) tokens.push_back(token);
    }
    std::string text;
    for (size_t n = random() % 20; n > 0; --n) {
      text += random() % 3 == 0 ? tokens[random() % tokens.size()].content : kParts[random() % kParts.size()];
    }
    for (bool skip_special : {false, true}) {
      ASSERT_EQ(Find(tokens, text, skip_special), FindNaively(tokens, text, skip_special)) << text;
    }
  }
}

// A space token with rstrip asks for the end of the run of white space at each of its bytes.
TEST(AddedTokensTest, RunsOfEatenSpaceAreMeasuredOnce) {
  const size_t n = 2'000'000;
  const std::vector<Found> found = Find({Stripping(" ", false, true)}, std::string(n, ' '));
  ASSERT_EQ(found.size(), n);
  EXPECT_EQ(found.front(), (Found{0, n, 0}));
  EXPECT_EQ(found.back(), (Found{n - 1, n, 0}));
}

}  // namespace
}  // namespace tok
