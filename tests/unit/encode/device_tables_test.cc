// What is encoded on a GPU, and what is refused.
#include "src/encode/device_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tok/batch_encoder.h"

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

TEST(DeviceTablesTest, LimitsAreSaidByTheirCode) {
  const auto tokenizer = Tokenizer::Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  EXPECT_TRUE(CheckForGpu(*tokenizer).ok());
  const TokenizerSpec& spec = tokenizer->spec();
  const auto code = [](TokenizerSpec changed) {
    const auto made = Tokenizer::Create(std::move(changed));
    EXPECT_TRUE(made.ok()) << made.status();
    return ErrorCodeOf(CheckForGpu(*made));
  };
  for (const auto& [id, expected] :
       {std::pair(kMaxDeviceIds - 1, ErrorCode::kNone), std::pair(kMaxDeviceIds, ErrorCode::kLimit)}) {
    TokenizerSpec high = spec;
    high.added_tokens.push_back({.id = static_cast<TokenId>(id), .content = "[high]"});
    EXPECT_EQ(code(high), expected) << id;
  }
  for (const auto& [n_bytes, expected] : {std::pair(kMaxDeviceTokenBytes, ErrorCode::kNone),
                                          std::pair(kMaxDeviceTokenBytes + 1, ErrorCode::kLimit)}) {
    VocabularyBuilder builder;
    for (TokenId id = 0; id < spec.vocabulary.size(); ++id)
      ASSERT_TRUE(builder.Add(id, spec.vocabulary.Bytes(id), spec.vocabulary.Kind(id)).ok());
    ASSERT_TRUE(builder.Add(static_cast<TokenId>(spec.vocabulary.size()), std::string(n_bytes, 'x')).ok());
    TokenizerSpec longer = spec;
    longer.vocabulary = *std::move(builder).Build();
    EXPECT_EQ(code(longer), expected) << n_bytes;
  }
}

}  // namespace
}  // namespace tok
