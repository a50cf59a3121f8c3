// The Unigram trainer as a whole: what it promises for any text. That it equals Hugging Face's is a differential test.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "src/train/unigram/sorted_pieces.h"
#include "tests/unit/train/counted_pieces.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"
#include "tok/train_unigram.h"

namespace tok {
namespace {

CountedStrings Words(size_t n, unsigned seed, size_t max_length = 5) {
  std::mt19937 random(seed);
  CountedStrings pieces;
  for (const auto& [bytes, count] : RandomPieces(
           {"the", "ing", "er", "a", "b", "c", "st", "on", "\xC3\xA9", "x"}, n, max_length, &random)) {
    pieces.emplace_back("\xE2\x96\x81" + bytes, count * count);
  }
  return pieces;
}

TokenizerSpec Train(const CountedStrings& pieces, const UnigramTrainerOptions& options) {
  auto spec = TrainUnigram(TextPieces(pieces), options);
  EXPECT_TRUE(spec.ok()) << spec.status();
  return spec.ok() ? *std::move(spec) : TokenizerSpec();
}

ErrorCode ErrorOf(const CountedStrings& pieces, const UnigramTrainerOptions& options) {
  return ErrorCodeOf(TrainUnigram(TextPieces(pieces), options).status());
}

void ExpectSame(const TokenizerSpec& a, const TokenizerSpec& b) {
  ASSERT_EQ(a.vocabulary.size(), b.vocabulary.size());
  for (TokenId id = 0; id < a.vocabulary.size(); ++id) {
    ASSERT_EQ(a.vocabulary.Bytes(id), b.vocabulary.Bytes(id)) << id;
    ASSERT_EQ(a.vocabulary.Score(id), b.vocabulary.Score(id)) << a.vocabulary.Bytes(id);
  }
  EXPECT_EQ(SpecIdentityHash(a), SpecIdentityHash(b));
}

TEST(UnigramTrainerTest, AnyThreadsAndAnyOrderOfPiecesGiveTheSameBits) {
  CountedStrings pieces = Words(50000, 53, 8);
  const auto sorted = SortedPieces::Create(TextPieces(pieces));
  ASSERT_TRUE(sorted.ok());
  ASSERT_GT(sorted->n_blocks(), 4u);  // sums of fewer do not depend on the order
  UnigramTrainerOptions options{.vocab_size = 600, .unk_token = "<unk>", .n_threads = 1};
  const TokenizerSpec expected = Train(pieces, options);
  EXPECT_EQ(expected.vocabulary.size(), 600u);
  for (const unsigned n_threads : {2u, 3u, 8u}) {
    options.n_threads = n_threads;
    ExpectSame(Train(pieces, options), expected);
  }
  std::shuffle(pieces.begin(), pieces.end(), std::mt19937(59));
  ExpectSame(Train(pieces, options), expected);
}

TEST(UnigramTrainerTest, ScoresFallAndAreProbabilities) {
  const TokenizerSpec spec = Train(Words(5000, 61), {.vocab_size = 300, .unk_token = "<unk>"});
  double sum = 0;
  for (TokenId id = 1; id < spec.vocabulary.size(); ++id) {
    sum += std::exp(spec.vocabulary.Score(id));
    if (id > 1) {
      EXPECT_LE(spec.vocabulary.Score(id), spec.vocabulary.Score(id - 1));
    }
  }
  EXPECT_GT(sum, 0.9);
  EXPECT_LE(sum, 1.0);
}

TEST(UnigramTrainerTest, MakesATokenizerThatIsWrittenAndReadAgain) {
  const TokenizerSpec spec =
      Train(Words(2000, 67), {.vocab_size = 200,
                              .special_tokens = {{.content = "<s>"}, {.content = "<unk>"}},
                              .initial_alphabet = {U'q', U'\u4E16'},
                              .unk_token = "<unk>"});
  ASSERT_EQ(spec.vocabulary.size(), 200u);
  EXPECT_EQ(spec.vocabulary.Bytes(0), "<s>");
  EXPECT_EQ(spec.vocabulary.Bytes(1), "<unk>");
  EXPECT_EQ(std::get<UnigramModelSpec>(spec.model).unk_id, 1u);
  EXPECT_NE(spec.vocabulary.Find("q"), kNoToken);
  EXPECT_NE(spec.vocabulary.Find("\xE4\xB8\x96"), kNoToken);
  ASSERT_EQ(spec.added_tokens.size(), 2u);
  EXPECT_EQ(spec.added_tokens[1].id, 1u);
  EXPECT_TRUE(spec.added_tokens[1].special);
  const auto file = SerializeTokenizerJson(spec);
  ASSERT_TRUE(file.ok()) << file.status();
  const auto again = ParseTokenizerJson(*file, "trained");
  ASSERT_TRUE(again.ok()) << again.status();
  ExpectSame(*again, spec);
  const auto tokenizer = Tokenizer::Create(spec);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
}

TEST(UnigramTrainerTest, UnknownTokenIsAddedInFrontUnlessThereIs) {
  const CountedStrings pieces = {{"aab", 5}, {"ab", 7}};
  const TokenizerSpec without = Train(pieces, {.vocab_size = 10});
  EXPECT_EQ(std::get<UnigramModelSpec>(without.model).unk_id, std::nullopt);
  const TokenizerSpec with =
      Train(pieces, {.vocab_size = 10, .special_tokens = {{.content = "!"}}, .unk_token = "?"});
  EXPECT_EQ(with.vocabulary.Bytes(0), "?");
  EXPECT_EQ(with.vocabulary.Kind(0), TokenKind::kUnknown);
  EXPECT_EQ(with.vocabulary.Bytes(1), "!");
  ASSERT_EQ(with.added_tokens.size(), 1u);
  EXPECT_EQ(with.added_tokens[0].id, 1u);
}

// Pieces that spell special tokens, or Hugging Face's own name for the unknown, are text like any other.
TEST(UnigramTrainerTest, LearnedTokensAndSpecialTokensDoNotMeet) {
  CountedStrings pieces = {{"<UNK>", 90}, {"<UNK>s", 50}, {"x<UNK>", 50}, {"ab", 9}, {"cab", 5}, {"b", 4}};
  const TokenizerSpec spec = Train(
      pieces,
      {.vocab_size = 30, .special_tokens = {{.content = "ab"}, {.content = "b"}}, .unk_token = "<unk>"});
  EXPECT_NE(spec.vocabulary.Find("<UNK>"), kNoToken);
  EXPECT_EQ(spec.vocabulary.Bytes(1), "ab");
  std::set<std::string_view> all;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id)
    EXPECT_TRUE(all.insert(spec.vocabulary.Bytes(id)).second);
}

TEST(UnigramTrainerTest, VocabularyAsLargeAsTheCharactersHoldsThemAlone) {
  const CountedStrings pieces = {{"abcabc", 3}, {"bca", 2}, {"abab", 5}};
  const TokenizerSpec spec = Train(pieces, {.vocab_size = 4, .unk_token = "<unk>"});
  EXPECT_EQ(spec.vocabulary.size(), 4u);
  EXPECT_EQ(ErrorOf(pieces, {.vocab_size = 3, .unk_token = "<unk>"}), ErrorCode::kUsage);
}

TEST(UnigramTrainerTest, OptionsAndInputThatMakeNoSenseAreRefused) {
  const CountedStrings pieces = {{"ab", 1}};
  EXPECT_EQ(ErrorOf(pieces, {.vocab_size = 0}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.vocab_size = size_t{1} << 40}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.shrinking_factor = 1.0}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.shrinking_factor = std::nan("")}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.max_piece_length = 129}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.max_piece_length = 0}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.n_sub_iterations = 0}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.seed_size = 0}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.special_tokens = {{.content = "s"}, {.content = "s"}}}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.special_tokens = {{.content = ""}}}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.initial_alphabet = {0xD800}}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf(pieces, {.unk_token = "\xFF"}), ErrorCode::kUsage);
  EXPECT_EQ(ErrorOf({}, {}), ErrorCode::kBadInput);
  EXPECT_EQ(ErrorOf({{"", 3}}, {}), ErrorCode::kBadInput);
}

TEST(UnigramTrainerTest, StopsWhenToldAndSaysWhatItDid) {
  const CountedStrings pieces = Words(3000, 71);
  std::vector<UnigramProgress> seen;
  UnigramTrainerOptions options{.vocab_size = 200, .progress = [&](const UnigramProgress& progress) {
                                  seen.push_back(progress);
                                  return true;
                                }};
  Train(pieces, options);
  ASSERT_GT(seen.size(), 5u);
  EXPECT_EQ(seen[0].step, UnigramProgress::Step::kSeeds);
  EXPECT_EQ(seen[1].step, UnigramProgress::Step::kMaximization);
  EXPECT_EQ(seen[3].step, UnigramProgress::Step::kPruning);
  EXPECT_LE(seen.back().n_tokens, seen.back().n_tokens_wanted);
  for (size_t i = 1; i < seen.size(); ++i) {
    EXPECT_LE(seen[i].n_tokens, seen[i - 1].n_tokens);
    EXPECT_GT(seen[i].work, seen[i - 1].work);
  }
  EXPECT_LT(seen[2].loss, seen[1].loss);  // the second step starts from what the first one gained
  for (size_t stop = 1; stop <= seen.size(); ++stop) {
    size_t n = 0;
    options.progress = [&](const UnigramProgress&) { return ++n < stop; };
    ASSERT_EQ(ErrorOf(pieces, options), ErrorCode::kInterrupted) << stop;
    ASSERT_EQ(n, stop);
  }
}

TEST(UnigramTrainerTest, StopsWithinTheFirstStep) {
  const CountedStrings pieces = Words(3000, 71);
  UnigramTrainerOptions options{.vocab_size = 200, .n_threads = 1};
  options.progress = [](const UnigramProgress&) -> bool {
    ADD_FAILURE() << "the first step was done";
    return true;
  };
  for (const int n_wanted : {0, 1, 5}) {
    int n_asked = 0;
    options.goes_on = [&] { return n_asked++ < n_wanted; };
    EXPECT_EQ(ErrorOf(pieces, options), ErrorCode::kInterrupted) << n_wanted;
  }
}

uint64_t WorkOf(const CountedStrings& pieces) {
  uint64_t work = 0;
  UnigramTrainerOptions options{.vocab_size = 100, .progress = [&](const UnigramProgress& progress) {
                                  work = progress.work;
                                  return true;
                                }};
  Train(pieces, options);
  return work;
}

TEST(UnigramTrainerTest, WorkGrowsWithTheTextOnlyWhateverItsPiecesAre) {
  // One piece of one letter.
  const uint64_t short_run = WorkOf({{std::string(200000, 'a'), 1}}),
                 long_run = WorkOf({{std::string(400000, 'a'), 1}});
  EXPECT_LE(long_run, short_run * 22 / 10);
  EXPECT_LE(short_run, 200000u * 300);
  // Pieces all different: more of them bring more rounds of pruning, a logarithm's worth.
  const auto distinct = [](size_t n) {
    CountedStrings pieces;
    for (size_t i = 0; i < n; ++i) {
      std::string bytes;
      for (size_t rest = i + n; rest > 0; rest /= 7) bytes += static_cast<char>('a' + rest % 7);
      pieces.emplace_back(bytes, 1);
    }
    return pieces;
  };
  EXPECT_LE(WorkOf(distinct(40000)), WorkOf(distinct(20000)) * 26 / 10);
}

}  // namespace
}  // namespace tok
