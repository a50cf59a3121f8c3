// LiB's segmenter against its reference, and by hand where the two paths of a race differ.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/train/lib/lib_reference.h"
#include "tests/unit/train/lib_corpora.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

LibSegmenter SegmenterOf(const LibLexicon& lexicon, bool decompose = false) {
  auto segmenter = LibSegmenter::Create(lexicon, {.decompose = decompose});
  EXPECT_TRUE(segmenter.ok()) << segmenter.status();
  return *std::move(segmenter);
}

std::vector<std::string> Segmented(const std::vector<std::string>& units, std::string_view text,
                                   bool decompose = false) {
  const auto chunks = SegmenterOf({LibSymbol::kCodePoint, units}, decompose).Segment(text);
  EXPECT_TRUE(chunks.ok()) << chunks.status();
  std::vector<std::string> texts;
  for (const LibChunk& chunk : *chunks) texts.emplace_back(text.substr(chunk.begin, chunk.end - chunk.begin));
  return texts;
}

using Texts = std::vector<std::string>;

TEST(LibSegmenterTest, TheSecondLongestWinsWithFewerChunks) {
  EXPECT_EQ(Segmented({"a", "ab", "abc", "cde", "d", "e"}, "abcde"), (Texts{"ab", "cde"}));
  // The third longest would win too, but does not race.
  EXPECT_EQ(Segmented({"a", "ab", "abc", "bcde", "c", "d", "e"}, "abcde"), (Texts{"abc", "d", "e"}));
}

TEST(LibSegmenterTest, EqualPathsGoByTheSumOfRanks) {
  EXPECT_EQ(Segmented({"abc", "d", "ab", "cd"}, "abcd"), (Texts{"abc", "d"}));  // 0 + 1 against 2 + 3
  EXPECT_EQ(Segmented({"ab", "cd", "abc", "d"}, "abcd"), (Texts{"ab", "cd"}));
  EXPECT_EQ(Segmented({"abc", "ab", "cd", "d"}, "abcd"),
            (Texts{"abc", "d"}));                                          // 0 + 3 against 1 + 2: the longest
  EXPECT_EQ(Segmented({"ab", "cd", "abc"}, "abcd"), (Texts{"ab", "cd"}));  // 1 against 2: "d" has no rank
}

TEST(LibSegmenterTest, SymbolsOutsideTheLexiconStandAlone) {
  const auto chunks = SegmenterOf({LibSymbol::kCodePoint, {"ab"}}).Segment("\u4e16ab");
  EXPECT_EQ(*chunks, (std::vector<LibChunk>{{0, 3, kNoLibRank}, {3, 5, 0}}));
  const auto bytes = SegmenterOf({LibSymbol::kByte, {"\xB8\x96"}}).Segment("\u4e16");
  EXPECT_EQ(*bytes, (std::vector<LibChunk>{{0, 1, kNoLibRank}, {1, 3, 0}}));
  EXPECT_TRUE(SegmenterOf({}).Segment("")->empty());
  EXPECT_EQ(SegmenterOf({}).Segment("ab")->size(), 2u);
}

TEST(LibSegmenterTest, DecomposesIntoTwoUnitsOfSmallerRank) {
  EXPECT_EQ(Segmented({"the ", "dog", "the dog"}, "the dog", true), (Texts{"the ", "dog"}));
  EXPECT_EQ(Segmented({"the ", "the dog", "dog"}, "the dog", true), (Texts{"the dog"}));
  EXPECT_EQ(Segmented({"cd", "ab", "a", "bcd", "abcd"}, "abcd", true),
            (Texts{"ab", "cd"}));                                                     // 0 + 1, not 2 + 3
  EXPECT_EQ(Segmented({"a", "b", "ab", "abab"}, "abab", true), (Texts{"ab", "ab"}));  // not repeated
  EXPECT_EQ(Segmented({"a", "b", "ab", "abab"}, "abab", false), (Texts{"abab"}));
}

TEST(LibSegmenterTest, FollowsTheReferenceOnRandomLexicons) {
  size_t n_alternatives = 0, n_decomposed = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    RandomStream random(seed + 1000);
    LibLexicon lexicon{random.Chance(0.5) ? LibSymbol::kByte : LibSymbol::kCodePoint, {}};
    const auto corpus = RandomSentences(seed, 30, 6);
    for (const std::string& text : corpus) {
      const bool is_new = std::find(lexicon.units.begin(), lexicon.units.end(), text) == lexicon.units.end();
      if (!text.empty() && is_new) lexicon.units.push_back(text);
    }
    const LibSegmenter plain = SegmenterOf(lexicon), decomposing = SegmenterOf(lexicon, true);
    for (const std::string& sentence : RandomSentences(seed, 40, 40)) {
      const auto chunks = plain.Segment(sentence).value(), parts = decomposing.Segment(sentence).value();
      ASSERT_EQ(chunks, SegmentLibReference(lexicon, false, sentence)) << "seed " << seed << ": " << sentence;
      ASSERT_EQ(parts, SegmentLibReference(lexicon, true, sentence)) << "seed " << seed << ": " << sentence;
      n_decomposed += parts != chunks;
      for (const LibChunk& chunk : chunks) {
        const auto rest = std::string_view(sentence).substr(chunk.begin);
        n_alternatives +=
            std::any_of(lexicon.units.begin(), lexicon.units.end(), [&](const std::string& unit) {
              return unit.size() > chunk.end - chunk.begin && rest.starts_with(unit);
            });
      }
    }
  }
  EXPECT_GT(n_alternatives, 500u);  // else the race was never won by the shorter unit
  EXPECT_GT(n_decomposed, 500u);
}

TEST(LibSegmenterTest, FollowsTheReferenceOnLearnedUnits) {
  const auto sentences = SpeechSentences(1500);
  const LibLexicon lexicon =
      TrainLib(ViewsOf(sentences), {.out_rate = 0.01, .life = 3, .sentences_per_step = 100}).value();
  const LibSegmenter plain = SegmenterOf(lexicon), decomposing = SegmenterOf(lexicon, true);
  std::string all;
  for (const std::string& sentence : sentences) all += sentence;
  all.resize(20000);
  ASSERT_EQ(plain.Segment(all).value(), SegmentLibReference(lexicon, false, all));
  ASSERT_EQ(decomposing.Segment(all).value(), SegmentLibReference(lexicon, true, all));
}

TEST(LibSegmenterTest, RefusesLexiconsAndTextWithoutSense) {
  const auto code = [](const LibLexicon& lexicon) {
    return ErrorCodeOf(LibSegmenter::Create(lexicon, {.decompose = true}).status());
  };
  EXPECT_EQ(code({LibSymbol::kCodePoint, {"a", ""}}), ErrorCode::kBadVocabulary);
  EXPECT_EQ(code({LibSymbol::kCodePoint, {"a", "b", "a"}}), ErrorCode::kBadVocabulary);
  EXPECT_EQ(code({LibSymbol::kCodePoint, {"\xFF"}}), ErrorCode::kBadVocabulary);
  EXPECT_EQ(code({LibSymbol::kByte, {"\xFF"}}), ErrorCode::kNone);
  EXPECT_EQ(ErrorCodeOf(SegmenterOf({LibSymbol::kCodePoint, {"a"}}).Segment("a\xFF").status()),
            ErrorCode::kInvalidUtf8);
}

}  // namespace
}  // namespace tok
