// Expected counts and best paths of one piece against all its paths, one by one.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "src/train/unigram/lattice.h"
#include "tests/unit/train/candidates_of.h"
#include "tests/unit/train/counted_pieces.h"

namespace tok {
namespace {

struct AllPaths {
  std::map<std::string, double> expected;  // of tokens, unknown ones as ""
  double sum = 0;
  double best = -INFINITY;
};

// ASCII only. Paths as masks of cuts.
AllPaths TryAll(const std::map<std::string, double>& scores, const std::string& piece, bool without_whole) {
  double least = INFINITY;
  for (const auto& [bytes, score] : scores) least = std::min(least, score);
  AllPaths all;
  for (uint32_t cuts = 0; cuts < 1u << (piece.size() - 1); ++cuts) {
    std::vector<std::string> path;
    double score = 0;
    bool is_path = true;
    for (size_t begin = 0, end = 1; end <= piece.size(); ++end) {
      if (end < piece.size() && !(cuts >> (end - 1) & 1)) continue;
      const std::string token = piece.substr(begin, end - begin);
      const auto found = scores.find(token);
      if (found != scores.end() && !(without_whole && token.size() == piece.size())) {
        path.push_back(token);
        score += found->second;
      } else if (token.size() == 1 && found == scores.end()) {
        path.emplace_back();
        score += least - 10;
      } else {
        is_path = false;
      }
      begin = end;
    }
    if (!is_path) continue;
    all.sum += std::exp(score);
    for (const std::string& token : path) all.expected[token] += std::exp(score);
    all.best = std::max(all.best, score);
  }
  for (auto& [token, mass] : all.expected) mass /= all.sum;
  return all;
}

std::map<std::string, double> RandomScores(std::mt19937* random) {
  std::map<std::string, double> scores;
  for (const auto& [bytes, count] : RandomPieces({"a", "b", "c"}, 12, 4, random)) {
    scores[bytes] = -0.1 - static_cast<double>((*random)() % 100000) / 10000;
  }
  return scores;
}

TEST(UnigramLatticeTest, ExpectationAndBestPathFollowTheirDefinition) {
  std::mt19937 random(47);
  for (int round = 0; round < 300; ++round) {
    const std::map<std::string, double> scores = RandomScores(&random);
    const Candidates candidates = CandidatesOf(scores);
    for (const auto& [piece, count] : RandomPieces({"a", "b", "c"}, 10, 10, &random)) {
      const AllPaths all = TryAll(scores, piece, false);
      std::vector<double> expected(candidates.n_ids(), 1.0);  // it adds
      EXPECT_NEAR(Expectation(candidates).Add(piece, count, expected.data()), std::log(all.sum), 1e-10);
      for (uint32_t id = 0; id < candidates.n_ids(); ++id) {
        const auto found = all.expected.find(std::string(candidates.Bytes(id)));
        const double share = found == all.expected.end() ? 0 : found->second;
        ASSERT_NEAR(expected[id], 1 + share * static_cast<double>(count), 1e-10)
            << piece << candidates.Bytes(id);
      }
      for (const bool without_whole : {false, true}) {
        const AllPaths paths = TryAll(scores, piece, without_whole);
        BestPath best(candidates);
        const double score = best.Find(piece, without_whole);
        if (paths.sum == 0) {
          ASSERT_EQ(score, -INFINITY) << piece;
          continue;
        }
        ASSERT_NEAR(score, paths.best, 1e-10) << piece;
        // Which of several equally good ones it is, the next test says.
        double sum = 0;
        for (const uint32_t id : best.tokens()) {
          sum += id == kNoToken ? candidates.unknown_score() : candidates.Score(id);
        }
        ASSERT_NEAR(sum, paths.best, 1e-10) << piece;
      }
    }
  }
}

TEST(UnigramLatticeTest, OfEqualPathsTheOneWhoseLastTokenBeginsEarlierIsBest) {
  const Candidates candidates =
      CandidatesOf({{"a", -1.0}, {"ab", -2.0}, {"bc", -2.0}, {"c", -1.0}, {"b", -9.0}});
  BestPath best(candidates);
  EXPECT_EQ(best.Find("abc", false), -3.0);
  ASSERT_EQ(best.tokens().size(), 2u);
  EXPECT_EQ(candidates.Bytes(best.tokens()[0]), "a");
  EXPECT_EQ(candidates.Bytes(best.tokens()[1]), "bc");
}

// A token against characters that are each beyond rare, over many times the range of a double.
TEST(UnigramLatticeTest, NoProbabilityIsTooSmall) {
  for (const size_t length : {16ul, 40ul, 128ul}) {
    for (const double least : {-1.0, -50.0}) {
      const std::string token(length, 'x');
      const Candidates candidates = CandidatesOf({{token, -1.0}, {"a", least}});
      std::string piece;
      for (int i = 0; i < 100; ++i) piece += token + "a";
      std::vector<double> expected(2);
      const double log_probability = Expectation(candidates).Add(piece, 7, expected.data());
      EXPECT_NEAR(log_probability, 100 * (least - 1.0), 1e-8);
      EXPECT_NEAR(expected[0], 700, 1e-9);
      EXPECT_NEAR(expected[1], 700, 1e-9);
    }
  }
}

// One letter and its double: the number of paths is a Fibonacci number, and known ones pass through each token. Longer
// than the stretch of which edges are kept, and with characters across the end of it.
TEST(UnigramLatticeTest, LongPiecesCountLikeShortOnes) {
  for (const std::string unit : {"a", "\xE4\xB8\x96"}) {
    const Candidates candidates = CandidatesOf({{unit, std::log(0.5)}, {unit + unit, std::log(0.25)}});
    for (const size_t n : {1000ul, 4095ul, 4096ul, 4097ul, 20000ul}) {
      std::string piece;
      for (size_t i = 0; i < n; ++i) piece += unit;
      std::vector<double> expected(2);
      const double log_probability = Expectation(candidates).Add(piece, 1, expected.data());
      // All paths have the same probability, 0.5^n; there are golden^(n + 1) / sqrt 5 of them.
      const double log_paths = static_cast<double>(n + 1) * std::log(std::numbers::phi) - 0.5 * std::log(5.0);
      EXPECT_NEAR(log_probability / (log_paths - static_cast<double>(n) * std::numbers::ln2), 1, 1e-12);
      EXPECT_NEAR((expected[0] + 2 * expected[1]) / static_cast<double>(n), 1, 1e-12);
      EXPECT_NEAR(expected[0] / static_cast<double>(n), 1 / std::sqrt(5.0), 1e-3);
    }
  }
}

TEST(UnigramLatticeTest, StepsGrowWithThePieceOnly) {
  const std::string token(64, 'a');
  std::map<std::string, double> scores;
  for (size_t length = 1; length <= token.size(); ++length) scores[token.substr(0, length)] = -1.0;
  const Candidates candidates = CandidatesOf(scores);
  uint64_t before = 0;
  for (const size_t n : {50000ul, 100000ul, 200000ul}) {
    const std::string piece(n, 'a');
    std::vector<double> expected(candidates.n_ids());
    Expectation expectation(candidates);
    BestPath best(candidates);
    expectation.Add(piece, 1, expected.data());
    best.Find(piece, false);
    const uint64_t steps = expectation.n_steps() + best.n_steps();
    EXPECT_LE(steps, 3 * 65 * n);
    if (before > 0) {
      EXPECT_LE(steps, before * 21 / 10);
    }
    before = steps;
  }
}

TEST(UnigramLatticeTest, DroppedCandidatesAreNeverFound) {
  Candidates candidates = CandidatesOf({{"a", -1.0}, {"ab", -2.0}, {"abc", -3.0}, {"b", -4.0}, {"c", -5.0}});
  BestPath best(candidates);
  EXPECT_EQ(best.Find("abc", false), -3.0);
  for (const std::vector<uint32_t>& stay : {std::vector<uint32_t>{4, 3, 0, 1}, {3, 1}}) {
    ASSERT_TRUE(candidates.Retain(stay).ok());
  }
  // {3, 1} were "b" and "ab" before ids changed or not: the order decides, whatever the ids are.
  ASSERT_EQ(candidates.order().size(), 2u);
  EXPECT_EQ(candidates.Bytes(candidates.order()[0]), "b");
  EXPECT_EQ(candidates.Bytes(candidates.order()[1]), "ab");
  EXPECT_EQ(candidates.n_ids(), 2u);
  EXPECT_EQ(candidates.Find("abc"), kNoToken);
  EXPECT_EQ(candidates.least_score(), -4.0);
  EXPECT_EQ(best.Find("abc", false), -2.0 + (-4.0 - 10.0));
  EXPECT_EQ(best.Find("abb", false), -6.0);
}

}  // namespace
}  // namespace tok
