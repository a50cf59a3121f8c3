// What the kinds of training beside BPE itself refuse and promise. That they equal their peers is a differential test.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/train/counted_pieces.h"
#include "tok/tokenizer.h"
#include "tok/train_char.h"
#include "tok/train_dna.h"
#include "tok/train_lib.h"
#include "tok/train_wordpiece.h"

namespace tok {
namespace {

PieceCounts BytePieces(const CountedStrings& pieces) {
  const PieceCounts text = TextPieces(pieces);
  PieceCounts::Origin origin;
  origin.rules = ByteLevelRules("none").value();
  return PieceCounts(std::move(origin), text.blob(), text.ends(), text.counts(),
                     std::make_shared<PieceCounts>(text));
}

std::vector<std::string> Tokens(const TokenizerSpec& spec) {
  std::vector<std::string> tokens;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) tokens.emplace_back(spec.vocabulary.Bytes(id));
  return tokens;
}

const CountedStrings kWords = {{"abab", 9}, {"abc", 5}, {"cab", 3}};

TEST(WholeTokensTest, TakePlacesFromMergesUnlessAMergeMakesThem) {
  const auto train = [](std::vector<std::string> whole) {
    BpeTrainerOptions options{.vocab_size = 6};
    options.whole_tokens = std::move(whole);
    return Tokens(TrainBpe(TextPieces(kWords), options)->spec);
  };
  EXPECT_EQ(train({}), (std::vector<std::string>{"a", "b", "c", "ab", "abab", "abc"}));
  EXPECT_EQ(train({"zz"}), (std::vector<std::string>{"a", "b", "c", "ab", "abab", "zz"}));
  EXPECT_EQ(train({"ab"}), (std::vector<std::string>{"a", "b", "c", "ab", "abab", "abc"}));
  EXPECT_EQ(train({"zz", "abc"}), (std::vector<std::string>{"a", "b", "c", "ab", "zz", "abc"}));
}

TEST(WholeTokensTest, AreFoundBeforeMerges) {
  BpeTrainerOptions options{.vocab_size = 7};
  options.whole_tokens = {"ab", "bc"};
  const auto tokenizer = Tokenizer::Create(TrainBpe(TextPieces(kWords), options)->spec);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto id = [&](std::string_view token) { return tokenizer->spec().vocabulary.Find(token); };
  EXPECT_EQ(*tokenizer->Encode("abab", {}), (std::vector<TokenId>{id("ab"), id("ab")}));
  EXPECT_EQ(*tokenizer->Encode("cbc", {}), (std::vector<TokenId>{id("c"), 6}));
}

TEST(WholeTokensTest, Refused) {
  const auto error = [](const BpeTrainerOptions& options, const PieceCounts& counts) {
    return ErrorCodeOf(TrainBpe(counts, options).status());
  };
  const PieceCounts text = TextPieces(kWords), bytes = BytePieces(kWords);
  for (const std::vector<std::string>& whole :
       std::vector<std::vector<std::string>>{{""}, {"x", "x"}, {"<s>"}}) {
    BpeTrainerOptions options{.special_tokens = {"<s>"}};
    options.whole_tokens = whole;
    EXPECT_EQ(error(options, text), ErrorCode::kUsage);
  }
  BpeTrainerOptions options;
  options.whole_tokens = {"\u00fc"};  // how files spell the byte FC
  EXPECT_EQ(error(options, bytes), ErrorCode::kUsage);
  EXPECT_TRUE(TrainBpe(text, options).ok());
  options = {};
  options.unk_token = "<unk>";
  EXPECT_EQ(error(options, bytes), ErrorCode::kUsage);
  EXPECT_TRUE(TrainBpe(text, options).ok());
}

TEST(PaddingTest, ReachesPowersOfTwoAndNoFurther) {
  for (const uint32_t size : {3u, 4u, 5u, 6u}) {
    BpeTrainerOptions options{.vocab_size = size, .special_tokens = {}, .pad_to_power_of_two = true};
    const auto trained = TrainBpe(TextPieces(kWords), options);
    ASSERT_TRUE(trained.ok()) << trained.status();
    EXPECT_EQ(trained->spec.vocabulary.size(), size <= 4 ? 4u : 8u);
    EXPECT_EQ(trained->report.n_merges, size - 3);
  }
  BpeTrainerOptions options{.vocab_size = 9000, .pad_to_power_of_two = true};
  for (int i = 0; i < 9000; ++i) options.special_tokens.push_back("<" + std::to_string(i) + ">");
  EXPECT_EQ(ErrorCodeOf(TrainBpe(TextPieces(kWords), options).status()), ErrorCode::kUsage);
}

TEST(CharacterTrainerTest, LengthIsALimitThatIsReached) {
  for (const uint32_t max_length : {2u, 3u, 4u}) {
    CharacterTrainerOptions options{.bpe = {.vocab_size = 100}, .max_length = max_length};
    const auto trained = TrainCharacters(TextPieces(kWords), options);
    ASSERT_TRUE(trained.ok()) << trained.status();
    size_t longest = 0;
    for (const std::string& token : Tokens(trained->spec)) longest = std::max(longest, token.size());
    EXPECT_EQ(longest, max_length);
  }
  EXPECT_EQ(ErrorCodeOf(TrainCharacters(TextPieces(kWords), {.max_length = 1}).status()), ErrorCode::kUsage);
}

TEST(WordPieceTrainerTest, RefusesBytesAndSuffixes) {
  EXPECT_EQ(ErrorCodeOf(TrainWordPiece(BytePieces(kWords), {}).status()), ErrorCode::kUnsupportedFeature);
  EXPECT_EQ(ErrorCodeOf(TrainWordPiece(TextPieces(kWords), {.bpe = {.end_of_word_suffix = "</w>"}}).status()),
            ErrorCode::kUsage);
}

TEST(DnaTrainerTest, StrandsAreAsGoodAsOneAnother) {
  const std::string sequence = "ACCGTTTACGACCGTTGACA", complement = "TGTCAACGGTCGTAAACGGT";
  const DnaTrainerOptions both{.bpe = {.vocab_size = 12}, .both_strands = true};
  const auto tokens = [](const PieceCounts& counts, const DnaTrainerOptions& options) {
    return Tokens(TrainDna(counts, options)->spec);
  };
  const std::vector<std::string> expected =
      tokens(TextPieces({{sequence, 1}, {complement, 1}}), {.bpe = {.vocab_size = 12}});
  EXPECT_EQ(tokens(TextPieces({{sequence, 1}}), both), expected);
  EXPECT_EQ(tokens(TextPieces({{complement, 1}}), both), expected);
  EXPECT_NE(tokens(TextPieces({{sequence, 1}}), {.bpe = {.vocab_size = 12}}), expected);
}

TEST(DnaTrainerTest, AlphabetIsGiven) {
  const auto trained = TrainDna(TextPieces({{"GGGN", 2}}), {.bpe = {.vocab_size = 5}});
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_EQ(Tokens(trained->spec), (std::vector<std::string>{"[UNK]", "A", "C", "G", "T"}));
  EXPECT_EQ(ErrorCodeOf(TrainDna(TextPieces({{"A", 1}}), {.bpe = {.limit_alphabet = 3}}).status()),
            ErrorCode::kUsage);
  EXPECT_EQ(ErrorCodeOf(TrainDna(BytePieces({{"A", 1}}), {}).status()), ErrorCode::kUnsupportedFeature);
}

TEST(BestUnitsTest, FillTheSizeFromTheBegin) {
  const LibLexicon lexicon{LibSymbol::kCodePoint, {"the ", "a", "see ", "\u00e9", "book"}};
  const auto n_tokens = [](const LibLexicon& l) { return FewestUnitsSpec(l)->vocabulary.size(); };
  for (uint64_t size = 256; size < 260; ++size) {
    const auto best = BestUnits(lexicon, size);
    ASSERT_TRUE(best.ok()) << best.status();
    EXPECT_EQ(n_tokens(*best), size);
    EXPECT_TRUE(std::equal(best->units.begin(), best->units.end(), lexicon.units.begin()));
  }
  EXPECT_EQ(*BestUnits(lexicon, 1000), lexicon);
  EXPECT_EQ(ErrorCodeOf(BestUnits(lexicon, 255).status()), ErrorCode::kUsage);
}

}  // namespace
}  // namespace tok
