// DeepSeek's chain of three Splits is served by one scanner, which cuts as the three regular expressions do one after
// the other.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/split/pre_tokenizer.h"
#include "src/split/splitter.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using pretokenizer::Behavior;
using pretokenizer::Step;

std::vector<Step> DeepSeekSteps() {
  std::vector<Step> steps;
  for (const std::string_view pattern : DeepSeekPatterns()) {
    steps.push_back(pretokenizer::Split{{true, std::string(pattern)}, Behavior::kIsolated, false});
  }
  steps.push_back(pretokenizer::ByteLevel{false, false, true});
  return steps;
}

PreTokenizer Make(const std::vector<Step>& steps,
                  UnicodeProfileName profile = UnicodeProfileName::kHuggingFace) {
  auto result = PreTokenizer::Create(steps, profile, VocabularyAlphabet::kBytes);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *result : PreTokenizer();
}

// The same chain in a spelling that is not recognized.
PreTokenizer GenericChain() {
  std::vector<Step> steps = DeepSeekSteps();
  auto& digits = std::get<pretokenizer::Split>(steps[0]);
  digits.pattern.text = "(?:" + digits.pattern.text + ")";
  return Make(steps);
}

std::vector<size_t> EndsOf(const PreTokenizer& pre_tokenizer, std::string_view text) {
  AlignedText aligned = AlignedText::From(text, 0, false);
  std::vector<PieceRange> pieces;
  EXPECT_TRUE(pre_tokenizer.Apply(&aligned, &pieces).ok());
  std::vector<size_t> ends;
  for (const PieceRange& piece : pieces) ends.push_back(piece.end);
  return ends;
}

std::vector<size_t> EndsOf(const Splitter& splitter, std::string_view text) {
  std::vector<size_t> ends(text.size() + 1);
  SplitState state;
  ends.resize(splitter.Fill(text, &state, ends.data(), ends.size()));
  return ends;
}

TEST(DeepSeekTest, TheChainIsOneScanner) {
  const PreTokenizer chain = Make(DeepSeekSteps());
  ASSERT_NE(chain.tiling(), nullptr);
  EXPECT_EQ(chain.tiling()->Name(), MakeScannerSplitter(PatternFamily::kDeepSeek).value()->Name());
  EXPECT_EQ(GenericChain().tiling(), nullptr);

  std::vector<Step> steps = DeepSeekSteps();
  steps.pop_back();
  EXPECT_NE(Make(steps).tiling(), nullptr);
  steps.push_back(pretokenizer::Digits{});
  EXPECT_EQ(Make(steps).tiling(), nullptr);
  steps = DeepSeekSteps();
  std::swap(steps[0], steps[1]);
  EXPECT_EQ(Make(steps).tiling(), nullptr);
  steps = DeepSeekSteps();
  std::get<pretokenizer::Split>(steps[1]).behavior = Behavior::kRemoved;
  EXPECT_EQ(Make(steps).tiling(), nullptr);
  // tiktoken drops what lies between the matches.
  EXPECT_EQ(Make(DeepSeekSteps(), UnicodeProfileName::kTiktoken).tiling(), nullptr);
}

TEST(DeepSeekTest, ReferenceEqualsTheChainOnEveryCodePoint) {
  const PreTokenizer chain = GenericChain();
  const auto reference = MakeReferenceSplitter(PatternFamily::kDeepSeek);
  const std::pair<const char*, const char*> surroundings[] = {
      {"a", "b"}, {" ", "\n"}, {"\u4E2D", "\u30FB"}, {".", "1"}, {"\x01", "\u0301"}};
  for (char32_t first = 0; first <= 0x10FFFF; first += 0x8000) {
    for (const auto& [before, behind] : surroundings) {
      std::string text;
      for (char32_t c = first; c < first + 0x8000; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        text += before;
        AppendUtf8(c, &text);
        if (c % 2 == 0) AppendUtf8(c, &text);
        text += behind;
      }
      ASSERT_EQ(EndsOf(*reference, text), EndsOf(chain, text)) << "from " << size_t{first} << before;
    }
  }
}

TEST(DeepSeekTest, ReferenceEqualsTheChainOnRandomText) {
  const std::vector<std::string> parts = {
      "a",      "B",      "ab",     " ",      "  ",     "\n",     "\r\n",     "\t",     "1",
      "23",     ".",      "'",      "-",      "_",      "$",      "\u00E9",   "\u0301", "\u2019",
      "\u20AC", "\u00A0", "\u3000", "\u2028", "\u0085", "\u0663", "\u4E2D",   "\u9FA5", "\u9FA6",
      "\u3042", "\u3097", "\u3099", "\u309B", "\u30A0", "\u30FB", "\u30FC",   "\u3002", "\x01",
      "\u200D", "\u00AD", "\uE000", "\u0378", "\xFF",   "\x80",   "\xE4\xB8", "\xE3"};
  const PreTokenizer chain = GenericChain();
  const auto reference = MakeReferenceSplitter(PatternFamily::kDeepSeek);
  std::mt19937 random(20261122);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const size_t n_kinds = 2 + random() % 8;
    std::vector<std::string> few;
    for (size_t i = 0; i < n_kinds; ++i) few.push_back(parts[random() % parts.size()]);
    for (size_t n = random() % 24; n > 0; --n) text += few[random() % n_kinds];
    ASSERT_EQ(EndsOf(*reference, text), EndsOf(chain, text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace tok
