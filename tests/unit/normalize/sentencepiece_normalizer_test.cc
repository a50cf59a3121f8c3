// White space rules, symbols, invalid bytes and origins of SentencePiece's own normalizer, and the Precompiled step.
#include "src/normalize/sentencepiece_normalizer.h"

#include <gtest/gtest.h>

#include "tests/unit/normalize/test_charsmap.h"

namespace tok {
namespace {

using Flags = normalizer::SentencePiece;

AlignedText Apply(const NormalizerStep& step, std::string_view text, bool tracked = true) {
  AlignedText aligned = AlignedText::From(text, 100, tracked);
  const absl::Status status = step.Apply(&aligned);
  EXPECT_TRUE(status.ok()) << status;
  return aligned;
}

std::string Normalize(const Flags& flags, std::string_view text, std::vector<std::string> symbols = {}) {
  const auto step = MakeSentencePieceStep(flags, symbols);
  EXPECT_TRUE(step.ok()) << step.status();
  const AlignedText tracked = Apply(**step, text), untracked = Apply(**step, text, false);
  EXPECT_EQ(tracked.bytes, untracked.bytes);
  EXPECT_EQ(tracked.origin.size(), tracked.bytes.size());
  if ((*step)->Unchanged(text)) {
    EXPECT_EQ(tracked.bytes, text);
  }
  return tracked.bytes;
}

TEST(SentencePieceNormalizerTest, WhiteSpaceRules) {
  const std::string s = "\u2581";
  const struct {
    Flags flags;
    std::string_view text;
    std::string expected;
  } cases[] = {
      {{}, "", ""},
      {{}, "   ", ""},
      {{}, "  a  b ", s + "a" + s + "b"},
      {{"", true, false}, " a ", s + s + "a" + s},
      {{"", true, false}, " ", s + s},
      {{"", false, true}, " a  b ", "a" + s + "b"},
      {{"", false, false, false}, " a  b ", " a  b "},
      {{"", true, true, false}, " a  b ", " a b"},
      {{"", true, true, true, true}, " a  b ", "a" + s + "b" + s},
      {{"", false, true, true, true}, " a ", "a"},
  };
  for (const auto& [flags, text, expected] : cases) EXPECT_EQ(Normalize(flags, text), expected) << text;
}

TEST(SentencePieceNormalizerTest, InvalidBytesBecomeReplacementCharacters) {
  const Flags plain = {"", false, false, false};
  EXPECT_EQ(Normalize(plain, "a\xFF\xE2\x96z\xED\xA0\x80"), "a\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD\uFFFD");
}

TEST(SentencePieceNormalizerTest, SymbolsPassAndTheLongestWins) {
  Flags flags;
  flags.charsmap = CharsmapOfRules({{'a', "X"}});
  EXPECT_EQ(Normalize(flags, "aba", {"ab"}), "\u2581abX");
  EXPECT_EQ(Normalize(flags, "aabb", {"a", "aab", ""}), "\u2581aabb");
}

TEST(SentencePieceNormalizerTest, OriginsReachToTheNextOutputByte) {
  const auto step = MakeSentencePieceStep({}, {});
  ASSERT_TRUE(step.ok());
  const AlignedText text = Apply(**step, " a  b ");  // U+2581 a U+2581 b
  ASSERT_EQ(text.bytes.size(), 8u);
  EXPECT_EQ(text.OriginOf(0, 3), (Span{101, 101}));
  EXPECT_EQ(text.OriginOf(3, 4), (Span{101, 102}));
  EXPECT_EQ(text.OriginOf(4, 7), (Span{102, 104}));
  EXPECT_EQ(text.OriginOf(7, 8), (Span{104, 105}));
  EXPECT_EQ(text.front, 101u);
}

TEST(SentencePieceNormalizerTest, BrokenCharsmapIsRefused) {
  EXPECT_EQ(ErrorCodeOf(MakeSentencePieceStep({"broken"}, {}).status()), ErrorCode::kBadFormat);
  EXPECT_EQ(ErrorCodeOf(MakePrecompiledStep("broken").status()), ErrorCode::kBadFormat);
}

TEST(PrecompiledNormalizerTest, SmallClustersAreReplacedWhole) {
  const auto step = MakePrecompiledStep(CharsmapOfRules({{'a', "xy"}, {'b', ""}, {'c', "C"}}));
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(Apply(**step, "ac").bytes, "xyC");
  EXPECT_EQ(Apply(**step, "a\u0301z").bytes, "xyz");  // 3 bytes: the accent goes too
  EXPECT_EQ(Apply(**step, "a\u0301\u0301\u0301z").bytes, "xy\u0301\u0301\u0301z");  // 7 bytes: by characters
  EXPECT_TRUE((*step)->Unchanged("zz z"));
  EXPECT_FALSE((*step)->Unchanged("zza"));
  const AlignedText removed = Apply(**step, "zbz");
  EXPECT_EQ(removed.bytes, "zz");
  EXPECT_EQ(removed.OriginOf(1, 2), (Span{102, 103}));
}

}  // namespace
}  // namespace tok
