// Pre-tokenizer chains: what is served by a splitter, raw bytes, dropped text, origins. Pieces and offsets of all steps
// are held against Hugging Face by tests/differential/pre_tokenizers_test.py.
#include "src/split/pre_tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tok {
namespace {

using pretokenizer::Behavior;
using pretokenizer::Step;

constexpr UnicodeProfileName kHf = UnicodeProfileName::kHuggingFace,
                             kTiktoken = UnicodeProfileName::kTiktoken;
constexpr VocabularyAlphabet kText = VocabularyAlphabet::kText, kBytes = VocabularyAlphabet::kBytes;
constexpr char kWords[] = R"( ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr char kNotEverywhere[] = R"(\p{L}+|\s+(?!\S)|\s+)";

Step Regex(const char* pattern, Behavior behavior = Behavior::kIsolated, bool invert = false) {
  return pretokenizer::Split{{true, pattern}, behavior, invert};
}
Step ByteLevel(bool prefix, bool use_regex) { return pretokenizer::ByteLevel{prefix, use_regex, true}; }

PreTokenizer Make(const std::vector<Step>& steps, UnicodeProfileName profile, VocabularyAlphabet alphabet) {
  auto result = PreTokenizer::Create(steps, profile, alphabet);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *result : PreTokenizer();
}

std::vector<std::string> Pieces(const PreTokenizer& pre_tokenizer, std::string_view text) {
  AlignedText aligned = AlignedText::From(text, 0, false);
  std::vector<PieceRange> ranges;
  EXPECT_TRUE(pre_tokenizer.Apply(&aligned, &ranges).ok());
  std::vector<std::string> pieces;
  for (const PieceRange& range : ranges)
    pieces.push_back(aligned.bytes.substr(range.begin, range.end - range.begin));
  return pieces;
}

std::vector<std::string> Tiles(const PreTokenizer& pre_tokenizer, std::string_view text, size_t capacity) {
  std::vector<std::string> pieces;
  std::vector<size_t> ends(capacity);
  SplitState state;
  size_t begin = 0;
  while (const size_t n = pre_tokenizer.tiling()->Fill(text, &state, ends.data(), capacity)) {
    for (size_t i = 0; i < n; begin = ends[i++]) pieces.emplace_back(text.substr(begin, ends[i] - begin));
  }
  return pieces;
}

using Strings = std::vector<std::string>;

TEST(PreTokenizerTest, ChainsServedByASplitter) {
  struct Case {
    std::vector<Step> steps;
    UnicodeProfileName profile;
    VocabularyAlphabet alphabet;
    bool tiled;
  };
  const Case cases[] = {
      {{ByteLevel(false, true)}, kHf, kBytes, true},
      {{ByteLevel(true, true)}, kHf, kBytes, false},
      {{ByteLevel(false, true)}, kHf, kText, false},
      {{ByteLevel(false, false)}, kHf, kBytes, false},
      {{Regex(PatternByName("llama3").data()), ByteLevel(false, false)}, kHf, kBytes, true},
      {{Regex(PatternByName("llama3").data()), ByteLevel(false, true)}, kHf, kBytes, false},
      {{Regex(PatternByName("cl100k").data())}, kTiktoken, kBytes, true},
      {{Regex(kWords)}, kHf, kBytes, true},
      {{Regex(kWords, Behavior::kRemoved, true)}, kHf, kBytes, true},
      {{Regex(kWords, Behavior::kRemoved)}, kHf, kBytes, false},
      {{Regex(kWords, Behavior::kMergedWithNext)}, kHf, kBytes, false},
      {{Regex(kNotEverywhere)}, kHf, kBytes, true},
      {{Regex(kNotEverywhere, Behavior::kRemoved, true)}, kHf, kBytes, false},
      {{Regex(kNotEverywhere)}, kTiktoken, kBytes, false},
      {{Regex(R"(\b)")}, kHf, kBytes, false},
      {{Regex(R"(\d)"), Regex(kWords)}, kHf, kBytes, false},
      {{pretokenizer::Split{{false, " "}}}, kHf, kBytes, false},
  };
  for (const Case& c : cases) {
    const PreTokenizer pre_tokenizer = Make(c.steps, c.profile, c.alphabet);
    EXPECT_EQ(pre_tokenizer.tiling() != nullptr, c.tiled) << &c - cases << " " << pre_tokenizer.Describe();
  }
  EXPECT_TRUE(Make({}, kHf, kText).IsIdentity());
  EXPECT_TRUE(Make({ByteLevel(false, false)}, kHf, kBytes).IsIdentity());
  EXPECT_FALSE(Make({ByteLevel(false, false)}, kHf, kText).IsIdentity());
}

// The spelling of cl100k_base means something else to Oniguruma, so it must not become the scanner there.
TEST(PreTokenizerTest, KnownPatternInTheOtherDialect) {
  const PreTokenizer tiktoken = Make({Regex(PatternByName("cl100k").data())}, kTiktoken, kBytes);
  const PreTokenizer hugging_face = Make({Regex(PatternByName("cl100k").data())}, kHf, kBytes);
  EXPECT_EQ(Pieces(tiktoken, "12345"), (Strings{"123", "45"}));
  EXPECT_EQ(Pieces(hugging_face, "12345"), (Strings{"12345"}));
}

TEST(PreTokenizerTest, SplitterAndGeneralPathAgreeAtEveryCapacity) {
  const std::string text = "one  two 3!? \n\n four\u3000\u3000\u4E16\u754C  ";
  for (const char* pattern : {kWords, kNotEverywhere, R"(\s*)", R"(\p{N}|)", R"(x)"}) {
    const PreTokenizer pre_tokenizer = Make({Regex(pattern)}, kHf, kBytes);
    ASSERT_NE(pre_tokenizer.tiling(), nullptr) << pattern;
    for (const size_t capacity : {1, 2, 3, 100}) {
      EXPECT_EQ(Tiles(pre_tokenizer, text, capacity), Pieces(pre_tokenizer, text)) << pattern << capacity;
    }
  }
}

TEST(PreTokenizerTest, TextBetweenMatches) {
  EXPECT_EQ(Pieces(Make({Regex(R"(\p{L}+)")}, kHf, kBytes), "ab, c"), (Strings{"ab", ", ", "c"}));
  EXPECT_EQ(Pieces(Make({Regex(R"(\p{L}+)")}, kTiktoken, kBytes), "ab, c"), (Strings{"ab", "c"}));
}

TEST(PreTokenizerTest, ByteLevelIsRawOrSpelled) {
  EXPECT_EQ(Pieces(Make({ByteLevel(true, true)}, kHf, kBytes), "a b\u00E9"), (Strings{" a", " b\u00E9"}));
  EXPECT_EQ(Pieces(Make({ByteLevel(true, true)}, kHf, kText), "a b\u00E9"),
            (Strings{"\u0120a", "\u0120b\u00C3\u00A9"}));
  // Not last: the steps after it see the spelling.
  EXPECT_EQ(Pieces(Make({ByteLevel(false, false), Regex("\u00C3")}, kHf, kBytes), "b\u00E9"),
            (Strings{"b", "\u00C3", "\u00A9"}));
  EXPECT_EQ(Pieces(Make({ByteLevel(false, true)}, kHf, kText), "\xFF"), (Strings{"\u00FF"}));
}

TEST(PreTokenizerTest, InvalidBytesInEveryStep) {
  const std::string text = "a\xFF\xC3 1";
  const Step steps[] = {
      pretokenizer::Whitespace{},
      pretokenizer::WhitespaceSplit{},
      pretokenizer::Bert{},
      pretokenizer::Punctuation{},
      pretokenizer::Digits{},
      pretokenizer::CharDelimiter{U'1'},
      pretokenizer::Metaspace{},
      pretokenizer::UnicodeScripts{},
      pretokenizer::FixedLength{1},
      ByteLevel(true, true),
      Regex(kWords),
      Regex(R"(\b)"),
      pretokenizer::Split{{false, "\xFF"}},
  };
  for (const Step& step : steps) {
    std::string all;
    for (const std::string& piece : Pieces(Make({step}, kHf, kBytes), text)) all += piece;
    EXPECT_NE(all.find("a\xFF\xC3"), std::string::npos) << step.index();
  }
}

TEST(PreTokenizerTest, FirstAsksForTheOrigin) {
  const Step first = pretokenizer::Metaspace{0x2581, pretokenizer::PrependScheme::kFirst, true};
  EXPECT_FALSE(Make({first}, kHf, kText).NeedsOrigins());
  const PreTokenizer behind = Make({Regex(R"(\d)"), first}, kHf, kText);
  EXPECT_TRUE(behind.NeedsOrigins());
  // Two characters that stand for the first one of the document are both at its front.
  AlignedText text = AlignedText::From("1a", 0, true);
  text.origin[1] = text.origin[0];
  std::vector<PieceRange> pieces;
  ASSERT_TRUE(behind.Apply(&text, &pieces).ok());
  EXPECT_EQ(text.bytes, "\u25811\u2581a");
  EXPECT_EQ(pieces, (std::vector<PieceRange>{{0, 4}, {4, 8}}));
  EXPECT_EQ(text.OriginOf(4, 8), (Span{0, 1}));
}

TEST(PreTokenizerTest, EmptyTextHasNoPieces) {
  EXPECT_TRUE(Pieces(Make({pretokenizer::Metaspace{}}, kHf, kText), "").empty());
  EXPECT_TRUE(Pieces(Make({ByteLevel(true, true)}, kHf, kBytes), "").empty());
}

TEST(PreTokenizerTest, Errors) {
  const auto code = [](const Step& step) {
    return ErrorCodeOf(PreTokenizer::Create(std::vector<Step>{step}, kHf, kText).status());
  };
  EXPECT_EQ(code(pretokenizer::FixedLength{0}), ErrorCode::kBadFormat);
  EXPECT_EQ(code(Regex("(")), ErrorCode::kBadPattern);
  EXPECT_EQ(code(Regex(R"((a)\1)")), ErrorCode::kUnsupportedFeature);
}

TEST(PreTokenizerTest, PatternLimitIsReported) {
  AlignedText text = AlignedText::From(std::string(80, 'a'), 0, false);
  std::vector<PieceRange> pieces;
  const absl::Status status = Make({Regex(R"((?:a+)+(?<=b)$)")}, kHf, kText).Apply(&text, &pieces);
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kPatternLimit) << status.message();
}

}  // namespace
}  // namespace tok
