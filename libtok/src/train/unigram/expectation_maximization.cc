#include "src/train/unigram/expectation_maximization.h"

#include <atomic>
#include <cmath>
#include <utility>
#include <vector>

#include "src/train/unigram/block_sums.h"
#include "src/train/unigram/lattice.h"

namespace tok {
namespace {

constexpr double kLeastExpected = 0.5 - 1e-9;  // a half that came out a rounding below is a half

}  // namespace

// Recurrence up to 7, then the asymptotic series about x - 1/2, whose odd terms vanish.
double Digamma(double x) {
  double sum = 0;
  for (; x < 7; ++x) sum -= 1 / x;
  const double center = x - 0.5;
  const double square = 1 / center * (1 / center);
  const double fourth = square * square;
  return sum + (std::log(center) + 1.0 / 24 * square - 7.0 / 960 * fourth + 31.0 / 8064 * fourth * square -
                127.0 / 30720 * fourth * fourth);
}

StepResult MaximizeExpectation(const SortedPieces& pieces, unsigned n_threads, Candidates* candidates) {
  const size_t n_ids = candidates->n_ids();
  std::atomic<uint64_t> n_steps{0};
  // The last value is the sum of logarithms.
  std::vector<double> expected =
      SumOverBlocks<double>(pieces.n_blocks(), n_ids + 1, n_threads, [&](size_t block, double* sums) {
        Expectation expectation(*candidates);
        for (size_t i = pieces.BlockBegin(block); i < pieces.BlockEnd(block); ++i) {
          const CountedPiece piece = pieces[i];
          sums[n_ids] += static_cast<double>(piece.count) * expectation.Add(piece.bytes, piece.count, sums);
        }
        n_steps += expectation.n_steps();
      });
  const double log_probability = expected[n_ids];
  expected.pop_back();
  std::vector<uint32_t> order;
  double sum = 0;
  for (const uint32_t id : candidates->order()) {
    if (expected[id] < kLeastExpected) continue;
    order.push_back(id);
    sum += expected[id];
  }
  const double digamma_sum = Digamma(sum);
  for (const uint32_t id : order) expected[id] = Digamma(expected[id]) - digamma_sum;
  candidates->SetScores(std::move(order), std::move(expected));
  return {-log_probability / static_cast<double>(pieces.total_count()), n_steps};
}

}  // namespace tok
