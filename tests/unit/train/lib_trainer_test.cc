// The LiB trainer against its reference, on random corpora and on prose, and what its options and callers may do.
#include "src/train/lib/lib_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "src/base/hash.h"
#include "src/train/lib/lib_reference.h"
#include "src/train/lib/sentence_reader.h"
#include "src/train/lib/symbols.h"
#include "src/train/lib/unit_memory.h"
#include "tests/unit/train/lib_corpora.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

constexpr uint64_t kExpectedSpeechHash = 1319179449392824126u;

LibOptions RandomOptions(uint64_t seed) {
  RandomStream random(~seed);
  const auto one_of = [&](std::initializer_list<double> values) {
    return values.begin()[random.Below(values.size())];
  };
  LibOptions options;
  options.symbol = random.Chance(0.3) ? LibSymbol::kByte : LibSymbol::kCodePoint;
  options.in_rate = one_of({0.0, 0.1, 0.25, 0.5, 1.0});
  options.out_rate = one_of({0.0, 1e-4, 0.01, 0.1, 1.0});
  options.life = static_cast<uint32_t>(1 + random.Below(12));
  options.update_rate = one_of({0.0, 0.1, 0.2, 0.7, 1.0});
  options.max_chunk_len = random.Chance(0.5) ? 0 : 1 + random.Below(9);
  options.inspect_context = random.Chance(0.7);
  options.n_steps = 1 + random.Below(40);
  options.sentences_per_step = 1 + random.Below(12);
  options.order = random.Chance(0.5) ? LibArticleOrder::kShuffled : LibArticleOrder::kSequential;
  options.seed = random.Next();
  return options;
}

LibLexicon Train(const std::vector<std::string>& sentences, const LibOptions& options) {
  auto lexicon = TrainLib(ViewsOf(sentences), options);
  EXPECT_TRUE(lexicon.ok()) << lexicon.status();
  return *std::move(lexicon);
}

TEST(LibTrainerTest, LearnsWhatTheReferenceLearnsOnRandomCorpora) {
  size_t n_units = 0, n_long_units = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    const auto sentences = RandomSentences(seed, 1 + seed % 40, 30);
    const LibOptions options = RandomOptions(seed);
    const LibLexicon lexicon = Train(sentences, options);
    ASSERT_EQ(lexicon, TrainLibReference(ViewsOf(sentences), options)) << "seed " << seed;
    n_units += lexicon.units.size();
    for (const std::string& unit : lexicon.units) n_long_units += unit.size() > 4;
  }
  // Else they agree on nothing.
  EXPECT_GT(n_units, 5000u);
  EXPECT_GT(n_long_units, 1000u);
}

TEST(LibTrainerTest, LearnsWhatTheReferenceLearnsOnSpeech) {
  const auto sentences = SpeechSentences(600);
  for (const uint64_t seed : {0, 1, 2}) {
    const LibOptions options{
        .out_rate = 0.01, .life = 3, .n_steps = 60, .sentences_per_step = 60, .seed = seed};
    const LibLexicon lexicon = Train(sentences, options);
    EXPECT_GT(lexicon.units.size(), 150u);
    EXPECT_EQ(lexicon, TrainLibReference(ViewsOf(sentences), options));
  }
}

TEST(LibTrainerTest, LearnsWhatTheReferenceLearnsOnProse) {
  const auto sentences = ProseSentences(1500);
  if (sentences.empty()) GTEST_SKIP() << "no shared/corpora/en_prose.txt.zst beside the checkout";
  const LibOptions options{.out_rate = 0.01, .life = 3, .n_steps = 40, .sentences_per_step = 50};
  const LibLexicon lexicon = Train(sentences, options);
  EXPECT_GT(lexicon.units.size(), 1000u);
  EXPECT_EQ(lexicon, TrainLibReference(ViewsOf(sentences), options));
}

// A hash over all units: what every machine must find again. Made by this code; the tests above say why it is right.
TEST(LibTrainerTest, LearnsTheSameOnEveryMachine) {
  std::string all;
  for (const std::string& unit : Train(SpeechSentences(2000), {.out_rate = 0.01, .life = 3, .seed = 7}).units)
    all += unit + '\n';
  EXPECT_EQ(HashBytes(all), kExpectedSpeechHash);
}

TEST(LibTrainerTest, SeedsAndOrdersDiffer) {
  const auto sentences = SpeechSentences(400);
  const LibOptions options{.n_steps = 20, .sentences_per_step = 50};
  LibOptions other_seed = options, other_order = options;
  other_seed.seed = 1;
  other_order.order = LibArticleOrder::kSequential;
  const LibLexicon lexicon = Train(sentences, options);
  EXPECT_EQ(lexicon, Train(sentences, options));
  EXPECT_NE(lexicon, Train(sentences, other_seed));
  EXPECT_NE(lexicon, Train(sentences, other_order));
}

TEST(LibTrainerTest, MemorisesASymbolAndReleasesItInAnotherContext) {
  // Two steps of one sentence: "x" is met alone and so never changes its context; in "xy" and "zx" it does.
  LibOptions options{.in_rate = 0, .out_rate = 0, .n_steps = 3, .sentences_per_step = 1};
  options.order = LibArticleOrder::kSequential;
  EXPECT_TRUE(Train({"x"}, options).units.empty());
  EXPECT_EQ(Train({"xy", "zx"}, options).units, (std::vector<std::string>{"x"}));
  options.inspect_context = false;
  EXPECT_EQ(Train({"x"}, options).units, (std::vector<std::string>{"x"}));
}

TEST(LibTrainerTest, MemorisesNeighboursThatStayTogether) {
  // The second time, "b" stands between "a" and "c" as before: both pairs become units, and "b" stays on probation.
  LibOptions options{.in_rate = 0, .out_rate = 0, .n_steps = 4, .sentences_per_step = 1};
  const auto units = Train({"abc"}, options).units;
  EXPECT_NE(std::find(units.begin(), units.end(), "ab"), units.end());
}

TEST(LibTrainerTest, UnitsStayBelowTheLimitOfSymbols) {
  for (const uint64_t limit : {1, 2, 5}) {
    LibOptions options{.out_rate = 0.01, .max_chunk_len = limit, .n_steps = 50, .sentences_per_step = 20};
    size_t longest = 0, longest_bytes = 0;
    for (const std::string& unit :
         Train({"\u00e9\u4e16\u00e9\u4e16\u00e9a", "a\u4e16\u00e9\u4e16"}, options).units) {
      longest = std::max<size_t>(longest, CountSymbols(LibSymbol::kCodePoint, unit));
      longest_bytes = std::max(longest_bytes, unit.size());
    }
    EXPECT_LE(longest, limit);
    if (limit == 5) {
      EXPECT_GT(longest_bytes, 5u);
    }
    options.symbol = LibSymbol::kByte;
    for (const std::string& unit : Train({"\u00e9\u4e16\u00e9\u4e16"}, options).units)
      EXPECT_LE(unit.size(), limit);
  }
}

TEST(LibTrainerTest, EmptyCorporaAndSentencesTeachNothing) {
  EXPECT_TRUE(Train({}, {}).units.empty());
  EXPECT_TRUE(Train({"", ""}, {.n_steps = 3}).units.empty());
  EXPECT_TRUE(Train({"abab"}, {.n_steps = 0}).units.empty());
}

TEST(LibTrainerTest, ProgressCountsAndStops) {
  const auto sentences = SpeechSentences(100);
  LibOptions options{.n_steps = 30, .sentences_per_step = 40};
  options.order = LibArticleOrder::kSequential;
  std::vector<LibProgress> seen;
  const auto stopped = TrainLib(ViewsOf(sentences), options, [&](const LibProgress& progress) {
    seen.push_back(progress);
    return seen.size() < 4;
  });
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[2].n_steps_done, 3u);
  EXPECT_EQ(seen[2].n_steps, 30u);
  EXPECT_EQ(seen[2].n_sentences, 100u);  // 40, 40, and the 20 that are left
  uint64_t n_bytes = 0;
  for (const std::string& sentence : sentences) n_bytes += sentence.size();
  EXPECT_EQ(seen[2].n_bytes, n_bytes);
  EXPECT_GT(seen[2].n_chunks, 100u);
  EXPECT_LE(seen[2].n_chunks, n_bytes);
  EXPECT_EQ(seen[3].n_units - seen[3].n_on_probation, stopped->units.size());
  options.n_steps = 4;
  EXPECT_EQ(*stopped, Train(sentences, options));
}

TEST(LibTrainerTest, RefusesOptionsAndTextWithoutSense) {
  const std::vector<std::string> sentences = {"ab", "c\xFF"};
  const auto code = [&](const LibOptions& options) {
    return ErrorCodeOf(TrainLib(ViewsOf(sentences), options).status());
  };
  EXPECT_EQ(code({}), ErrorCode::kInvalidUtf8);
  EXPECT_EQ(code({.symbol = LibSymbol::kByte, .n_steps = 2}), ErrorCode::kNone);
  EXPECT_EQ(code({.in_rate = -0.1}), ErrorCode::kUsage);
  EXPECT_EQ(code({.in_rate = std::numeric_limits<double>::quiet_NaN()}), ErrorCode::kUsage);
  EXPECT_EQ(code({.out_rate = 1.5}), ErrorCode::kUsage);
  EXPECT_EQ(code({.life = 0}), ErrorCode::kUsage);
  EXPECT_EQ(code({.update_rate = 2}), ErrorCode::kUsage);
  EXPECT_EQ(code({.sentences_per_step = 0}), ErrorCode::kUsage);
  const auto status = TrainLib(ViewsOf(sentences)).status();
  EXPECT_NE(status.message().find("sentence 2: byte 1"), absl::string_view::npos) << status;
}

TEST(LibTrainerTest, AFullTrieIsAnError) {
  const std::vector<std::string> sentences = {"abcdefghij"};
  const auto views = ViewsOf(sentences);
  LibTrainer trainer(views, {.n_steps = 1}, 5);
  EXPECT_EQ(ErrorCodeOf(trainer.Step()), ErrorCode::kLimit);
}

// What training costs, in steps of its structures, on one sentence that is read again and again.
uint64_t WorkOn(const std::string& sentence, uint64_t max_chunk_len) {
  const std::vector<std::string_view> sentences = {sentence};
  LibTrainer trainer(sentences, {.out_rate = 0.01, .life = 3, .max_chunk_len = max_chunk_len, .n_steps = 12});
  for (int step = 0; step < 12; ++step) EXPECT_TRUE(trainer.Step().ok());
  const LibTrainer::Work work = trainer.work();
  EXPECT_GT(work.n_trie_steps, 12 * sentence.size() / 2);
  return work.n_trie_steps + work.n_list_steps + work.n_race_moves;
}

std::string Repeated(std::string_view text, size_t n_bytes) {
  std::string repeated;
  while (repeated.size() < n_bytes) repeated += text;
  return repeated;
}

TEST(LibTrainerTest, LongSentencesCostInProportion) {
  const std::vector<std::pair<std::string, std::function<std::string(size_t)>>> families = {
      {"one letter", [](size_t n) { return std::string(n, 'a'); }},
      {"two letters", [](size_t n) { return Repeated("ab", n); }},
      {"one letter, then another",
       [](size_t n) { return std::string(n / 2, 'a') + 'b' + std::string(n / 2, 'a'); }},
      {"runs of growing length",
       [](size_t n) {
         std::string text;
         for (size_t run = 1; text.size() < n; ++run) text += std::string(run, 'a') + 'b';
         return text;
       }},
      {"Fibonacci word",
       [](size_t n) {
         std::string before = "a", text = "ab";
         while (text.size() < n) before = std::exchange(text, text + before);
         return text.substr(0, n);
       }},
      {"random bits",
       [](size_t n) {
         RandomStream random(3);
         std::string text;
         while (text.size() < n) text += random.Chance(0.5) ? 'a' : 'b';
         return text;
       }},
      {"speech",
       [](size_t n) {
         std::string text;
         for (const std::string& sentence : SpeechSentences(n / 10)) text += sentence;
         return text.substr(0, n);
       }},
  };
  for (const auto& [name, make] : families) {
    // With units of one and two letters, alternatives on one letter stay beside the reader to the end of the sentence.
    for (const uint64_t max_chunk_len : {0, 2}) {
      uint64_t before = WorkOn(make(4000), max_chunk_len);
      for (size_t n = 8000; n <= 32000; n *= 2) {
        const uint64_t work = WorkOn(make(n), max_chunk_len);
        EXPECT_LT(static_cast<double>(work), 2.6 * static_cast<double>(before)) << name << ", " << n;
        before = work;
      }
    }
  }
}

TEST(LibTrainerTest, EvaluationsJoinWithFewMoves) {
  // Reading takes "xyz"; the alternatives that began with "xy" go on with "zx" and "y", and always come to where one that
  // has just begun waits for them.
  const LibOptions options{.in_rate = 0};
  UnitMemory memory(options, UnitTrie::kMaxNodes);
  for (const std::string_view unit : {"xyz", "xy", "zx", "x", "y", "z"}) memory.Memorize(unit, std::nullopt);
  RandomStream random(0);
  SentenceReader reader(options, &random, &memory);
  const std::string sentence = Repeated("xyz", 30000);
  reader.Read(sentence);
  EXPECT_EQ(reader.n_chunks(), 10000u);
  EXPECT_GT(reader.races().n_moves(), 9000u);
  EXPECT_LT(reader.races().n_moves(), 30000u);
}

TEST(LibTrainerTest, ManyUnitsCostALogarithmMore) {
  // Words of random letters, each sentence its own: as many units as sentences, or more.
  uint64_t before = 0;
  for (size_t n = 1000; n <= 8000; n *= 2) {
    std::vector<std::string> sentences;
    RandomStream random(9);
    while (sentences.size() < n) {
      std::string sentence;
      for (int i = 0; i < 24; ++i) sentence += static_cast<char>('a' + random.Below(26));
      sentences.push_back(sentence);
    }
    const auto views = ViewsOf(sentences);
    LibTrainer trainer(views, {.n_steps = 8, .sentences_per_step = n});
    for (int step = 0; step < 8; ++step) ASSERT_TRUE(trainer.Step().ok());
    EXPECT_GT(trainer.progress().n_units, n);
    const LibTrainer::Work cost = trainer.work();
    const uint64_t work = cost.n_trie_steps + cost.n_list_steps + cost.n_race_moves;
    if (before != 0) {
      EXPECT_LT(static_cast<double>(work), 2.6 * static_cast<double>(before)) << n;
    }
    before = work;
  }
}

}  // namespace
}  // namespace tok
