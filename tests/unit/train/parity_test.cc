#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/train/parity/language_choice.h"
#include "tests/unit/train/parity_reference.h"
#include "tok/train_bpe.h"
#include "tok/train_parity.h"

namespace tok {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::vector<ParityLanguage> LanguagesOf(const std::vector<ReferenceLanguage>& texts) {
  std::vector<ParityLanguage> languages;
  for (const ReferenceLanguage& text : texts) {
    ParityLanguage language;
    language.name = std::string(1, static_cast<char>('A' + languages.size()));
    language.counts = TextPieces(text.text);
    if (!text.dev.empty()) language.dev = TextPieces(text.dev);
    language.ratio = text.ratio;
    languages.push_back(std::move(language));
  }
  return languages;
}

Pairs MergesOf(const TokenizerSpec& spec) {
  Pairs merges;
  for (const Merge& merge : std::get<BpeModelSpec>(spec.model).merges) {
    merges.emplace_back(spec.vocabulary.Bytes(merge.left), spec.vocabulary.Bytes(merge.right));
  }
  return merges;
}

ParityTraining Train(const std::vector<ReferenceLanguage>& texts, const ParityOptions& options) {
  absl::StatusOr<ParityTraining> training = TrainParity(LanguagesOf(texts), options);
  EXPECT_TRUE(training.ok()) << training.status().message();
  return *std::move(training);
}

// Languages of different alphabets that overlap.
std::vector<ReferenceLanguage> RandomLanguages(std::mt19937* random, bool with_dev) {
  std::vector<ReferenceLanguage> texts(1 + (*random)() % 4);
  for (ReferenceLanguage& text : texts) {
    std::vector<std::string> letters;
    const size_t first = (*random)() % 4, n = 1 + (*random)() % 4;
    for (size_t i = 0; i < n; ++i) letters.emplace_back(1, static_cast<char>('a' + first + i));
    text.text = RandomPieces(letters, 1 + (*random)() % 30, 1 + (*random)() % 12, random);
    if (with_dev) {
      text.dev = RandomPieces(letters, 1 + (*random)() % 10, 8, random);
    } else if ((*random)() % 2 == 0) {
      text.ratio = 0.5 + static_cast<double>((*random)() % 4) / 2;
    }
  }
  return texts;
}

TEST(ParityTest, EqualsTheReference) {
  size_t n_merges = 0;
  for (uint32_t seed = 0; seed < 600; ++seed) {
    std::mt19937 random(seed);
    const std::vector<ReferenceLanguage> texts = RandomLanguages(&random, seed % 2 == 0);
    ParityOptions options;
    options.bpe.vocab_size = 10 + random() % 80;
    options.bpe.min_frequency = random() % 4;
    options.n_global_merges = seed % 3 == 0 ? random() % 20 : 0;
    options.window = seed % 5 == 0 ? 0 : 1 + random() % 12;
    options.alpha = 1 + random() % 2;
    options.bpe.n_threads = 1;
    const ParityTraining training = Train(texts, options);
    std::vector<std::string> alphabet;
    for (TokenId id = 0; id < training.report.n_alphabet; ++id) {
      alphabet.emplace_back(training.spec.vocabulary.Bytes(id));
    }
    const Pairs merges = MergesOf(training.spec);
    EXPECT_THAT(merges, testing::ElementsAreArray(ParityReference(texts, alphabet, options).Run()))
        << "seed " << seed;
    EXPECT_EQ(training.report.n_merges, merges.size());
    n_merges += merges.size();
  }
  EXPECT_GT(n_merges, 6000u);
}

TEST(ParityTest, OfOneLanguageIsBpe) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    const CountedStrings pieces = RandomPieces({"a", "b", "c", "é"}, 60, 14, &random);
    ParityOptions options;
    options.bpe.vocab_size = 120;
    options.bpe.max_token_length = seed % 3 == 0 ? 5 : 0;
    if (seed % 4 == 1) options.bpe.special_tokens = {"ab", "<s>"};  // "ab" is merged too
    const absl::StatusOr<BpeTraining> bpe = TrainBpe(TextPieces(pieces), options.bpe);
    ASSERT_TRUE(bpe.ok());
    // Hugging Face merges a pair that came back to life otherwise: only its merges without collisions are the definition's.
    if (bpe->report.has_collisions) continue;
    EXPECT_EQ(MergesOf(Train({{pieces, {}}}, options).spec), MergesOf(bpe->spec)) << "seed " << seed;
  }
}

// English has ten times the text of the other, which plain BPE would hardly learn.
TEST(ParityTest, HelpsTheWorstCompressedLanguage) {
  std::mt19937 random(1);
  CountedStrings rich = RandomPieces({"a", "b", "c", "d"}, 300, 10, &random);
  for (auto& [bytes, count] : rich) count *= 10;
  const CountedStrings poor = RandomPieces({"x", "y", "z", "w"}, 300, 10, &random);
  ParityOptions options;
  options.bpe.vocab_size = 100;
  const auto gap = [](const ParityTraining& training) {
    const auto compression = [](const ParityTraining::Language& language) {
      return static_cast<double>(language.n_symbols) / static_cast<double>(language.n_tokens);
    };
    return compression(training.languages[0]) / compression(training.languages[1]);
  };
  const ParityTraining parity = Train({{rich, {}}, {poor, {}}}, options);
  EXPECT_NEAR(gap(parity), 1, 0.02);
  EXPECT_EQ(parity.languages[0].n_steps + parity.languages[1].n_steps, parity.report.n_merges);
  options.n_global_merges = 1000;
  EXPECT_GT(gap(Train({{rich, {}}, {poor, {}}}, options)), 1.4);
  options.n_global_merges = 0;
  EXPECT_NEAR(gap(Train({{rich, {}, 1.5}, {poor, {}}}, options)), 1.5, 0.05);
}

TEST(LanguageChoiceTest, WhoHadMoreThanAlphaSharesOfTheWindowIsPassedOver) {
  LanguageChoice choice(3, /*window=*/6, /*alpha=*/1);
  const std::vector<bool> all(3, true);
  std::vector<size_t> chosen;
  for (int i = 0; i < 12; ++i) {
    chosen.push_back(*choice.Next(std::vector<double>{3, 2, 1}, all));
    choice.Note(chosen.back());
  }
  EXPECT_THAT(chosen, testing::ElementsAre(0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 1, 1));
  EXPECT_EQ(choice.Next(std::vector<double>{3, 2, 1}, {false, true, false}), 1u);
  EXPECT_EQ(choice.Next(std::vector<double>{3, 2, 1}, {false, false, false}), std::nullopt);
}

TEST(ParityTest, BadLanguagesAreErrors) {
  const CountedStrings pieces = {{"ab", 2}};
  const auto code = [](std::vector<ParityLanguage> languages, const ParityOptions& options) {
    return ErrorCodeOf(TrainParity(languages, options).status());
  };
  EXPECT_EQ(code({}, {}), ErrorCode::kUsage);
  EXPECT_EQ(code(LanguagesOf({{pieces, {}}, {{}, {}}}), {}), ErrorCode::kUsage);
  EXPECT_EQ(code(LanguagesOf({{pieces, pieces}, {pieces, {}}}), {}), ErrorCode::kUsage);
  EXPECT_EQ(code(LanguagesOf({{pieces, {}, 0}}), {}), ErrorCode::kUsage);
  EXPECT_EQ(code(LanguagesOf({{pieces, {}, std::numeric_limits<double>::quiet_NaN()}}), {}),
            ErrorCode::kUsage);
  EXPECT_EQ(code(LanguagesOf({{pieces, pieces, 2}}), {}), ErrorCode::kUsage);
  EXPECT_EQ(code(LanguagesOf({{pieces, {}}}), {.alpha = 0}), ErrorCode::kUsage);
}

TEST(ParityTest, CountsThatWereCutOtherwiseAreErrors) {
  const std::vector<ParityLanguage> alike =
      LanguagesOf({{{{"ab", 2}}, {{"ab", 2}}}, {{{"ab", 2}}, {{"ab", 2}}}});
  const auto as_if = [](const PieceCounts& counts, const PieceCounts::Origin& origin) {
    return PieceCounts(origin, counts.blob(), counts.ends(), counts.counts(),
                       std::make_shared<PieceCounts>(counts));
  };
  PieceCounts::Origin lines = alike[0].counts.origin(), other_rules = lines;
  lines.sequence_unit = "lines";
  other_rules.rules.normalizers = {normalizer::Lowercase{}};
  const auto code = [&](const auto& change) {
    std::vector<ParityLanguage> languages = alike;
    change(&languages[1]);
    return ErrorCodeOf(TrainParity(languages, {}).status());
  };
  EXPECT_EQ(code([](ParityLanguage*) {}), ErrorCode::kNone);
  EXPECT_EQ(code([&](auto* l) { l->counts = as_if(l->counts, lines); }), ErrorCode::kUsage);
  EXPECT_EQ(code([&](auto* l) { l->counts = as_if(l->counts, other_rules); }), ErrorCode::kUsage);
  EXPECT_EQ(code([&](auto* l) { l->dev = as_if(*l->dev, other_rules); }), ErrorCode::kUsage);
  // Nothing is learned from a development text: how it was put into documents does not matter.
  EXPECT_EQ(code([&](auto* l) { l->dev = as_if(*l->dev, lines); }), ErrorCode::kNone);
}

TEST(ParityTest, OptionsAreCheckedWithoutCounts) {
  const auto code = [](const ParityOptions& options, std::vector<ParityLanguage> languages) {
    return ErrorCodeOf(CheckTrainerOptions(options, languages));
  };
  EXPECT_EQ(code({}, {{.name = "a", .ratio = 2}, {.name = "b"}}), ErrorCode::kNone);
  EXPECT_EQ(code({}, {}), ErrorCode::kUsage);
  EXPECT_EQ(code({.alpha = 0}, {{.name = "a"}}), ErrorCode::kUsage);
  EXPECT_EQ(code({}, {{.name = "a", .ratio = -1}}), ErrorCode::kUsage);
  EXPECT_EQ(code({}, {{.name = "a", .dev = PieceCounts()}, {.name = "b"}}), ErrorCode::kUsage);
  EXPECT_EQ(code({.bpe = {.n_memory_bytes = 1 << 20}}, {{.name = "a"}}), ErrorCode::kLimit);
}

}  // namespace
}  // namespace tok
