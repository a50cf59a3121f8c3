#include "src/train/bpe/pair_sieve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "src/base/scratch_memory.h"
#include "src/train/bpe/neighbour_pairs.h"
#include "src/train/bpe/pair_census.h"

namespace tok {
namespace {

// `n_pieces` pieces of 8 symbols below n_symbols, each `weight` times.
SymbolText RandomText(uint64_t seed, size_t n_pieces, uint32_t n_symbols, uint64_t weight) {
  constexpr size_t kLength = 8;
  std::mt19937_64 random(seed);
  SymbolTextBuilder builder;
  for (size_t i = 0; i < n_pieces; ++i) builder.Plan(kLength, weight);
  EXPECT_TRUE(builder.Begin().ok());
  for (size_t i = 0; i < n_pieces; ++i) {
    for (uint32_t& symbol : builder.Add(kLength, weight))
      symbol = static_cast<uint32_t>(random() % n_symbols);
  }
  return builder.Finish();
}

std::map<uint64_t, uint64_t> CountsOf(const SymbolText& text, const std::vector<uint32_t>& lengths) {
  std::map<uint64_t, uint64_t> counts;
  ForEachPair(text, {1, static_cast<uint32_t>(text.size())}, lengths,
              [&](uint32_t, uint64_t pair, uint64_t weight) { counts[pair] += weight; });
  return counts;
}

TEST(PairSieveTest, NoPairIsBelowItsCount) {
  const std::vector<uint32_t> lengths(500, 1);
  const SymbolText text = RandomText(1, 5000, 500, 3);
  const std::map<uint64_t, uint64_t> counts = CountsOf(text, lengths);
  uint64_t most = 0;
  for (const unsigned n_threads : {1u, 3u}) {
    const PairSieve sieve(text, lengths, n_threads);
    size_t n_below_twice = 0;
    for (const auto& [pair, count] : counts) {
      EXPECT_FALSE(sieve.IsBelow(pair, count));
      n_below_twice += sieve.IsBelow(pair, 20 * count);
      most = std::max(most, count);
    }
    EXPECT_GT(n_below_twice, counts.size() / 2);
    EXPECT_GE(sieve.NthCount(0), most);
    EXPECT_GE(sieve.NthCount(0), sieve.NthCount(100));
    EXPECT_EQ(sieve.NthCount(text.size()), 0u);
  }
}

TEST(PairSieveTest, TheSameForAnyNumberOfThreads) {
  const std::vector<uint32_t> lengths(500, 1);
  const SymbolText text = RandomText(3, 5000, 500, uint64_t{1} << 28);
  const PairSieve expected(text, lengths, 1);
  for (const unsigned n_threads : {2u, 5u, 64u}) {
    const PairSieve sieve(text, lengths, n_threads);
    for (size_t n = 0; n < 8192; ++n) ASSERT_EQ(sieve.NthCount(n), expected.NthCount(n)) << n_threads;
  }
}

TEST(PairSieveTest, MemoryDoesNotGrowWithThreadsForEver) {
  const std::vector<uint32_t> lengths(500, 1);
  const SymbolText text = RandomText(4, 100'000, 500, 1);
  const auto n_bytes_taken = [&](unsigned n_threads) {
    ScratchMemory scratch(uint64_t{1} << 30);
    uint64_t n_bytes = 0;
    const PairSieve sieve(text, lengths, n_threads, &scratch);
    CountPairs(
        text, lengths, sieve, 1,
        [&](uint32_t, uint32_t) {
          n_bytes = std::max(n_bytes, scratch.n_anonymous_bytes());
          return false;
        },
        n_threads, &scratch);
    return n_bytes;
  };
  EXPECT_LT(n_bytes_taken(64), 3 * n_bytes_taken(4));
  EXPECT_EQ(CutText(text, 1000).size(), kMostParts);
}

TEST(PairSieveTest, HighCountsAreNeverBelow) {
  const std::vector<uint32_t> lengths(4, 1);
  const SymbolText text = RandomText(2, 100, 4, uint64_t{1} << 40);
  const PairSieve sieve(text, lengths, 2);
  for (const auto& [pair, count] : CountsOf(text, lengths)) {
    EXPECT_FALSE(sieve.IsBelow(pair, count));
    EXPECT_FALSE(sieve.IsBelow(pair, UINT64_MAX));  // nobody knows
  }
}

}  // namespace
}  // namespace tok
