#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "tok/measure_schemes.h"
#include "tok/merge_surgery.h"

namespace tok {
namespace {

using Kind = Scheme::Kind;

Tokenizer Gpt2() { return *Tokenizer::Load("gpt2"); }

const std::vector<std::string_view> kTexts = {"unbelievable tokenization of interesting words", "",
                                              "Straßenbahnhaltestelle, 東京都",
                                              "undesirable re-tokenizations"};

// What the report says, worked out document by document.
TEST(MeasureSchemesTest, EqualsItsDefinition) {
  const Tokenizer own = Gpt2();
  const std::vector<Scheme> schemes = {{.kind = Kind::kLongestPrefix},
                                       {.kind = Kind::kFlota, .max_tokens = 1},
                                       {.kind = Kind::kDropout, .probability = 0.5}};
  SchemeComparison comparison = *SchemeComparison::Create(own, schemes, {});
  ASSERT_TRUE(comparison.Add(std::span(kTexts).first(2)).ok());
  ASSERT_TRUE(comparison.Add(std::span(kTexts).subspan(2)).ok());
  const SchemesReport& report = comparison.Report();
  ASSERT_EQ(report.schemes.size(), 4u);
  EXPECT_EQ(report.n_documents, 4u);
  for (size_t s = 0; s < report.schemes.size(); ++s) {
    const Tokenizer other = s == 0 ? own : *own.WithScheme(schemes[s - 1]);
    uint64_t n_tokens = 0, n_same = 0, n_boundaries = 0, n_shared = 0;
    for (const std::string_view text : kTexts) {
      const Encoding a = *own.EncodeWithSpans(text), b = *other.EncodeWithSpans(text);
      n_tokens += b.ids.size();
      n_same += a.ids == b.ids;
      for (uint64_t place = 1; place < text.size(); ++place) {
        const auto ends_there = [place](const Span& span) { return span.end == place; };
        const bool has = std::any_of(b.spans.begin(), b.spans.end(), ends_there);
        n_boundaries += has;
        n_shared += has && std::any_of(a.spans.begin(), a.spans.end(), ends_there);
      }
    }
    EXPECT_EQ(report.schemes[s].n_tokens, n_tokens) << s;
    EXPECT_EQ(report.schemes[s].n_same_documents, n_same) << s;
    EXPECT_EQ(report.schemes[s].n_boundaries, n_boundaries) << s;
    EXPECT_EQ(report.schemes[s].n_shared_boundaries, n_shared) << s;
  }
  EXPECT_EQ(report.F1(0), 1);
  EXPECT_EQ(report.SameWords(0), 1);
  EXPECT_LT(report.SameWords(3), 1);
  EXPECT_GT(report.TokenRatio(3), 1);
}

TEST(CorruptMergesTest, DamageIsCounted) {
  const TokenizerSpec spec = Gpt2().spec();
  const auto merges = [](const CorruptedTokenizer& corrupted) {
    return std::get<BpeModelSpec>(corrupted.spec.model).merges;
  };
  const auto corrupt = [&](Corruption::Kind kind, double share, uint64_t seed = 1) {
    return *CorruptMerges(spec, {kind, share, seed});
  };
  const std::vector<Merge> all = merges(corrupt(Corruption::Kind::kDelete, 0));
  EXPECT_EQ(all.size(), 50000u);
  const CorruptedTokenizer deleted = corrupt(Corruption::Kind::kDelete, 0.1);
  EXPECT_EQ(merges(deleted).size(), 45000u);
  EXPECT_EQ(deleted.n_affected, 5000u);
  EXPECT_GT(deleted.n_disabled, 5000u);
  EXPECT_EQ(merges(deleted), merges(corrupt(Corruption::Kind::kDelete, 0.1)));
  EXPECT_NE(merges(deleted), merges(corrupt(Corruption::Kind::kDelete, 0.1, 2)));
  const CorruptedTokenizer half = corrupt(Corruption::Kind::kTruncate, 0.5);
  EXPECT_EQ(half.n_disabled, 0u);
  EXPECT_EQ(merges(half), std::vector<Merge>(all.begin(), all.begin() + 25000));
  std::vector<Merge> shuffled = merges(corrupt(Corruption::Kind::kShuffle, 1));
  EXPECT_NE(shuffled, all);
  const auto by_ids = [](const Merge& a, const Merge& b) {
    return std::pair(a.left, a.right) < std::pair(b.left, b.right);
  };
  std::vector<Merge> sorted = all;
  std::sort(sorted.begin(), sorted.end(), by_ids);
  std::sort(shuffled.begin(), shuffled.end(), by_ids);
  EXPECT_EQ(shuffled, sorted);
  for (const double share : {-0.1, 1.1, std::nan("")}) {
    EXPECT_EQ(ErrorCodeOf(CorruptMerges(spec, {Corruption::Kind::kDelete, share}).status()),
              ErrorCode::kUsage);
  }
}

// Without one merge nothing can be merged any more that it led to.
TEST(CorruptMergesTest, AllMergesDeletedLeaveBytes) {
  const CorruptedTokenizer bare = *CorruptMerges(Gpt2().spec(), {Corruption::Kind::kDelete, 1});
  const Tokenizer tokenizer = *Tokenizer::Create(bare.spec);
  EXPECT_EQ(tokenizer.Encode(kTexts[2])->size(), kTexts[2].size());
}

TEST(StripMergesTest, PermutedIdsAreTheSameTokens) {
  const TokenizerSpec spec = Gpt2().spec();
  const Tokenizer plain = *Tokenizer::Create(StripMerges(spec, {})->spec);
  const StrippedTokenizer stripped = *StripMerges(spec, {.permute = true, .seed = 3});
  const Tokenizer dealt = *Tokenizer::Create(stripped.spec);
  size_t n_moved = 0;
  for (const std::string_view text : kTexts) {
    std::vector<TokenId> ids = *plain.Encode(text);
    EXPECT_EQ(ids, *Gpt2().WithScheme({.kind = Kind::kLongestPrefix})->Encode(text));
    for (TokenId& id : ids) {
      n_moved += stripped.new_ids[id] != id;
      id = stripped.new_ids[id];
    }
    EXPECT_EQ(*dealt.Encode(text), ids);
    EXPECT_EQ(*dealt.Decode(ids), text);
  }
  EXPECT_GT(n_moved, 10u);
  EXPECT_EQ(dealt.FindToken("<|endoftext|>"), 50256u);  // added tokens stay
  std::vector<TokenId> sorted = stripped.new_ids;
  std::sort(sorted.begin(), sorted.end());
  for (TokenId id = 0; id < sorted.size(); ++id) ASSERT_EQ(sorted[id], id);
}

TEST(StripMergesTest, WhatNeedsMergesIsRefused) {
  for (const Kind kind : {Kind::kOwn, Kind::kMerges, Kind::kRank, Kind::kDropout, Kind::kWeighted}) {
    EXPECT_EQ(ErrorCodeOf(StripMerges(Gpt2().spec(), {.scheme = {.kind = kind}}).status()),
              ErrorCode::kUsage);
  }
  const StrippedTokenizer fewest = *StripMerges(Gpt2().spec(), {.scheme = {.kind = Kind::kFewestTokens}});
  EXPECT_EQ(ErrorCodeOf(AsWordPiece(fewest.spec).status()), ErrorCode::kLossyConversion);
}

}  // namespace
}  // namespace tok
