#include "src/train/bpe/merge_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

#include "src/train/bpe/merge_reference.h"

namespace tok {
namespace {

SymbolText MakeText(const std::vector<WeightedPiece>& pieces) {
  SymbolTextBuilder builder;
  for (const WeightedPiece& piece : pieces) {
    if (piece.tokens.size() > 1) builder.Plan(piece.tokens.size(), piece.count);
  }
  EXPECT_TRUE(builder.Begin().ok());
  for (const WeightedPiece& piece : pieces) {
    if (piece.tokens.size() < 2) continue;
    std::copy(piece.tokens.begin(), piece.tokens.end(),
              builder.Add(piece.tokens.size(), piece.count).begin());
  }
  return builder.Finish();
}

std::vector<TokenMerge> MergesOfEngine(const std::vector<WeightedPiece>& pieces, uint32_t n_symbols,
                                       const MergeEngine::Options& options) {
  MergeEngine engine(MakeText(pieces), n_symbols, options);
  std::vector<TokenMerge> merges;
  while (merges.size() < options.max_merges) {
    const std::optional<TokenMerge> merge = engine.Next();
    if (!merge) break;
    merges.push_back(*merge);
    EXPECT_EQ(engine.n_tokens(), n_symbols + merges.size());
  }
  return merges;
}

// Few symbols and runs of them: every kind of overlap, and ties everywhere.
std::vector<WeightedPiece> RandomPieces(std::mt19937_64* random, uint32_t n_symbols, size_t n_pieces,
                                        size_t max_length, uint64_t max_count) {
  std::vector<WeightedPiece> pieces(n_pieces);
  for (WeightedPiece& piece : pieces) {
    piece.count = 1 + (*random)() % max_count;
    const size_t length = 1 + (*random)() % max_length;
    while (piece.tokens.size() < length) {
      const auto symbol = static_cast<uint32_t>((*random)() % n_symbols);
      for (uint64_t run = 1 + (*random)() % 4; run > 0 && piece.tokens.size() < length; --run) {
        piece.tokens.push_back(symbol);
      }
    }
  }
  return pieces;
}

TEST(MergeEngineTest, CountsOverlappingPlaces) {
  MergeEngine engine(MakeText({{{0, 0, 0, 0, 0}, 3}, {{0, 1}, 11}}), 2, {});
  EXPECT_EQ(*engine.Next(), (TokenMerge{0, 0, 12}));
  EXPECT_EQ(*engine.Next(), (TokenMerge{0, 1, 11}));
  EXPECT_EQ(*engine.Next(), (TokenMerge{2, 0, 3}));  // of "aa aa a": the smaller of two threes is (2,0)
  EXPECT_EQ(*engine.Next(), (TokenMerge{2, 4, 3}));
  EXPECT_FALSE(engine.Next().has_value());
}

TEST(MergeEngineTest, CountsAreSixtyFourBitsWide) {
  MergeEngine engine(MakeText({{{0, 1}, 3'000'000'000}, {{0, 1, 2}, 3'000'000'000}, {{2, 2}, 5'999'999'999}}),
                     3, {});
  EXPECT_EQ(*engine.Next(), (TokenMerge{0, 1, 6'000'000'000}));
  EXPECT_EQ(*engine.Next(), (TokenMerge{2, 2, 5'999'999'999}));
}

TEST(MergeEngineTest, NothingToMerge) {
  MergeEngine engine(MakeText({}), 5, {});
  EXPECT_FALSE(engine.Next().has_value());
  EXPECT_EQ(engine.n_tokens(), 5u);
}

TEST(MergeEngineTest, EqualsTheReference) {
  for (uint64_t seed = 0; seed < 600; ++seed) {
    std::mt19937_64 random(seed);
    const auto n_symbols = static_cast<uint32_t>(1 + random() % 5);
    std::vector<WeightedPiece> pieces = RandomPieces(&random, n_symbols, 1 + random() % 40, 1 + random() % 24,
                                                     seed % 3 == 0 ? 1 : 1 + random() % 30);
    MergeEngine::Options options;
    options.min_count = 1 + random() % 3;
    options.max_merges = static_cast<uint32_t>(1 + random() % 100);
    options.n_threads = static_cast<unsigned>(1 + seed % 3);
    if (seed % 4 == 1) {
      options.is_vetoed = [](uint32_t left, uint32_t right) { return (left * 7 + right * 3) % 5 == 0; };
    }
    const std::vector<TokenMerge> merges = MergesOfEngine(pieces, n_symbols, options);
    EXPECT_THAT(merges, testing::ElementsAreArray(MergesByRecounting(&pieces, n_symbols, options)))
        << "seed " << seed;
  }
}

// Enough candidates that rare pairs are forgotten, and enough merges that they are needed after all.
TEST(MergeEngineTest, WhatWasForgottenIsCountedAgain) {
  std::mt19937_64 random(7);
  std::vector<WeightedPiece> pieces = RandomPieces(&random, 2000, 60000, 6, 30);
  for (int i = 0; i < 2000; ++i) pieces.push_back({{1, 2, 3, static_cast<uint32_t>(i % 50)}, 1000});
  const auto run = [&](uint32_t planned, unsigned n_threads, uint64_t* n_censuses) {
    MergeEngine::Options options;
    options.max_merges = planned;
    options.n_threads = n_threads;
    MergeEngine engine(MakeText(pieces), 2000, options);
    std::vector<TokenMerge> merges;
    while (merges.size() < 25000) {
      const std::optional<TokenMerge> merge = engine.Next();
      if (!merge) break;
      merges.push_back(*merge);
    }
    *n_censuses = engine.statistics().n_censuses;
    return merges;
  };
  uint64_t n_patient = 0, n_hasty = 0;
  const std::vector<TokenMerge> expected = run(UINT32_MAX, 1, &n_patient);
  EXPECT_EQ(expected.size(), 25000u);
  EXPECT_EQ(n_patient, 1u);
  for (const unsigned n_threads : {1u, 2u, 8u}) {
    EXPECT_THAT(run(40, n_threads, &n_hasty), testing::ElementsAreArray(expected));
    EXPECT_GT(n_hasty, 1u);
  }
}

// Lists long enough to be shared among threads, with places that touch at every cut.
TEST(MergeEngineTest, ThreadsShareLongLists) {
  std::mt19937_64 random(3);
  std::vector<WeightedPiece> pieces = RandomPieces(&random, 2, 3000, 200, 2);
  pieces.push_back({std::vector<uint32_t>(100000, 1), 1});
  MergeEngine::Options options;
  options.max_merges = 60;
  const std::vector<TokenMerge> expected = MergesOfEngine(pieces, 2, options);
  options.n_threads = 8;
  EXPECT_THAT(MergesOfEngine(pieces, 2, options), testing::ElementsAreArray(expected));
  EXPECT_THAT(MergesByRecounting(&pieces, 2, options), testing::ElementsAreArray(expected));
}

}  // namespace
}  // namespace tok
