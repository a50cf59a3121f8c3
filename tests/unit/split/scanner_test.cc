// Mask scanners cut exactly where the reference scanner cuts, and the reference cuts as the regular expressions do.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "src/split/splitter.h"
#include "src/unicode/utf8.h"
#include "tests/unit/base/chosen_instruction_set.h"

namespace tok {
namespace {

constexpr PatternFamily kFamilies[] = {
    PatternFamily::kGpt2,     PatternFamily::kCl100k,     PatternFamily::kLlama3,
    PatternFamily::kQwen,     PatternFamily::kO200k,      PatternFamily::kDeepSeek,
    PatternFamily::kSubwords, PatternFamily::kSuperwords, PatternFamily::kSpacedWords};

std::vector<size_t> AllEnds(const Splitter& splitter, std::string_view text, size_t capacity) {
  std::vector<size_t> all, some(capacity);
  SplitState state;
  while (const size_t n = splitter.Fill(text, &state, some.data(), capacity)) {
    all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return all;
}

std::vector<std::string> Pieces(const Splitter& splitter, std::string_view text) {
  std::vector<std::string> pieces;
  size_t begin = 0;
  for (const size_t end : AllEnds(splitter, text, 256)) {
    pieces.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

struct Case {
  PatternFamily family;
  std::string text;
  std::vector<std::string> pieces;
};

TEST(ReferenceScannerTest, CutsAsThePatternSays) {
  using F = PatternFamily;
  const std::vector<Case> cases = {
      {F::kGpt2, "I don't  know\n\n x1", {"I", " don", "'t", " ", " know", "\n\n", " x", "1"}},
      {F::kGpt2, "a.'s  ", {"a", ".'", "s", "  "}},
      {F::kCl100k, "foo.bar..baz 1234", {"foo", ".bar", "..", "baz", " ", "123", "4"}},
      {F::kCl100k, "end \n  ", {"end", " \n  "}},
      {F::kLlama3, "end \n  ", {"end", " \n", "  "}},
      {F::kQwen, "12.\n\n\tx", {"1", "2", ".\n\n", "\tx"}},
      {F::kCl100k, "it'S \xC5\xBF'\xC5\xBFx", {"it", "'S", " \xC5\xBF", "'\xC5\xBF", "x"}},
      {F::kO200k, "HTMLParser fooBar don't's FOO's", {"HTMLParser", " foo", "Bar", " don't", "'s", " FOO's"}},
      {F::kO200k, "a./\n/.b", {"a", "./\n/", ".b"}},
      {F::kO200k,
       "\xE4\xB8\xAD"
       "FOO",
       {"\xE4\xB8\xAD", "FOO"}},
      {F::kO200k,
       "\xCC\x81"
       "FOO",
       {"\xCC\x81", "FOO"}},
      {F::kO200k,
       "\xFF\xFE"
       "a",
       {"\xFF\xFE", "a"}},
      {F::kDeepSeek,
       "a.b ..c  12345  x\n \n1",
       {"a", ".b", " ..", "c", "  ", "123", "45", " ", " x", "\n \n", "1"}},
      {F::kDeepSeek, ".ab\u00E9c -x", {".ab", "\u00E9c", " -", "x"}},
      {F::kDeepSeek,
       "\u4E2D\u6587\u30FB\nA\u4E2D \u3042",
       {"\u4E2D\u6587", "\u30FB", "\n", "A", "\u4E2D", " ", "\u3042"}},
      {F::kDeepSeek,
       "\x01\x02"
       "a\x01 \x02",
       {"\x01",
        "\x02"
        "a",
        "\x01", " ", "\x02"}},
      {F::kDeepSeek, "e\u0301\u0301", {"e\u0301\u0301"}},
      {F::kSubwords, "don't FOO's", {"don", "'t", " FOO", "'s"}},
      {F::kSuperwords,
       "of the  cat.\n12345 a..b \n",
       {"of the", " ", " cat.\n", "123", "45", " a", "..", "b", " ", "\n"}},
      {F::kSuperwords,
       "a: b   ://\n/\n- c\u0301\u0301  ",
       {"a: b", "  ", " ://\n/\n", "- c", "\u0301\u0301", "  "}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Pieces(*MakeReferenceSplitter(c.family), c.text), c.pieces) << c.text;
  }
}

// Strings over small alphabets reach every rule and every position in a batch.
TEST(MaskScannerTest, EqualsReferenceOnRandomText) {
  const std::vector<std::vector<std::string>> alphabets = {
      {"a", "B", " ", "'", "s", "\n", ".", "1"},
      {"a", "b", "c", "d", "e", "A", " ", " ", "'", "t", "ll", "RE", "/", "\r\n", "\t", "12345", "-"},
      {" ", "\n", "\r", "\t", "x", "/"},
      {"'", "s", "S", "l", "v", "e", "r", "D", "m", "\xC5\xBF"},
      {"word ", "and ", "The ", "it's ", "don't ", "3.14 ", "\n\n", "(x) ", "caf\xC3\xA9 ",
       "\xE4\xB8\xAD\xE6\x96\x87"},
      {"a", "B", " ", "\n", ".", "-", "1", "\x01", "\u200D", "\u4E2D", "\u30FB", "\u3097", "\u3099", "\u9FA6",
       "\u00E9", "\u0301", "\u2019"},
      {"\u4E2D\u6587", "\u3042\u30FC", "\u3002", "\uFF0C", "API", "v2", " ", "\n\n", ".txt", "...", "\u00B7",
       "\u200B"},
      {"\u4E2D\u6587", "API", "iPhone", "\u3042", "Xy", "x", "'s", "'S", "\u00C9", "\u0301", " "},
      {"a", "A", " ", "\xC3\xA9", "\xC3\x89", "\xCC\x81", "\xC2\xA0", "\xE3\x80\x80", "\xFF", "\xD9\xA3",
       "\n", "'", "s"},
      // Letters of all cases and lengths, marks, symbols: Cyrillic, Han, kana, Hangul, Thai, Devanagari, letters of four
      // bytes, emoji.
      {"\xD0\x94",
       "\xD0\xB4",
       "\xE4\xB8\xAD",
       "\xE3\x81\x82",
       "\xEA\xB0\x80",
       "\xE0\xB8\x81",
       "\xE0\xB8\xB1",
       "\xE0\xA4\x95",
       "\xE0\xA4\xBF",
       "\xF0\x9D\x90\x80",
       "\xF0\xA0\x80\x80",
       "\xF0\x9F\x98\x80",
       "\xE3\x80\x82",
       "\xC7\x85",
       "a",
       "B",
       " ",
       "\n",
       "'",
       "s"},
      {"\xD0\x94\xD0\xB0 ", "\xE4\xB8\xAD\xE6\x96\x87", "API", "\xE3\x80\x82", "\xEF\xBC\x8C", "n'\xC5\xBF",
       "\xC3\xA9t\xC3\xA9 ", "l'\xC3\xA9", "\xE2\x80\x9Cx\xE2\x80\x9D", "12", "\xEF\xBC\x91", "\xC2\xA0",
       "/\n/"},
      // What is not UTF-8 at all: leads without continuation, continuation without a lead, a surrogate, too long a form.
      {"\x80", "\xE5", "\xE5\xB8", "\xED\xA0\x80", "\xC0\xAF", "\xF0\x9F", "\xE4\xB8\xAD", "a", " ", ".",
       "'s"},
  };
  std::mt19937 random(20261122);
  for (int round = 0; round < 9000; ++round) {
    const auto& alphabet = alphabets[static_cast<size_t>(round) % alphabets.size()];
    std::string text;
    const size_t n = random() % 200;
    for (size_t i = 0; i < n; ++i) {
      const std::string& part = alphabet[random() % alphabet.size()];
      for (size_t repeat = random() % 16 == 0 ? random() % 90 : 1; repeat > 0; --repeat) text += part;
    }
    for (const PatternFamily family : kFamilies) {
      const std::vector<size_t> expected = AllEnds(*MakeReferenceSplitter(family), text, 256);
      ASSERT_TRUE(text.empty() || expected.back() == text.size());
      for (const InstructionSet set : VectorSetsHere()) {
        const std::shared_ptr<const Splitter> scanner = MakeScannerSplitter(family, set);
        ASSERT_EQ(AllEnds(*scanner, text, 256), expected)
            << scanner->Name() << " on " << testing::PrintToString(text);
        ASSERT_EQ(AllEnds(*scanner, text, 67), expected) << scanner->Name();
      }
    }
  }
}

// Every code point, alone and doubled, between letters of all kinds: two thousand in a text, so that they fall on every
// place of a batch.
TEST(MaskScannerTest, EqualsReferenceOnEveryCodePoint) {
  constexpr char32_t kLast = 0x323AF, kPerText = 2000;  // behind it: unassigned, tags and private use
  const std::pair<const char*, const char*> surroundings[] = {{"a", "B"},
                                                              {" ", " "},
                                                              {"\xE4\xB8\xAD", "\xE6\x96\x87"},
                                                              {"\xD0\xB4", "'s"},
                                                              {"", ""},
                                                              {"word ", ". x"},
                                                              {"\u00A0\n", "\u0663"}};
  for (char32_t first = 0x80; first <= kLast; first += kPerText) {
    for (const auto& [before, behind] : surroundings) {
      std::string text;
      for (char32_t c = first; c < first + kPerText; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        text += before;
        AppendUtf8(c, &text);
        if (c % 2 == 0) AppendUtf8(c, &text);
        text += behind;
      }
      for (const PatternFamily family : kFamilies) {
        const std::vector<size_t> expected = AllEnds(*MakeReferenceSplitter(family), text, 256);
        for (const InstructionSet set : VectorSetsHere()) {
          const std::shared_ptr<const Splitter> scanner = MakeScannerSplitter(family, set);
          ASSERT_EQ(AllEnds(*scanner, text, 256), expected) << scanner->Name() << " from " << size_t{first};
        }
      }
    }
  }
}

TEST(PatternTest, NamesAndSpellingsAreRecognized) {
  for (const char* name : {"gpt2", "cl100k", "llama3", "qwen", "o200k"}) {
    PatternFamily family;
    EXPECT_TRUE(RecognizePattern(PatternByName(name), RegexDialect::kRust, &family)) << name;
  }
  PatternFamily family;
  for (const char* name : {"llama3", "qwen", "o200k"}) {
    EXPECT_TRUE(RecognizePattern(PatternByName(name), RegexDialect::kOniguruma, &family)) << name;
  }
  // Oniguruma reads {1,3}+ and $ otherwise.
  for (const char* name : {"gpt2", "cl100k"}) {
    EXPECT_FALSE(RecognizePattern(PatternByName(name), RegexDialect::kOniguruma, &family)) << name;
  }
  EXPECT_FALSE(RecognizePattern("\\s+", RegexDialect::kRust, &family));
  EXPECT_EQ(PatternByName("nope"), "");
}

}  // namespace
}  // namespace tok
