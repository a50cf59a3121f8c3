// The premium equals its definition, for any number of threads; what cannot be compared is an error with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "src/measure/dominant_script.h"
#include "src/measure/premium/language_family.h"
#include "src/measure/premium/statistics.h"
#include "tests/support/bundled_tokenizer.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/measure/premium_reference.h"
#include "tok/measure_premium.h"

namespace tok {
namespace {

using ::testing::HasSubstr;

ParallelText TextOf(const std::string& rows) {
  const TempDir folder;
  return ReadParallelText({{"", folder.Write("x.jsonl", rows)}}).value();
}

// Some items are missing in some languages.
ParallelText Sample() {
  std::string rows;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i * i);
    rows += "{\"en\":\"All human beings are born free, article " + n + "\"";
    if (i % 3 != 0) rows += ",\"uk\":\"Всі люди народжуються вільними, " + n + std::string(i, '!') + "\"";
    if (i % 7 != 0) rows += ",\"my\":\"လူတိုင်းသည် တူညီ လွတ်လပ်သော " + n + "\"";
    rows += ",\"ja\":\"すべての人間は、生まれながらにして自由" + n + "\"}\n";
  }
  return TextOf(rows);
}

TEST(PremiumTest, EqualsItsDefinition) {
  const ParallelText text = Sample();
  const std::vector<NamedTokenizer> tokenizers = {{"gpt2", BundledTokenizer("gpt2")},
                                                  {"o200k_base", BundledTokenizer("o200k_base")}};
  const PremiumOptions options = {.reference = "en", .n_resamples = 50, .seed = 7};
  const auto report = MeasurePremium(tokenizers, text, options);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->languages.size(), 4u);
  EXPECT_EQ(report->n_items, 40u);
  for (size_t t = 0; t < tokenizers.size(); ++t) {
    std::vector<double> premiums;
    for (size_t l = 0; l < report->languages.size(); ++l) {
      const PremiumLanguage& language = report->languages[l];
      const LanguagePremium& measured = report->tokenizers[t].languages[l];
      const ReferencePremium expected =
          MeasureByDefinition(tokenizers[t].tokenizer, text, "en", language.code, 50, 7);
      EXPECT_EQ(language.n_items, expected.n_items) << language.code;
      EXPECT_EQ(language.complete, expected.n_items == 40);
      EXPECT_EQ(language.n_bytes, expected.n_bytes);
      EXPECT_EQ(measured.n_tokens, expected.n_tokens);
      EXPECT_EQ(measured.n_reference_tokens, expected.n_reference_tokens);
      EXPECT_EQ(measured.premium, expected.premium);
      EXPECT_EQ(measured.unknown_share, std::nullopt);
      if (language.code == "en") {
        EXPECT_EQ(measured.premium, 1);
        EXPECT_FALSE(measured.interval.has_value());
        continue;
      }
      premiums.push_back(measured.premium);
      ASSERT_TRUE(measured.interval.has_value());
      EXPECT_NEAR(measured.interval->low, expected.low, 1e-12);
      EXPECT_NEAR(measured.interval->high, expected.high, 1e-12);
      EXPECT_LE(measured.interval->low, measured.premium);
      EXPECT_GE(measured.interval->high, measured.premium);
    }
    const PremiumSummary& summary = report->tokenizers[t].summary;
    EXPECT_EQ(summary.n_languages, 3u);
    EXPECT_NEAR(summary.median, ReferenceQuantile(premiums, 0.5), 1e-12);
    EXPECT_NEAR(summary.p95, ReferenceQuantile(premiums, 0.95), 1e-12);
    EXPECT_EQ(summary.max, *std::max_element(premiums.begin(), premiums.end()));
    EXPECT_EQ(summary.max_language, "my");
    EXPECT_NEAR(summary.gini, ReferenceGini(premiums), 1e-12);
  }
}

TEST(PremiumTest, SameForAnyNumberOfThreads) {
  const ParallelText text = Sample();
  const std::vector<NamedTokenizer> tokenizers = {{"gpt2", BundledTokenizer("gpt2")}};
  PremiumOptions options = {.reference = "ja", .n_threads = 1};
  const std::string one = PremiumJson(MeasurePremium(tokenizers, text, options).value());
  options.n_threads = 3;
  EXPECT_EQ(PremiumJson(MeasurePremium(tokenizers, text, options).value()), one);
  options.seed = 1;
  EXPECT_NE(PremiumJson(MeasurePremium(tokenizers, text, options).value()), one);
}

TEST(PremiumTest, JsonIsTheContract) {
  const std::vector<NamedTokenizer> tokenizers = {{"a", BundledTokenizer("gpt2")}};
  const auto report = MeasurePremium(tokenizers, Sample(), {.reference = "en", .n_resamples = 0});
  const auto json = nlohmann::json::parse(PremiumJson(report.value()));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["reference"], "en");
  const auto& tokenizer = json["tokenizers"][0];
  EXPECT_EQ(tokenizer["tokenizer"], "a");
  for (const char* key : {"median", "p95", "max", "gini"}) EXPECT_TRUE(tokenizer[key].is_number()) << key;
  EXPECT_EQ(tokenizer["languages"].size(), 4u);
  for (const char* key : {"tokens", "bytes", "premium"})
    EXPECT_TRUE(tokenizer["languages"][0][key].is_number()) << key;
  EXPECT_EQ(tokenizer["languages"][0]["language"], "en");
  EXPECT_TRUE(tokenizer["languages"][1]["premium_low"].is_null());
  EXPECT_EQ(tokenizer["scripts"].size(), 3u);
}

TEST(PremiumTest, LanguagesAreChosen) {
  const ParallelText text = Sample();
  const std::vector<NamedTokenizer> tokenizers = {{"gpt2", BundledTokenizer("gpt2")}};
  const auto codes = [&](const PremiumOptions& options) {
    const auto report = MeasurePremium(tokenizers, text, options);
    std::string joined;
    if (!report.ok()) return std::string(report.status().message());
    for (const PremiumLanguage& language : report->languages) joined += language.code + " ";
    return joined;
  };
  EXPECT_EQ(codes({.reference = "en", .complete_only = true}), "en ja ");
  EXPECT_EQ(codes({.reference = "en", .languages = {"uk", "en"}}), "en uk ");
  EXPECT_THAT(codes({.reference = "de"}), HasSubstr("there are en, ja, my, uk"));
  EXPECT_THAT(codes({.reference = "en", .languages = {"xx"}}), HasSubstr("TOK-E040 xx"));
  EXPECT_THAT(codes({.reference = "en", .languages = {"uk"}, .complete_only = true}),
              HasSubstr("no language"));
  EXPECT_THAT(codes({.reference = "en", .languages = {"en"}}), HasSubstr("no language to compare"));
}

TEST(PremiumTest, ErrorsHaveAPlace) {
  const std::vector<NamedTokenizer> tokenizers = {{"gpt2", BundledTokenizer("gpt2")}};
  const auto apart = TextOf("{\"en\":\"one\"}\n{\"de\":\"eins\"}\n");
  EXPECT_THAT(std::string(MeasurePremium(tokenizers, apart, {.reference = "en"}).status().message()),
              HasSubstr("x.jsonl:2: language de has no item in common with en"));
  const auto special = TextOf("{\"en\":\"one\",\"de\":\"a\"}\n{\"en\":\"two\",\"de\":\"<|endoftext|>\"}\n");
  PremiumOptions options = {.reference = "en"};
  EXPECT_TRUE(MeasurePremium(tokenizers, special, options).ok()) << "plain text by default";
  options.encode.special = SpecialPolicy::Error();
  EXPECT_THAT(std::string(MeasurePremium(tokenizers, special, options).status().message()),
              HasSubstr("x.jsonl:2"));
}

TEST(PremiumTest, UnknownTokensAreCounted) {
  const TempDir folder;
  const auto tokenizer =
      Tokenizer::Load(folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\none\ntwo\n"));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto text = TextOf("{\"en\":\"one two\",\"de\":\"one zwei\"}\n");
  const auto report = MeasurePremium({{"words", *tokenizer}}, text, {.reference = "en"});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->tokenizers[0].languages[0].unknown_share, 0.5);
  EXPECT_EQ(report->tokenizers[0].languages[1].unknown_share, 0.0);
  EXPECT_FALSE(report->tokenizers[0].languages[0].interval.has_value()) << "one item";
}

TEST(PremiumStatisticsTest, SmallLists) {
  const std::vector<double> one = {3}, four = {1, 2, 3, 10};
  EXPECT_EQ(QuantileOfSorted(one, 0.95), 3);
  EXPECT_EQ(QuantileOfSorted(four, 0), 1);
  EXPECT_EQ(QuantileOfSorted(four, 0.5), 2.5);
  EXPECT_EQ(QuantileOfSorted(four, 1), 10);
  EXPECT_EQ(GiniOfSorted(one), 0);
  EXPECT_NEAR(GiniOfSorted(four), ReferenceGini(four), 1e-15);
  const std::vector<uint64_t> tokens = {1, 2}, none = {0, 0};
  EXPECT_FALSE(BootstrapRatio(tokens, none, 100, 1).has_value());
  EXPECT_FALSE(BootstrapRatio(tokens, tokens, 0, 1).has_value());
}

TEST(LanguageTest, ScriptsAndFamilies) {
  const auto script = [](const std::string& text) { return DominantScript(text); };
  EXPECT_EQ(script("Всі people, 2024!!!"), "Latin");
  EXPECT_EQ(script("Всі люди a"), "Cyrillic");
  EXPECT_EQ(script("123 !?"), "Common");
  EXPECT_EQ(script(""), "Common");
  EXPECT_EQ(LanguageFamily("deu"), "Indo-European");
  EXPECT_EQ(LanguageFamily("zh-CN"), "Sino-Tibetan");
  EXPECT_EQ(LanguageFamily("sr@latin"), "Indo-European");
  EXPECT_EQ(LanguageFamily("tur_Latn"), "Turkic");
  EXPECT_EQ(LanguageFamily("007"), "unknown");
  EXPECT_EQ(LanguageFamily(""), "unknown");
}

}  // namespace
}  // namespace tok
