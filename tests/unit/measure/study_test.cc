#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"
#include "tok/formats.h"
#include "tok/measure_study.h"
#include "tok/tokenizer.h"
#include "tok/train_bpe.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

// Words of a made-up language, the frequent ones often.
std::string Text(const std::string& letters, unsigned seed, size_t n_words) {
  std::string text;
  uint32_t state = seed;
  const auto next = [&state] { return state = state * 1664525u + 1013904223u, state >> 8; };
  for (size_t i = 0; i < n_words; ++i) {
    uint32_t word = next() % (1 + next() % 300);
    text += ' ';
    do text += letters.substr(word % (letters.size() / 2) * 2, 2);
    while ((word /= 3) > 0);
    if (i % 9 == 8) text += ".\n";
  }
  return text;
}

PieceCounts Count(const std::string& text) {
  PieceCounter counter = *PieceCounter::Create(*ByteLevelRules("o200k"), {});
  const std::string_view view = text;
  EXPECT_TRUE(counter.Add(std::span(&view, 1)).ok());
  return *std::move(counter).Finish();
}

// "б" and the like are two bytes, so that both alphabets are cut alike.
const std::string kLatin = "aeioubcdfghklmnprstvwz", kCyrillic = "абвгдежзиклмнопр";

TEST(StudyTest, PrefixCutsEqualSeparateTrainings) {
  const PieceCounts counts = Count(Text(kLatin, 1, 5000));
  BpeTrainerOptions options;
  options.special_tokens = {"<s>", "</s>"};
  options.vocab_size = 600;
  const TokenizerSpec whole = TrainBpe(counts, options)->spec;
  for (const uint32_t size : {258u, 259u, 300u, 451u, 600u, 1000u}) {
    options.vocab_size = std::min(size, 600u);
    const TokenizerSpec separate = TrainBpe(counts, options)->spec;
    EXPECT_EQ(SpecIdentityHash(*PrefixCut(whole, size)), SpecIdentityHash(separate)) << size;
  }
  EXPECT_EQ(ErrorCodeOf(PrefixCut(whole, 257).status()), ErrorCode::kUsage);
  EXPECT_EQ(ErrorCodeOf(PrefixCut(*ReadBundled("cl100k_base"), 1000).status()),
            ErrorCode::kUnsupportedFeature);
}

TEST(StudyTest, FitsFindTheirLaw) {
  std::vector<StudyPoint> points;
  for (uint32_t size = 512; size <= 65536; size *= 2) {
    const double count = 5e6 * std::pow(size, -0.4) + 20000;
    points.push_back({size, size, static_cast<uint64_t>(std::llround(count))});
  }
  const PowerLaw law = FitPowerLaw(points);
  EXPECT_NEAR(law.b, 0.4, 0.005);
  EXPECT_NEAR(law.c, 20000, 500);
  EXPECT_LT(law.rmse, 2);
  EXPECT_NEAR(law.SizeOf(law.At(3000)), 3000, 0.01);
  EXPECT_TRUE(std::isinf(law.SizeOf(law.c)));
}

ParallelText Parallel() {
  ParallelText text;
  text.files = {"made"};
  for (const auto& [code, letters] : {std::pair("cyr", kCyrillic), std::pair("lat", kLatin)}) {
    ParallelLanguage language;
    language.code = code;
    for (unsigned item = 0; item < 20; ++item) {
      // The last item is one that the other language lacks.
      if (item == 19 && language.code == "lat") continue;
      const std::string bytes = Text(letters, 100 + item, 40 + (language.code == "cyr" ? 10 : 0));
      language.items.push_back(
          {item, {language.bytes.size(), language.bytes.size() + bytes.size()}, item + 1, 0});
      language.bytes += bytes;
    }
    text.languages.push_back(language);
  }
  text.n_items = 20;
  return text;
}

TEST(StudyTest, CountsAreThoseOfTrainingsAndSizesAreChosen) {
  std::vector<StudyLanguage> languages;
  languages.push_back({"lat", Count(Text(kLatin, 1, 5000))});
  languages.push_back({"cyr", Count(Text(kCyrillic, 2, 5000))});
  const ParallelText text = Parallel();
  const StudyOptions options = {.sizes = {280, 320, 400, 520}, .common_size = 400, .n_targets = 9};
  const StudyReport report = *MeasureStudy(languages, text, options);
  EXPECT_EQ(report.n_items, 19u);
  std::vector<double> common;
  for (size_t l = 0; l < languages.size(); ++l) {
    for (size_t i = 0; i < options.sizes.size(); ++i) {
      BpeTrainerOptions training;
      training.vocab_size = options.sizes[i];
      const Tokenizer tokenizer = *Tokenizer::Create(TrainBpe(languages[l].counts, training)->spec);
      const ParallelLanguage& parallel = *text.Find(languages[l].name);
      uint64_t count = 0;
      for (size_t item = 0; item < 19; ++item) count += *tokenizer.Count(parallel.Text(item));
      EXPECT_EQ(report.curves[l].points[i].count, count);
      if (options.sizes[i] == 400) common.push_back(static_cast<double>(count));
    }
  }
  EXPECT_DOUBLE_EQ(report.common_variance, (common[0] - common[1]) * (common[0] - common[1]) / 2);
  for (const StudyTarget& target : report.targets) {
    EXPECT_GE(target.variance, report.targets[report.best].variance);
    for (const StudyPoint& choice : target.choices) {
      EXPECT_GE(choice.size, 280u);
      EXPECT_LE(choice.size, 520u);
    }
  }
  EXPECT_GT(report.Reduction(), 1);
}

TEST(StudyTest, SuperwordsAreTrainedBeside) {
  const TempDir folder;
  std::vector<StudyLanguage> languages;
  for (const auto& [name, letters] : {std::pair("lat", kLatin), std::pair("cyr", kCyrillic)}) {
    const std::string path = folder.Write(std::string(name) + ".txt", Text(letters, 1, 3000));
    languages.push_back({name, Count(Text(letters, 1, 3000)), {path}});
  }
  const ParallelText text = Parallel();
  StudyOptions options = {.sizes = {300, 400, 500}, .common_size = 400, .n_targets = 2};
  EXPECT_FALSE(MeasureStudy(languages, Parallel(), options)->superword_variance.has_value());
  options.superwords = CountPiecesOptions{.split = *DocumentSplit::Parse("lines-lf")};
  const StudyReport report = *MeasureStudy(languages, Parallel(), options);
  for (size_t l = 0; l < languages.size(); ++l) {
    SuperBpeOptions training;
    training.bpe.vocab_size = 400;
    training.transition = 360;
    training.corpus = *options.superwords;
    const Tokenizer tokenizer = *Tokenizer::Create(TrainSuperBpe(languages[l].inputs, training)->spec);
    const ParallelLanguage& parallel = *text.Find(languages[l].name);
    uint64_t count = 0;
    for (size_t item = 0; item < 19; ++item) count += *tokenizer.Count(parallel.Text(item));
    EXPECT_EQ(report.curves[l].superwords[1].count, count);
  }
  EXPECT_GT(*report.superword_variance, 0);
}

TEST(StudyTest, WhatIsNoStudyIsRefused) {
  std::vector<StudyLanguage> languages;
  languages.push_back({"lat", Count(Text(kLatin, 1, 100))});
  const auto code = [&](const StudyOptions& options) {
    return ErrorCodeOf(MeasureStudy(languages, Parallel(), options).status());
  };
  EXPECT_EQ(code({}), ErrorCode::kUsage);  // one language
  languages.push_back({"none", Count(Text(kLatin, 2, 100))});
  EXPECT_EQ(code({}), ErrorCode::kUsage);  // not in the parallel text
  languages[1].name = "cyr";
  EXPECT_EQ(code({.sizes = {300, 400}, .common_size = 300}), ErrorCode::kUsage);
  EXPECT_EQ(code({.sizes = {300, 500, 400}, .common_size = 300}), ErrorCode::kUsage);
  EXPECT_EQ(code({.sizes = {300, 400, 500}, .common_size = 333}), ErrorCode::kUsage);
  EXPECT_EQ(code({.sizes = {300, 400, 500}, .common_size = 300, .n_targets = 1}), ErrorCode::kUsage);
}

}  // namespace
}  // namespace tok
