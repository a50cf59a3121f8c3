#include "src/model/bpe/superword_bpe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "src/model/bpe/bpe_reference.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr std::string_view kAlphabet = "ab .\n\xC3\xA9";

// All bytes, and merges of random tokens over a small alphabet. `in_order`: no rule comes before those that make its sides.
TokenizerSpec RandomSpec(std::mt19937_64* random, bool in_order) {
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  spec.pre_tokenizers = {
      pretokenizer::Split{{true, R"(\d+)"}},
      pretokenizer::ByteLevel{.add_prefix_space = false, .use_regex = false, .trim_offsets = false}};
  spec.decoder.steps = {decoder::ByteLevel{}};
  VocabularyBuilder builder;
  std::vector<std::string> tokens;
  for (int b = 0; b < 256; ++b) tokens.emplace_back(1, static_cast<char>(b));
  BpeModelSpec model;
  std::vector<TokenId> pool;
  for (const char c : kAlphabet) pool.push_back(static_cast<unsigned char>(c));
  const size_t n_merges = 1 + (*random)() % 40;
  while (model.merges.size() < n_merges) {
    const Merge merge{pool[(*random)() % pool.size()], pool[(*random)() % pool.size()]};
    const std::string token = tokens[merge.left] + tokens[merge.right];
    if (std::find(tokens.begin(), tokens.end(), token) != tokens.end()) {
      if ((*random)() % 8 == 0) break;
      continue;
    }
    pool.push_back(static_cast<TokenId>(tokens.size()));
    tokens.push_back(token);
    model.merges.push_back(merge);
  }
  if (!in_order) std::shuffle(model.merges.begin(), model.merges.end(), *random);
  for (TokenId id = 0; id < tokens.size(); ++id) EXPECT_TRUE(builder.Add(id, tokens[id]).ok());
  spec.vocabulary = *std::move(builder).Build();
  spec.model = std::move(model);
  return spec;
}

std::string RandomText(std::mt19937_64* random) {
  const std::vector<std::string> parts = {"a", "b",  "ab",     " ",      " ", " a",
                                          ".", "\n", "\u00E9", "\u00A0", "  "};
  std::string text;
  for (uint64_t n = (*random)() % 200; n > 0; --n) text += parts[(*random)() % parts.size()];
  return text;
}

class SuperwordBpeTest : public testing::TestWithParam<bool> {};

TEST_P(SuperwordBpeTest, EqualsTheMergesOfTheWholePiece) {
  size_t n_superwords = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    std::mt19937_64 random(seed);
    const TokenizerSpec spec = RandomSpec(&random, GetParam());
    const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Create(spec);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    for (const std::string& line : tokenizer->Describe()) n_superwords += line.find("words by") != line.npos;
    for (int i = 0; i < 10; ++i) {
      const std::string text = RandomText(&random);
      std::vector<TokenId> bytes;
      for (const char c : text) bytes.push_back(static_cast<unsigned char>(c));
      const std::vector<TokenId> expected = EncodeByMergesReference(
          spec.vocabulary, std::get<BpeModelSpec>(spec.model).merges, std::move(bytes));
      ASSERT_EQ(*tokenizer->Encode(text), expected) << seed << ": " << testing::PrintToString(text);
      const absl::StatusOr<Encoding> with_spans = tokenizer->EncodeWithSpans(text);
      ASSERT_EQ(with_spans->ids, expected);
      for (size_t t = 0; t < expected.size(); ++t) {
        const Span span = with_spans->spans[t];
        ASSERT_EQ(text.substr(span.begin, span.size()), spec.vocabulary.Bytes(expected[t]));
      }
    }
  }
  // Lists in another order are merged as a whole.
  EXPECT_GT(n_superwords, GetParam() ? 200u : 10u);
  EXPECT_LT(n_superwords, 390u);
}

INSTANTIATE_TEST_SUITE_P(Orders, SuperwordBpeTest, testing::Values(true, false));

}  // namespace
}  // namespace tok
