#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "tests/support/temp_dir.h"
#include "tests/unit/train/picky_reference.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"
#include "tok/train_bpe.h"
#include "tok/train_picky.h"
#include "tok/trim.h"

namespace tok {
namespace {

// A document is a piece.
PieceCounts BytePieces(const CountedStrings& pieces) { return PiecesOf(pieces, *ByteLevelRules("none")); }

PickyTraining Train(const CountedStrings& pieces, const PickyOptions& options) {
  absl::StatusOr<PickyTraining> training = TrainPicky(BytePieces(pieces), options);
  EXPECT_TRUE(training.ok()) << training.status().message();
  return *std::move(training);
}

PickyTokens VocabularyOf(const TokenizerSpec& spec) {
  PickyTokens tokens;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) tokens.emplace_back(spec.vocabulary.Bytes(id));
  return tokens;
}

// The events in strings; those of a plain merge list too.
std::vector<PickyEvent> EventsOf(const TokenizerSpec& spec) {
  std::vector<PickyEvent> events;
  if (const auto* bpe = std::get_if<BpeModelSpec>(&spec.model)) {
    for (const Merge& merge : bpe->merges) {
      events.push_back({true, std::string(spec.vocabulary.Bytes(merge.left)),
                        std::string(spec.vocabulary.Bytes(merge.right))});
    }
    return events;
  }
  PickyTokens bytes = VocabularyOf(spec);
  for (const PickyBpeModelSpec::Event& event : std::get<PickyBpeModelSpec>(spec.model).events) {
    if (event.token >= bytes.size()) bytes.resize(event.token + 1);
    bytes[event.token] = bytes[event.left] + bytes[event.right];
    events.push_back(
        {event.kind == PickyBpeModelSpec::Event::Kind::kMerge, bytes[event.left], bytes[event.right]});
  }
  return events;
}

PickyTokens Encode(const Tokenizer& tokenizer, const TokenizerSpec& spec, const std::string& text) {
  PickyTokens tokens;
  const absl::StatusOr<std::vector<TokenId>> ids = tokenizer.Encode(text);
  EXPECT_TRUE(ids.ok()) << ids.status().message();
  for (const TokenId id : *ids) tokens.emplace_back(spec.vocabulary.Bytes(id));
  return tokens;
}

struct Totals {
  uint64_t n_deletions = 0, n_returns = 0, n_chains = 0;
};

void ExpectEqualToReference(uint32_t seed, Totals* totals) {
  std::mt19937 random(seed);
  const std::vector<std::string> letters = {"a", "b", "c", "d", "e"};
  const std::vector<std::string> alphabet(letters.begin(), letters.begin() + 1 + random() % 5);
  const CountedStrings pieces = RandomPieces(alphabet, 1 + random() % 50, 1 + random() % 20, &random);
  PickyOptions options;
  options.threshold = 0.2 + 0.1 * static_cast<double>(random() % 9);
  options.bpe.vocab_size = 257 + random() % 60;
  options.bpe.min_frequency = random() % 4;
  if (seed % 5 == 0) options.bpe.special_tokens = {"<s>", "ab"};  // "ab" is merged too, and stays
  const PickyTraining training = Train(pieces, options);

  const size_t n_first = 256 + options.bpe.special_tokens.size();
  PickyTokens first = VocabularyOf(training.spec);
  first.resize(n_first);
  PickyReference reference(pieces, first, options);
  reference.Run();
  ASSERT_EQ(VocabularyOf(training.spec), reference.vocabulary()) << "seed " << seed;
  const std::vector<PickyEvent> events = EventsOf(training.spec);
  ASSERT_EQ(events, reference.events()) << "seed " << seed;
  totals->n_deletions += training.n_deletions;
  totals->n_returns += training.n_returns;
  totals->n_chains += static_cast<uint64_t>(
      std::count_if(events.begin(), events.end(), [](const PickyEvent& e) { return !e.is_merge; }));

  // In text, tokens that look like special ones are no concern of the model.
  TokenizerSpec spec = training.spec;
  spec.added_tokens.clear();
  const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Create(spec);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  CountedStrings texts = RandomPieces(letters, 10, 60, &random);
  if (seed % 50 == 0) texts.push_back(RandomPieces(letters, 1, 5000, &random)[0]);
  texts.insert(texts.end(), pieces.begin(), pieces.end());
  for (const auto& [text, count] : texts) {
    ASSERT_EQ(Encode(*tokenizer, spec, text), PickyEncode(events, text)) << "seed " << seed << ", " << text;
  }
}

TEST(PickyTest, EqualsTheReference) {
  Totals totals;
  for (uint32_t seed = 0; seed < 400; ++seed) ExpectEqualToReference(seed, &totals);
  EXPECT_GT(totals.n_deletions, 1000u);
  EXPECT_GT(totals.n_returns, 100u);
  EXPECT_GT(totals.n_chains, totals.n_deletions);  // some were split into what was deleted itself
}

// "Kentucky", as the paper has it: its parts occur nowhere else, but for one.
TEST(PickyTest, DeletesStepsOnTheWay) {
  const CountedStrings pieces = {{"kentucky", 20}, {"tuck", 1}};
  const PickyTraining training =
      Train(pieces, {.bpe = {.vocab_size = 262, .min_frequency = 2}, .threshold = 0.9});
  EXPECT_EQ(training.spec.vocabulary.size(), 257u);
  const Tokenizer tokenizer = *Tokenizer::Create(training.spec);
  EXPECT_GT(training.report.n_merges, 1u);
  EXPECT_EQ(training.n_deletions, training.report.n_merges - 1);
  EXPECT_EQ(VocabularyOf(training.spec).back().size(), 8u);
  EXPECT_EQ(Encode(tokenizer, training.spec, "kentucky"), PickyTokens{"kentucky"});
  EXPECT_EQ(Encode(tokenizer, training.spec, "tucky"), (PickyTokens{"t", "u", "c", "k", "y"}));
}

TEST(PickyTest, WithoutDeletionsItIsBpe) {
  const CountedStrings pieces = {{"ab", 3}, {"ac", 2}, {"abc", 2}, {"a", 9}};
  const PickyTraining training = Train(pieces, {.bpe = {.vocab_size = 258}, .threshold = 1});
  EXPECT_EQ(training.n_deletions, 0u);
  const BpeTraining bpe = *TrainBpe(BytePieces(pieces), {.vocab_size = 258});
  EXPECT_EQ(std::get<BpeModelSpec>(training.spec.model).merges,
            std::get<BpeModelSpec>(bpe.spec.model).merges);
}

TEST(PickyTest, ABadOptionIsAnError) {
  const CountedStrings pieces = {{"ab", 3}};
  for (const double threshold : {0.0, -1.0, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(ErrorCodeOf(TrainPicky(BytePieces(pieces), {.threshold = threshold}).status()),
              ErrorCode::kUsage);
    EXPECT_EQ(ErrorCodeOf(CheckTrainerOptions(PickyOptions{.threshold = threshold})), ErrorCode::kUsage);
  }
  EXPECT_EQ(ErrorCodeOf(CheckTrainerOptions(PickyOptions())), ErrorCode::kNone);
  EXPECT_EQ(ErrorCodeOf(TrainPicky(TextPieces(pieces), {}).status()), ErrorCode::kUsage);
  EXPECT_EQ(ErrorCodeOf(TrainPicky(BytePieces(pieces), {.bpe = {.whole_byte_alphabet = false}}).status()),
            ErrorCode::kUsage);
}

// One long piece in which the same steps are made and split again and again.
TEST(PickyTest, NoTokenIsSplitTooOften) {
  std::mt19937 random(1);
  const CountedStrings pieces = RandomPieces({"a", "a", "a", "b"}, 1, 6000, &random);
  const PickyOptions options{.bpe = {.vocab_size = 700}, .threshold = 0.05};
  const PickyTraining training = Train(pieces, options);
  PickyTokens first = VocabularyOf(training.spec);
  first.resize(256);
  PickyReference reference(pieces, first, options);
  reference.Run();
  const std::vector<PickyEvent> events = EventsOf(training.spec);
  EXPECT_EQ(events, reference.events());
  std::map<std::string, uint32_t> n_splits;
  uint32_t most = 0;
  for (const PickyEvent& event : events) {
    if (!event.is_merge) most = std::max(most, ++n_splits[event.left + event.right]);
  }
  EXPECT_EQ(most, kMaxPickySplits);
  EXPECT_TRUE(Tokenizer::Create(training.spec).ok());
}

TEST(PickyTest, OnlyAnImageHoldsIt) {
  std::mt19937 random(5);
  const CountedStrings pieces = RandomPieces({"a", "b", "c"}, 80, 12, &random);
  const PickyTraining training = Train(pieces, {.bpe = {.vocab_size = 290}, .threshold = 0.6});
  ASSERT_GT(training.n_deletions, 0u);
  const TempDir folder;
  const std::string path = folder.Write("x.tok", "");
  ASSERT_TRUE(WriteTokenizer(training.spec, Format::kImage, path).ok());
  const absl::StatusOr<TokenizerSpec> read = ReadTokenizer(path);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(std::get<PickyBpeModelSpec>(read->model).events,
            std::get<PickyBpeModelSpec>(training.spec.model).events);
  const Tokenizer before = *Tokenizer::Create(training.spec), after = *Tokenizer::Load(path);
  for (const auto& [text, count] : pieces) EXPECT_EQ(*before.Encode(text), *after.Encode(text));
  for (const Format format :
       {Format::kTokenizerJson, Format::kTiktoken, Format::kSentencePiece, Format::kVocabMerges}) {
    EXPECT_EQ(ErrorCodeOf(WriteTokenizer(training.spec, format, folder.Write("other", ""))),
              ErrorCode::kLossyConversion);
  }
  EXPECT_EQ(ErrorCodeOf(TrimTokenizer(training.spec, {}).status()), ErrorCode::kUnsupportedFeature);
}

// Each pass over a text would be as long as the file, and the file as long as somebody likes.
TEST(PickyTest, AnImageThatSplitsWithoutEndIsRefused) {
  std::mt19937 random(5);
  const CountedStrings pieces = RandomPieces({"a", "b", "c"}, 80, 12, &random);
  PickyTraining training = Train(pieces, {.bpe = {.vocab_size = 290}, .threshold = 0.6});
  auto& events = std::get<PickyBpeModelSpec>(training.spec.model).events;
  const auto split = std::find_if(events.begin(), events.end(), [](const auto& event) {
    return event.kind == PickyBpeModelSpec::Event::Kind::kSplit;
  });
  ASSERT_NE(split, events.end());
  PickyBpeModelSpec::Event again = *split;
  for (int i = 0; i < 100000; ++i) {
    again.kind = i % 2 == 0 ? PickyBpeModelSpec::Event::Kind::kMerge : PickyBpeModelSpec::Event::Kind::kSplit;
    events.push_back(again);
  }
  const TempDir folder;
  const std::string path = folder.Write("x.tok", "");
  ASSERT_TRUE(WriteTokenizer(training.spec, Format::kImage, path).ok());
  EXPECT_EQ(ErrorCodeOf(Tokenizer::Load(path).status()), ErrorCode::kBadMerges);
}

}  // namespace
}  // namespace tok
