// Rules that come before those which make their parts: what a pair makes merges on before the pair's next occurrence does, so
// that merging all occurrences at once would give other ids. Of tokenizers in use none is known to have text that shows it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/gpu/gpu_run.h"
#include "tests/support/repeated.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {
namespace {

class DeviceMergesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasGpu()) GTEST_SKIP() << "no GPU here";
  }
};

using Rules = std::vector<std::pair<std::string, std::string>>;  // what merges, the first before all others

// All bytes, and what the rules make; words are pieces.
TokenizerSpec SpecOf(const Rules& rules) {
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  spec.pre_tokenizers = {pretokenizer::ByteLevel{.add_prefix_space = false}};
  spec.decoder.steps = {decoder::ByteLevel{}};
  std::map<std::string, TokenId> ids;
  VocabularyBuilder builder;
  const auto id_of = [&](const std::string& token) {
    const auto [at, is_new] = ids.try_emplace(token, static_cast<TokenId>(ids.size()));
    if (is_new) {
      EXPECT_TRUE(builder.Add(at->second, token).ok());
    }
    return at->second;
  };
  for (int byte = 0; byte < 256; ++byte) id_of(std::string(1, static_cast<char>(byte)));
  BpeModelSpec model;
  for (const auto& [left, right] : rules) {
    model.merges.push_back({id_of(left), id_of(right)});
    id_of(left + right);
  }
  spec.vocabulary = *std::move(builder).Build();
  spec.model = std::move(model);
  return spec;
}

// Documents that are left to the host fail too.
void ExpectAllOnGpu(const Rules& rules, const std::vector<std::string>& documents) {
  const auto tokenizer = Tokenizer::Create(SpecOf(rules));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto encoder = DeviceEncoder::Create(*tokenizer);
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  EXPECT_EQ(ExpectSameAsCpu(*encoder, documents, RunOnGpu(*encoder, documents)), documents.size());
}

// "ab" merges with the "c" behind it before the next "ab" is there to take it.
TEST_F(DeviceMergesTest, WhatAPairMakesMergesBeforeItsNextOccurrence) {
  std::vector<std::string> documents;
  for (const size_t n : {5, 10, 32, 33, 64, 100, 128, 129, 1000, 1024, 1025, 3000}) {
    for (const char* unit : {"abcab", "abcabx"}) documents.push_back(Repeated(unit, n).substr(0, n));
  }
  ExpectAllOnGpu({{"c", "ab"}, {"ab", "c"}, {"a", "b"}}, documents);
}

// Tokens of fifteen bytes, from the piece's begin on. The windows of a long piece lie at multiples of 768, so that they share none
// of them, and end with other tokens. An "x" now and then is shared, and breaks the rhythm.
TEST_F(DeviceMergesTest, TokensThatGrowFromTheLeft) {
  std::vector<std::string> documents;
  for (const size_t n : {30, 33, 100, 128, 1000, 1024, 1025, 1800, 2600, 5000, 20'000}) {
    const std::string run = Repeated("abc", n).substr(0, n);
    for (const std::string& document : {run, "b" + run, run + "a"}) documents.push_back(document);
  }
  for (const size_t n : {300, 500, 700, 900, 2900})
    documents.push_back(Repeated(Repeated("abc", n).substr(0, n) + "x", 20'000).substr(0, 20'000));
  ExpectAllOnGpu({{"abcabcabcabc", "abc"},
                  {"abcabcabc", "abc"},
                  {"abcabc", "abc"},
                  {"abc", "abc"},
                  {"a", "b"},
                  {"ab", "c"}},
                 documents);
}

// Tokens that no overlap of windows has room for: no way is found, and nothing else is disturbed.
TEST_F(DeviceMergesTest, TokensLongerThanOverlapsAreTheHosts) {
  Rules rules;
  for (size_t n = 1; n <= 512; n *= 2) rules.emplace_back(std::string(n, 'a'), std::string(n, 'a'));
  const auto tokenizer = Tokenizer::Create(SpecOf(rules));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto encoder = DeviceEncoder::Create(*tokenizer);
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  const std::string run(5000, 'a');
  const std::vector<std::string> documents = {"xay", "b" + run, "", "aab", run + "b", std::string(1024, 'a')};
  const GpuRun done = RunOnGpu(*encoder, documents);
  EXPECT_EQ(ExpectSameAsCpu(*encoder, documents, done), documents.size() - 2);
  EXPECT_EQ(done.statuses[1], DocumentStatus::kNeedsHost);
  EXPECT_EQ(done.statuses[4], DocumentStatus::kNeedsHost);
}

Rules RandomRules(std::mt19937* random) {
  std::vector<std::string> parts = {"a", "b", "c"};
  Rules rules;
  while (rules.size() < 40) {
    const std::pair<std::string, std::string> rule = {parts[(*random)() % parts.size()],
                                                      parts[(*random)() % parts.size()]};
    const std::string product = rule.first + rule.second;
    if (product.size() > 12 || std::ranges::find(rules, rule) != rules.end()) continue;
    rules.push_back(rule);
    parts.push_back(product);
  }
  std::shuffle(rules.begin(), rules.end(), *random);
  return rules;
}

TEST_F(DeviceMergesTest, RulesInAnyOrder) {
  std::mt19937 random(1);
  for (int round = 0; round < 12; ++round) {
    const Rules rules = RandomRules(&random);
    std::vector<std::string> documents;
    for (const size_t most : {32, 128, 1024, 4000}) {
      for (int i = 0; i < 40; ++i) {
        std::string& document = documents.emplace_back();
        for (size_t n = most / 4 + random() % (most * 3 / 4 + 1); n > 0; --n)
          document.push_back("abc"[random() % 3]);
      }
    }
    ExpectAllOnGpu(rules, documents);
  }
}

}  // namespace
}  // namespace tok::cuda
