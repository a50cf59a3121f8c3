// A text cut at a safe place has the pieces of its two halves, in every pattern family, also where each half is brought
// into a normal form on its own.
#include "src/split/safe_cut.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/split/splitter.h"
#include "src/unicode/normal_forms.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using normalizer::Form;

constexpr PatternFamily kFamilies[] = {
    PatternFamily::kGpt2,  PatternFamily::kCl100k,   PatternFamily::kLlama3,   PatternFamily::kQwen,
    PatternFamily::kO200k, PatternFamily::kDeepSeek, PatternFamily::kSubwords, PatternFamily::kSuperwords};
constexpr Form kForms[] = {Form::kNfc, Form::kNfd, Form::kNfkc, Form::kNfkd};

std::vector<size_t> Ends(PatternFamily family, std::string_view text) {
  std::vector<size_t> ends(text.size() + 1);
  SplitState state;
  ends.resize(MakeReferenceSplitter(family)->Fill(text, &state, ends.data(), ends.size()));
  return ends;
}

std::vector<size_t> JoinedEnds(PatternFamily family, std::string_view left, std::string_view right) {
  std::vector<size_t> ends = Ends(family, left);
  for (const size_t end : Ends(family, right)) ends.push_back(left.size() + end);
  return ends;
}

std::string Normalized(std::string_view text, Form form) {
  std::string result;
  size_t done = 0;
  while (done < text.size()) {
    const UnsettledRange range = NextUnsettled(text, done, form);
    result += text.substr(done, range.begin - done);
    std::u32string chars;
    for (size_t i = range.begin; i < range.end; i += DecodeUtf8(text, i).n_bytes)
      chars += DecodeUtf8(text, i).code_point;
    std::vector<NormalizedChar> normalized;
    NormalizeChars(chars, form, &normalized);
    for (const NormalizedChar& c : normalized) AppendUtf8(c.code_point, &result);
    done = range.end;
  }
  return result;
}

std::vector<size_t> AllSafeCuts(std::string_view text, PatternFamily family = PatternFamily::kO200k) {
  std::vector<size_t> cuts;
  for (size_t limit = text.size(); (limit = LastSafeCut(family, text, 0, limit)) > 0; --limit)
    cuts.push_back(limit);
  return cuts;
}

void CheckAllCuts(std::string_view text, bool normalize) {
  for (const PatternFamily family : kFamilies) {
    for (const size_t cut : AllSafeCuts(text, family)) {
      ASSERT_LT(cut, text.size());
      const std::string_view left = text.substr(0, cut), right = text.substr(cut);
      ASSERT_EQ(JoinedEnds(family, left, right), Ends(family, text))
          << cut << " in " << testing::PrintToString(text);
      if (!normalize) continue;
      for (const Form form : kForms) {
        const std::string whole = Normalized(text, form), a = Normalized(left, form),
                          b = Normalized(right, form);
        ASSERT_EQ(a + b, whole) << cut << " in " << testing::PrintToString(text);
        ASSERT_EQ(JoinedEnds(family, a, b), Ends(family, whole))
            << cut << " in " << testing::PrintToString(text);
      }
    }
  }
}

TEST(SafeCutTest, Places) {
  struct Case {
    std::string text;
    std::vector<size_t> cuts;  // from the last one
  };
  const Case cases[] = {
      {"", {}},
      {" ab", {}},
      {"ab cd", {2}},
      {"ab  cd", {2}},
      {"ab. 12 \n", {6, 3, 2}},
      {"x's\n\ny", {3}},
      {"a.\nb", {1}},
      {"\u4E2D\u6587\u3002\u4E2D\n\u6587", {12, 6}},
      {"\u0E01\u0E02 \u0E01\n", {10, 6}},
      {"\uB2E4 \uB2E4", {3}},
      // What has a decomposition: a fullwidth comma, a letter with an accent.
      {"\u4E2D\uFF0C\u4E2D", {}},
      {"\u00E9.\u00E9 a", {5}},
      {"\u3000 a\u00A0 a", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(AllSafeCuts(c.text), c.cuts) << c.text;
  EXPECT_EQ(AllSafeCuts("a b, c12 d 3 \u00E94", PatternFamily::kSuperwords), std::vector<size_t>{6});
}

TEST(SafeCutTest, BeginAndLimit) {
  const std::string_view text = "ab cd ef";
  constexpr auto kFamily = PatternFamily::kGpt2;
  EXPECT_EQ(LastSafeCut(kFamily, text, 0, 100), 5u);
  EXPECT_EQ(LastSafeCut(kFamily, text, 0, 5), 5u);
  EXPECT_EQ(LastSafeCut(kFamily, text, 0, 4), 2u);
  EXPECT_EQ(LastSafeCut(kFamily, text, 2, 4), 2u);
  EXPECT_EQ(LastSafeCut(kFamily, text, 3, 4), 3u);
}

TEST(SafeCutTest, EveryCodePoint) {
  const std::pair<const char*, const char*> surroundings[] = {
      {"a", " "}, {"\u4E2D", "\u3002"}, {"1", "\n"}, {"\n", "\n \u0301"}};
  for (char32_t c = 1; c <= 0xFFFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c > 0x323AF && c < 0xE0000) continue;  // unassigned
    for (const auto& [before, behind] : surroundings) {
      std::string text = before;
      AppendUtf8(c, &text);
      text += behind;
      text += 'x';
      CheckAllCuts(text, /*normalize=*/c < 0x20000 || c >= 0x2F000);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(SafeCutTest, RandomText) {
  const std::vector<std::string> valid = {
      "a",      "B1",     " ",      "'s",     "'",      "\n",     "\r",     "\t",     ". ",        "/",
      "..",     "s ",     "12345",  "\u00E9", "\u0301", "\u0338", "=",      "\u00A0", "\u3000",    "\u3042",
      "\u304B", "\u3099", "\u30FB", "\u3002", "\u4E2D", "\u6587", "\uFF0C", "\uFF07", "\uFE70",    "\u0E01",
      "\u0E31", "\u0E33", "\uB2E4", "\u1100", "\u1161", "\u0915", "\u093C", "\u0958", "\u0663",    "\u00BD",
      "\x01",   "\u200D", "\u2028", "\u0085", "\u00A8", "\uFF0F", "\u017F", "\u2019", "\U0001F600"};
  const std::vector<std::string> broken = {"\xE3", "\xE3\x81", "\x80", "\xFF", "\xF0\x9F"};
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    const bool normalize = round % 2 == 0;
    std::vector<std::string> few;
    for (size_t n = 2 + random() % 8; n > 0; --n) few.push_back(valid[random() % valid.size()]);
    if (!normalize) few.push_back(broken[random() % broken.size()]);
    std::string text;
    for (size_t n = random() % 16; n > 0; --n) text += few[random() % few.size()];
    CheckAllCuts(text, normalize);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace tok
