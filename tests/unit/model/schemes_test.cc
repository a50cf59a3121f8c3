#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/model/schemes/schemes_reference.h"
#include "tok/scheme.h"
#include "tok/spec_fields.h"
#include "tok/tokenizer.h"
#include "tok/vocabulary.h"

namespace tok {
namespace {

using Kind = Scheme::Kind;

// All bytes, by value, then these; without merges, and nothing cuts text.
TokenizerSpec SpecOf(const std::vector<std::string>& tokens, const std::vector<double>& scores = {}) {
  VocabularyBuilder builder;
  for (unsigned byte = 0; byte < 256; ++byte) {
    EXPECT_TRUE(builder
                    .Add(byte, std::string(1, static_cast<char>(byte)), TokenKind::kNormal,
                         scores.empty() ? 0 : scores[byte])
                    .ok());
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    const auto id = static_cast<TokenId>(256 + i);
    EXPECT_TRUE(builder.Add(id, tokens[i], TokenKind::kNormal, scores.empty() ? 0 : scores[id]).ok());
  }
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  spec.vocabulary = *std::move(builder).Build();
  spec.model = BpeModelSpec();
  return spec;
}

Tokenizer TokenizerOf(TokenizerSpec spec, const Scheme& scheme) {
  spec.scheme = scheme;
  return *Tokenizer::Create(std::move(spec));
}

std::string Segmented(const Tokenizer& tokenizer, std::string_view text) {
  std::string result;
  const std::vector<TokenId> ids = *tokenizer.Encode(text);
  for (const TokenId id : ids) {
    result += (result.empty() ? "" : "|") + std::string(tokenizer.vocabulary().Bytes(id));
  }
  return result;
}

// Tokens of up to five letters out of two or three, so that segmentations are many.
std::vector<std::string> RandomTokens(std::mt19937* random) {
  const unsigned n_letters = 2 + (*random)() % 2;
  std::set<std::string> tokens;
  for (unsigned i = (*random)() % 12; i > 0; --i) {
    std::string token;
    for (unsigned n = 2 + (*random)() % 4; n > 0; --n)
      token += static_cast<char>('a' + (*random)() % n_letters);
    tokens.insert(token);
  }
  return {tokens.begin(), tokens.end()};
}

std::string RandomText(std::mt19937* random, unsigned max_bytes) {
  std::string text;
  for (unsigned n = (*random)() % (max_bytes + 1); n > 0; --n)
    text += static_cast<char>('a' + (*random)() % 3);
  return text;
}

TEST(SchemesTest, PublishedVectors) {
  const TokenizerSpec spec = SpecOf({"ab", "bc", "abc", "cab", "bcab"});
  const std::map<std::string, std::vector<std::string>> expected = {
      {"abcab", {"abc|ab", "a|bcab", "a|bcab", "a|bcab"}},
      {"abcabc", {"abc|abc", "abc|abc", "a|bcab|c", "abc|abc"}},
      {"bcabc", {"bcab|c", "bc|abc", "bcab|c", "bc|abc"}},
      {"ababcab", {"ab|abc|ab", "ab|a|bcab", "ab|a|bcab", "ab|a|bcab"}}};
  const Kind kinds[] = {Kind::kLongestPrefix, Kind::kLongestSuffix, Kind::kLongestToken, Kind::kFewestTokens};
  for (size_t k = 0; k < std::size(kinds); ++k) {
    const Tokenizer tokenizer = TokenizerOf(spec, {.kind = kinds[k]});
    for (const auto& [text, segmented] : expected) {
      EXPECT_EQ(Segmented(tokenizer, text), segmented[k]) << text << " " << k;
    }
  }
}

TEST(SchemesTest, EqualTheirDefinitions) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::vector<std::string> tokens = RandomTokens(&random);
    std::vector<double> scores, costs;
    for (size_t id = 0; id < 256 + tokens.size(); ++id) {
      costs.push_back(1 + random() % 4);
      scores.push_back(-costs.back());
    }
    const TokenizerSpec spec = SpecOf(tokens, scores);
    for (const Scheme& scheme :
         {Scheme{.kind = Kind::kLongestPrefix}, Scheme{.kind = Kind::kLongestSuffix},
          Scheme{.kind = Kind::kLongestToken}, Scheme{.kind = Kind::kFlota, .max_tokens = 2},
          Scheme{.kind = Kind::kFewestTokens}, Scheme{.kind = Kind::kWeighted}}) {
      const Tokenizer tokenizer = TokenizerOf(spec, scheme);
      for (int i = 0; i < 20; ++i) {
        const std::string text = RandomText(&random, 40);
        std::vector<TokenId> ids;
        std::vector<Span> spans;
        for (const PieceToken& token : SegmentByReference(spec.vocabulary, scheme, text, costs)) {
          ids.push_back(token.id);
          spans.push_back({token.begin, token.end});
        }
        EXPECT_EQ(*tokenizer.Encode(text), ids) << SchemeName(scheme) << " " << text;
        const Encoding encoding = *tokenizer.EncodeWithSpans(text);
        EXPECT_EQ(encoding.ids, ids);
        EXPECT_TRUE(std::equal(spans.begin(), spans.end(), encoding.spans.begin(), encoding.spans.end(),
                               [](Span a, Span b) { return a.begin == b.begin && a.end == b.end; }))
            << SchemeName(scheme) << " " << text;
      }
    }
  }
}

// The least number of tokens over all segmentations, one by one.
size_t FewestByTrying(const Vocabulary& vocabulary, const std::string& text) {
  size_t fewest = text.size();
  for (uint32_t cuts = 0; cuts < 1u << (text.size() - 1); ++cuts) {
    size_t n_tokens = 0, begin = 0;
    bool is_spelled = true;
    for (size_t end = 1; end <= text.size() && is_spelled; ++end) {
      if (end < text.size() && !(cuts >> (end - 1) & 1)) continue;
      is_spelled = vocabulary.Find(text.substr(begin, end - begin)) != kNoToken;
      ++n_tokens;
      begin = end;
    }
    if (is_spelled) fewest = std::min(fewest, n_tokens);
  }
  return fewest;
}

TEST(SchemesTest, FewestTokensAreTheFewest) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    const TokenizerSpec spec = SpecOf(RandomTokens(&random));
    const Tokenizer tokenizer = TokenizerOf(spec, {.kind = Kind::kFewestTokens});
    const Tokenizer at_random =
        TokenizerOf(spec, {.kind = Kind::kFewestTokens, .random_ties = true, .seed = 5});
    const std::string text = "a" + RandomText(&random, 11);
    const size_t fewest = FewestByTrying(spec.vocabulary, text);
    EXPECT_EQ(tokenizer.Encode(text)->size(), fewest) << text;
    EXPECT_EQ(at_random.Encode(text)->size(), fewest) << text;
  }
}

TEST(SchemesTest, RandomTiesAreEquallyLikely) {
  // Four last tokens of "abcd" in three tokens each way but one: a|b|cd, a|bc|d, ab|c|d.
  const TokenizerSpec spec = SpecOf({"ab", "bc", "cd"});
  std::map<std::string, int> seen;
  constexpr int kTries = 3000;
  for (int seed = 0; seed < kTries; ++seed) {
    ++seen[Segmented(
        TokenizerOf(spec,
                    {.kind = Kind::kFewestTokens, .random_ties = true, .seed = static_cast<uint64_t>(seed)}),
        "abc")];
  }
  ASSERT_EQ(seen.size(), 2u);  // a|bc and ab|c
  EXPECT_NEAR(seen["ab|c"], kTries / 2, 150);
}

// Of a long piece, parts are worked on that no token reaches out of.
TEST(SchemesTest, LongPiecesAreTheSame) {
  std::mt19937 random(3);
  const TokenizerSpec spec = SpecOf({"ab", "ba", "aab", "abab", "bbb", "cab"});
  std::string text;
  while (text.size() < 30000) text += RandomText(&random, 50) + "c";
  for (const Kind kind :
       {Kind::kLongestPrefix, Kind::kLongestSuffix, Kind::kLongestToken, Kind::kFewestTokens}) {
    const Tokenizer tokenizer = TokenizerOf(spec, {.kind = kind});
    const std::vector<TokenId> ids = *tokenizer.Encode(text);
    std::string decoded;
    for (const TokenId id : ids) decoded += spec.vocabulary.Bytes(id);
    EXPECT_EQ(decoded, text);
    if (kind != Kind::kFewestTokens) continue;
    const auto reference =
        SegmentByReference(spec.vocabulary, {.kind = kind}, std::string_view(text).substr(0, 9000));
    const std::vector<TokenId> first = *tokenizer.Encode(std::string_view(text).substr(0, 9000));
    ASSERT_EQ(first.size(), reference.size());
    for (size_t i = 0; i < first.size(); ++i) ASSERT_EQ(first[i], reference[i].id);
  }
}

TEST(SchemesTest, NamesAreReadBack) {
  for (const std::string& name : SchemeNames()) {
    const absl::StatusOr<Scheme> scheme = ParseScheme(name);
    ASSERT_TRUE(scheme.ok()) << name;
    EXPECT_EQ(*ParseScheme(SchemeName(*scheme)), *scheme);
  }
  EXPECT_EQ(ParseScheme("flota:4")->max_tokens, 4u);
  EXPECT_EQ(ParseScheme("dropout:0.25")->probability, 0.25);
  EXPECT_TRUE(ParseScheme("fewest-tokens:random")->random_ties);
  for (const char* bad :
       {"", "longest", "flota:0", "flota:x", "dropout:2", "dropout:nan", "fewest-tokens:", "own:1"}) {
    EXPECT_EQ(ErrorCodeOf(ParseScheme(bad).status()), ErrorCode::kUsage) << bad;
  }
}

TEST(SchemesTest, SpecialTokensAreNoText) {
  TokenizerSpec spec = SpecOf({"<|end|>", "end"});
  spec.added_tokens.push_back({.id = 256, .content = "<|end|>", .special = true});
  for (const Kind kind : {Kind::kLongestPrefix, Kind::kLongestSuffix, Kind::kLongestToken,
                          Kind::kFewestTokens, Kind::kWeighted, Kind::kRank}) {
    const Tokenizer tokenizer = TokenizerOf(spec, {.kind = kind});
    const std::vector<TokenId> ids = *tokenizer.Encode("<|end|>", {.special = SpecialPolicy::Text()});
    EXPECT_EQ(std::count(ids.begin(), ids.end(), 256u), 0);
    EXPECT_EQ(*tokenizer.Encode("<|end|>", {.special = SpecialPolicy::All()}), std::vector<TokenId>{256});
  }
}

// A vocabulary of characters, some of which no token spells.
Tokenizer CharactersOf(const Scheme& scheme, bool fuse_unk) {
  VocabularyBuilder builder;
  const char* const tokens[] = {"[U]", "a", "b", "c", "d", "cd", "abc"};
  for (TokenId id = 0; id < std::size(tokens); ++id)
    EXPECT_TRUE(builder.Add(id, tokens[id], TokenKind::kNormal).ok());
  TokenizerSpec spec;
  spec.vocabulary = *std::move(builder).Build();
  spec.model = BpeModelSpec{.unk_token = "[U]", .fuse_unk = fuse_unk};
  spec.scheme = scheme;
  return *Tokenizer::Create(std::move(spec));
}

TEST(SchemesTest, WhatNoTokenSpellsIsUnknownAsInTheModel) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "\xC3\xA9";
  text += "abcd";
  for (const Kind kind : {Kind::kLongestPrefix, Kind::kLongestToken, Kind::kFewestTokens, Kind::kWeighted}) {
    EXPECT_EQ(*CharactersOf({.kind = kind}, /*fuse_unk=*/true).Encode(text), (std::vector<TokenId>{0, 6, 4}))
        << SchemeName({.kind = kind});
    std::vector<TokenId> each(30, 0);
    each.insert(each.end(), {6, 4});
    EXPECT_EQ(*CharactersOf({.kind = kind}, /*fuse_unk=*/false).Encode(text), each);
  }
}

TEST(SchemesTest, TokensAreBounded) {
  for (const Kind kind :
       {Kind::kLongestPrefix, Kind::kLongestSuffix, Kind::kLongestToken, Kind::kFewestTokens}) {
    TokenizerSpec spec = SpecOf({std::string(1024, 'a')});
    spec.scheme.kind = kind;
    EXPECT_TRUE(Tokenizer::Create(spec).ok());
    spec = SpecOf({std::string(1025, 'a')});
    spec.scheme.kind = kind;
    EXPECT_EQ(ErrorCodeOf(Tokenizer::Create(spec).status()), ErrorCode::kLimit);
  }
}

TEST(SchemesTest, MergesAreNeeded) {
  for (const Kind kind : {Kind::kMerges, Kind::kDropout}) {
    TokenizerSpec spec = SpecOf({"ab"});
    spec.scheme.kind = kind;
    EXPECT_EQ(ErrorCodeOf(Tokenizer::Create(spec).status()), ErrorCode::kUnsupportedFeature);
  }
}

TEST(SchemesTest, DropoutLiesBetweenBytesAndMerges) {
  const Tokenizer own = *Tokenizer::Load("gpt2");
  const std::string text = "The quick brown fox jumps over the lazy dog; ein schöner Tag, 東京.";
  const auto with = [&](double probability, uint64_t seed) {
    return *own.WithScheme({.kind = Kind::kDropout, .probability = probability, .seed = seed});
  };
  EXPECT_EQ(*with(0, 1).Encode(text), *own.Encode(text));
  EXPECT_EQ(with(1, 1).Encode(text)->size(), text.size());
  const std::vector<TokenId> ids = *with(0.3, 1).Encode(text);
  EXPECT_EQ(ids, *with(0.3, 1).Encode(text));
  EXPECT_EQ(ids, with(0.3, 1).EncodeWithSpans(text)->ids);
  EXPECT_NE(ids, *with(0.3, 2).Encode(text));
  EXPECT_EQ(*own.Decode(ids), text);
  EXPECT_GT(ids.size(), own.Encode(text)->size());
  EXPECT_LT(ids.size(), text.size());
  // Equal words of one document are drawn for anew.
  std::string again;
  for (int i = 0; i < 20; ++i) again += " tokenization";
  const std::vector<TokenId> many = *with(0.5, 1).Encode(again);
  std::set<std::vector<TokenId>> different;
  std::vector<TokenId> word;
  size_t n_bytes = 0;
  for (const TokenId id : many) {
    word.push_back(id);
    n_bytes += own.TokenBytes(id).size();
    if (n_bytes % 13 == 0) different.insert(std::exchange(word, {}));
  }
  EXPECT_GT(different.size(), 3u);
}

TEST(SchemesTest, BatchesDrawAsDocumentsDo) {
  const Tokenizer tokenizer = *Tokenizer::Load("gpt2")->WithScheme({.kind = Kind::kDropout, .seed = 9});
  std::vector<std::string> texts;
  for (int i = 0; i < 500; ++i)
    texts.push_back("document number " + std::to_string(i * i) + " of the tokenization batch");
  texts.emplace_back(std::string(3 << 20, 'x') + " tokenization of a long document");
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const RaggedIds batch = *tokenizer.EncodeBatch(views, {}, 4);
  for (size_t d = 0; d < texts.size(); ++d) {
    const std::vector<TokenId> alone = *tokenizer.Encode(texts[d]);
    ASSERT_TRUE(std::equal(alone.begin(), alone.end(), batch.Document(d).begin(), batch.Document(d).end()))
        << d;
  }
}

}  // namespace
}  // namespace tok
