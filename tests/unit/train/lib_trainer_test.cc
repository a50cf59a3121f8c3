// The LiB trainer against its reference, on random corpora and on prose, and what its options and callers may do.
#include "src/train/lib/lib_trainer.h"

#include <gtest/gtest.h>

#include <limits>

#include "src/base/hash.h"
#include "src/train/lib/lib_reference.h"
#include "tests/unit/train/lib_corpora.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

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

}  // namespace
}  // namespace tok
