// The steps of Unigram training one by one: sums over blocks, one maximization, one pruning.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "src/train/unigram/block_sums.h"
#include "src/train/unigram/expectation_maximization.h"
#include "src/train/unigram/prune.h"
#include "tests/unit/train/candidates_of.h"
#include "tests/unit/train/counted_pieces.h"

namespace tok {
namespace {

SortedPieces Sorted(const CountedStrings& pieces) {
  auto sorted = SortedPieces::Create(TextPieces(pieces));
  EXPECT_TRUE(sorted.ok()) << sorted.status();
  return *std::move(sorted);
}

std::vector<std::string> Names(const Candidates& candidates, const std::vector<uint32_t>& order) {
  std::vector<std::string> names;
  for (const uint32_t id : order) names.emplace_back(candidates.Bytes(id));
  return names;
}

// Large and small numbers, whose sum shows the order in which they were added.
TEST(UnigramStepsTest, SumsOverBlocksAreMadeInTheOrderOfBlocks) {
  constexpr size_t kBlocks = 13, kValues = 40000;
  const auto value = [](size_t block, size_t i) { return std::pow(10.0, (block * 7 + i) % 31) / 3; };
  const auto sums = [&](unsigned n_threads) {
    return SumOverBlocks<double>(kBlocks, kValues, n_threads, [&](size_t block, double* share) {
      for (size_t i = 0; i < kValues; ++i) share[i] += value(block, i);
    });
  };
  std::vector<double> expected(kValues);
  for (size_t block = 0; block < kBlocks; ++block) {
    for (size_t i = 0; i < kValues; ++i) expected[i] += value(block, i);
  }
  for (const unsigned n_threads : {1u, 2u, 5u, 20u}) EXPECT_EQ(sums(n_threads), expected) << n_threads;
  EXPECT_TRUE(SumOverBlocks<double>(0, 0, 2, [](size_t, double*) {}).empty());
}

TEST(UnigramStepsTest, BlocksCoverThePiecesAndDependOnTheTextAlone) {
  std::mt19937 random(79);
  for (const size_t n : {1ul, 100ul, 30000ul}) {
    const SortedPieces pieces = Sorted(RandomPieces({"a", "b", "c", "d"}, n, 30, &random));
    size_t end = 0;
    for (size_t block = 0; block < pieces.n_blocks(); ++block) {
      ASSERT_EQ(pieces.BlockBegin(block), end);
      ASSERT_GT(pieces.BlockEnd(block), end);
      end = pieces.BlockEnd(block);
    }
    EXPECT_EQ(end, pieces.size());
    EXPECT_LE(pieces.n_blocks(), pieces.n_bytes() / 60000 + 1);
  }
}

TEST(UnigramStepsTest, MaximizationTakesTheDigammaOfExpectedCounts) {
  // "ab" is a + b with 0.2 x 0.3, or ab with 0.5; "b" is itself.
  Candidates candidates =
      CandidatesOf({{"a", std::log(0.2)}, {"ab", std::log(0.5)}, {"b", std::log(0.3)}, {"c", std::log(0.9)}});
  const StepResult result = MaximizeExpectation(Sorted({{"ab", 7}, {"b", 3}}), 1, &candidates);
  const double apart = 7 * 0.06 / 0.56, whole = 7 * 0.5 / 0.56;
  EXPECT_NEAR(result.loss, -(7 * std::log(0.56) + 3 * std::log(0.3)) / 10, 1e-12);
  EXPECT_EQ(Names(candidates, candidates.order()), (std::vector<std::string>{"a", "ab", "b"}));  // no c
  const double sum = Digamma(2 * apart + whole + 3);
  EXPECT_NEAR(candidates.Score(candidates.Find("a")), Digamma(apart) - sum, 1e-12);
  EXPECT_NEAR(candidates.Score(candidates.Find("ab")), Digamma(whole) - sum, 1e-12);
  EXPECT_NEAR(candidates.Score(candidates.Find("b")), Digamma(apart + 3) - sum, 1e-12);
  EXPECT_EQ(candidates.Find("c"), kNoToken);
}

TEST(UnigramStepsTest, CandidatesExpectedLessThanHalfATimeGo) {
  Candidates candidates = CandidatesOf({{"a", std::log(0.5)}, {"aa", std::log(0.25)}, {"b", std::log(0.01)}});
  MaximizeExpectation(Sorted({{"aa", 1}}), 1,
                      &candidates);  // two ways, as likely: aa is expected exactly half a time
  EXPECT_EQ(Names(candidates, candidates.order()), (std::vector<std::string>{"a", "aa"}));
  MaximizeExpectation(Sorted({{"aa", 1}}), 1, &candidates);  // now a is the likelier
  EXPECT_EQ(candidates.order().size(), 1u);
}

TEST(UnigramStepsTest, PruningDropsTheUnusedAndThenWhatIsCheapestToLose) {
  const Candidates candidates = CandidatesOf({{"a", -2.0},
                                              {"b", -2.0},
                                              {"c", -2.0},
                                              {"ab", -3.0},
                                              {"bc", -3.5},
                                              {"ca", -3.0},
                                              {"cc", -9.0},
                                              {"x", -5.0}});
  // Uses: ab 50 + 4, ca 9, c 4, bc 20; cc is written by c + c, and x is a character.
  const SortedPieces pieces = Sorted({{"ab", 50}, {"abc", 4}, {"ca", 9}, {"bc", 20}, {"cc", 1}});
  const double uses[] = {0, 54, 0, 20, 6, 9};  // a, ab, b, bc, c, ca
  const double sum = 89, n_pieces = 84, n_candidates = 8;
  const auto loss = [&](double n, double first, double second) {
    return n / n_pieces *
           (std::log(n / sum) - std::log((first + n) / (sum + n * n_candidates)) -
            std::log((second + n) / (sum + n * n_candidates)));
  };
  const double ab = loss(54, uses[0], uses[2]), bc = loss(20, uses[2], uses[4]),
               ca = loss(9, uses[4], uses[0]);
  ASSERT_GT(ab, bc);
  ASSERT_GT(bc, ca);
  const auto names = [&](size_t n_wanted) {
    return Names(candidates, PruneCandidates(pieces, candidates, n_wanted, 1).order);
  };
  EXPECT_EQ(names(100), (std::vector<std::string>{"a", "b", "c", "x", "ab", "bc", "ca"}));
  EXPECT_EQ(names(6), (std::vector<std::string>{"a", "b", "c", "x", "ab", "bc"}));
  EXPECT_EQ(names(5), (std::vector<std::string>{"a", "b", "c", "x", "ab"}));
  EXPECT_EQ(names(1), (std::vector<std::string>{"a", "b", "c", "x"}));  // characters stay
}

// ab is used twice, its letters twice; cd eight times, its letters 15 times. cd costs 4.2 / n less to lose than ab if the
// sum of uses grows by what is substituted, and 4.2 / n more by the peers' formula.
TEST(UnigramStepsTest, PruningTakesTheNumberOfCandidatesForThatOfSubstitutes) {
  const Candidates candidates =
      CandidatesOf({{"a", -2.0}, {"b", -2.0}, {"c", -2.0}, {"d", -2.0}, {"ab", -3.0}, {"cd", -3.0}});
  const SortedPieces pieces = Sorted({{"a", 2}, {"b", 2}, {"c", 15}, {"d", 15}, {"ab", 2}, {"cd", 8}});
  EXPECT_EQ(Names(candidates, PruneCandidates(pieces, candidates, 5, 1).order).back(), "cd");
}

TEST(UnigramStepsTest, OfEqualLossesTheEarlierStays) {
  const Candidates candidates = CandidatesOf({{"a", -2.0}, {"b", -2.0}, {"ab", -3.0}, {"ba", -3.0}});
  const SortedPieces pieces = Sorted({{"ab", 2}, {"ba", 2}, {"a", 9}});
  EXPECT_EQ(Names(candidates, PruneCandidates(pieces, candidates, 3, 1).order).back(), "ab");
}

TEST(UnigramStepsTest, Digamma) {
  EXPECT_NEAR(Digamma(1), -0.57721566490153286, 1e-10);
  EXPECT_NEAR(Digamma(0.5), -1.9635100260214235, 1e-10);
  EXPECT_NEAR(Digamma(10), 2.2517525890667211, 1e-10);
  EXPECT_NEAR(Digamma(1e9) / (std::log(1e9) - 0.5e-9), 1, 1e-14);
}

}  // namespace
}  // namespace tok
