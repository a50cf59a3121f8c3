// A trimmed tokenizer gives the same tokens under new numbers, for every text whose tokens were kept.
#include "tok/trim.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr std::string_view kText =
    "The evening ships arrive; their captains' words aren't heard in 12345 harbours.\n\n"
    "for (size_t i = 0; i < n; ++i) total += values[i];  // h\u00e9llo w\u00f6rld \u6f22\u5b57 \U0001F600\n";

const char* const kTokenizers[] = {"gpt2", "o200k_base", TOK_SOURCE_DIR "/tests/cli/data/tiny.json"};

TEST(TrimTest, KeptTextsKeepTheirTokens) {
  for (const char* name : kTokenizers) {
    const auto before = Tokenizer::Load(name);
    ASSERT_TRUE(before.ok()) << before.status();
    const auto ids = before->Encode(kText);
    ASSERT_TRUE(ids.ok()) << ids.status();
    const auto trimmed = TrimTokenizer(before->spec(), *ids);
    ASSERT_TRUE(trimmed.ok()) << trimmed.status();
    EXPECT_EQ(trimmed->n_wanted, std::set<TokenId>(ids->begin(), ids->end()).size());
    EXPECT_EQ(trimmed->spec.vocabulary.n_tokens(),
              trimmed->n_wanted + trimmed->n_derivation + trimmed->n_required);
    EXPECT_LT(trimmed->spec.vocabulary.n_tokens(), before->vocabulary().n_tokens());
    const auto after = Tokenizer::Create(trimmed->spec);
    ASSERT_TRUE(after.ok()) << after.status();
    std::vector<TokenId> expected;
    for (const TokenId id : *ids) expected.push_back(trimmed->new_ids[id]);
    const auto new_ids = after->Encode(kText);
    ASSERT_TRUE(new_ids.ok()) << new_ids.status();
    EXPECT_EQ(*new_ids, expected) << name;
    EXPECT_EQ(*after->Decode(*new_ids), kText);
    // Whatever else is encoded still comes back.
    const std::string other = "entirely different text \u00df \xF0\x9F\x90\x8B 987";
    EXPECT_EQ(*after->Decode(*after->Encode(other)), other);
  }
}

TEST(TrimTest, NumbersFollowTheOldOrderAndSpecialsStay) {
  const auto before = Tokenizer::Load("gpt2");
  ASSERT_TRUE(before.ok());
  const auto trimmed = TrimTokenizer(before->spec(), *before->Encode("the ships"));
  ASSERT_TRUE(trimmed.ok());
  TokenId next = 0;
  for (TokenId id = 0; id < trimmed->new_ids.size(); ++id) {
    if (trimmed->new_ids[id] == kNoToken) continue;
    EXPECT_EQ(trimmed->new_ids[id], next++);
    EXPECT_EQ(trimmed->spec.vocabulary.Bytes(trimmed->new_ids[id]), before->vocabulary().Bytes(id));
  }
  EXPECT_EQ(next, trimmed->spec.vocabulary.size());
  ASSERT_EQ(trimmed->spec.added_tokens.size(), before->spec().added_tokens.size());
  EXPECT_EQ(trimmed->spec.added_tokens[0].id, trimmed->new_ids[before->spec().added_tokens[0].id]);
}

TEST(TrimTest, DerivationsAreKept) {
  // "abcd" is made of "ab" and "cd"; "bc" is a token that merging never passes through.
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  TokenId id = 0;
  for (const char* token : {"a", "b", "c", "d", "ab", "cd", "bc", "abcd"})
    ASSERT_TRUE(builder.Add(id++, token).ok());
  spec.vocabulary = *std::move(builder).Build();
  BpeModelSpec model;
  model.merges = {{0, 1}, {2, 3}, {1, 2}, {4, 5}};
  spec.model = model;
  const std::vector<TokenId> keep = {7};
  const auto trimmed = TrimTokenizer(spec, keep);
  ASSERT_TRUE(trimmed.ok()) << trimmed.status();
  EXPECT_EQ(trimmed->new_ids, (std::vector<TokenId>{0, 1, 2, 3, 4, 5, kNoToken, 6}));
  EXPECT_EQ(std::get<BpeModelSpec>(trimmed->spec.model).merges, (std::vector<Merge>{{0, 1}, {2, 3}, {4, 5}}));
  EXPECT_EQ(trimmed->n_derivation, 2u);
}

TEST(TrimTest, TheLastOfEqualPairsDecidesAsItDoesInTheModel) {
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  TokenId id = 0;
  for (const char* token : {"a", "b", "c", "ab", "bc", "abc"}) ASSERT_TRUE(builder.Add(id++, token).ok());
  spec.vocabulary = *std::move(builder).Build();
  // By its second place "a" + "b" comes after "b" + "c", so "abc" is made of "a" and "bc".
  spec.model = BpeModelSpec{.merges = {{0, 1}, {1, 2}, {0, 1}, {0, 4}, {3, 2}}};
  const auto trimmed = TrimTokenizer(spec, std::vector<TokenId>{5});
  ASSERT_TRUE(trimmed.ok()) << trimmed.status();
  EXPECT_EQ(trimmed->new_ids, (std::vector<TokenId>{0, 1, 2, kNoToken, 3, 4}));
}

TEST(TrimTest, LongTokensAreDerivedToo) {
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  BpeModelSpec bpe;
  for (TokenId id = 0; id <= 14; ++id) {
    ASSERT_TRUE(builder.Add(id, std::string(size_t{1} << id, 'a')).ok());
    if (id > 0) bpe.merges.push_back({id - 1, id - 1});
  }
  spec.vocabulary = *std::move(builder).Build();
  spec.model = bpe;
  const auto trimmed = TrimTokenizer(spec, std::vector<TokenId>{14});
  ASSERT_TRUE(trimmed.ok()) << trimmed.status();
  EXPECT_EQ(trimmed->spec.vocabulary.n_tokens(), 15u);
}

TEST(TrimTest, UnknownIdsAreRefused) {
  const auto before = Tokenizer::Load("gpt2");
  ASSERT_TRUE(before.ok());
  const std::vector<TokenId> keep = {50257};
  EXPECT_EQ(ErrorCodeOf(TrimTokenizer(before->spec(), keep).status()), ErrorCode::kInvalidId);
}

}  // namespace
}  // namespace tok
