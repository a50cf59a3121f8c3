// What is encoded on a GPU, and what is refused.
#include "src/encode/device_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tok {
namespace {

using ::testing::HasSubstr;

TEST(DeviceTablesTest, KnownPatternsOfBytes) {
  const std::pair<const char*, PatternFamily> cases[] = {{"gpt2", PatternFamily::kGpt2},
                                                         {"cl100k_base", PatternFamily::kCl100k},
                                                         {"o200k_base", PatternFamily::kO200k}};
  for (const auto& [name, family] : cases) {
    const auto tokenizer = Tokenizer::Load(name);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    const auto tables = DeviceTablesOf(*tokenizer);
    ASSERT_TRUE(tables.ok()) << tables.status();
    EXPECT_EQ(tables->family, family) << name;
    EXPECT_GT(tables->merges->n_rules(), 49'000u);
    EXPECT_EQ(tokenizer->vocabulary().Bytes(tables->byte_ids['a']), "a");
  }
}

TEST(DeviceTablesTest, OthersAreRefused) {
  const auto tokenizer = Tokenizer::Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  TokenizerSpec spec = tokenizer->spec();
  const auto refusal = [](TokenizerSpec changed) {
    const auto made = Tokenizer::Create(std::move(changed));
    EXPECT_TRUE(made.ok()) << made.status();
    return std::string(DeviceTablesOf(*made).status().message());
  };
  TokenizerSpec normalized = spec;
  normalized.normalizers.push_back(normalizer::Lowercase{});
  EXPECT_THAT(refusal(normalized), HasSubstr("a normalizer is not done on a GPU"));
  TokenizerSpec unsplit = spec;
  unsplit.pre_tokenizers.clear();
  EXPECT_THAT(refusal(unsplit), HasSubstr("no pattern"));
  TokenizerSpec digits = spec;
  digits.pre_tokenizers.insert(digits.pre_tokenizers.begin(), pretokenizer::Digits{});
  EXPECT_THAT(refusal(digits), HasSubstr("pre-tokenizer"));
}

}  // namespace
}  // namespace tok
