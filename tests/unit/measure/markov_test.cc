#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tok/measure_markov.h"

namespace tok {
namespace {

TEST(MarkovTest, EntropiesAreThoseOfTheFormulas) {
  EXPECT_NEAR((MarkovSource{0.2, 0.2}.EntropyRate()), 0.7219, 1e-4);
  EXPECT_NEAR((MarkovSource{0.8, 0.8}.EntropyRate()), 0.7219, 1e-4);
  EXPECT_NEAR((MarkovSource{0.1, 0.3}.EntropyRate()), 0.5721, 1e-4);
  EXPECT_NEAR((MarkovSource{0.1, 0.3}.CharacterEntropy()), 0.8113, 1e-4);
}

TEST(MarkovTest, TextHasTheTransitionsOfItsSource) {
  for (const MarkovSource& source : {MarkovSource{0.1, 0.3, 1}, MarkovSource{0.1, 0.3, 3}}) {
    const std::string text = *GenerateMarkov(source, 300000, 1);
    double n_zeros = 0, n_ones = 0, up = 0, down = 0;
    for (size_t i = source.order; i < text.size(); ++i) {
      const bool was_one = text[i - source.order] == '1', is_one = text[i] == '1';
      (was_one ? n_ones : n_zeros) += 1;
      up += !was_one && is_one;
      down += was_one && !is_one;
    }
    EXPECT_NEAR(up / n_zeros, source.p, 0.005);
    EXPECT_NEAR(down / n_ones, source.q, 0.005);
  }
}

TEST(MarkovTest, LzwPhrasesAreTheTextbooks) {
  // 0|1 then: 0·0 -> "00", 0·1 -> "01", ...: the parse of 0 01 1 00 ... by hand.
  EXPECT_EQ(LzwDictionary("0011001", 6), (std::vector<std::string>{"0", "1", "00", "01", "11", "10"}));
  EXPECT_EQ(LzwDictionary("00000", 100), (std::vector<std::string>{"0", "1", "00", "000"}));
  EXPECT_EQ(LzwDictionary("", 5), (std::vector<std::string>{"0", "1"}));
}

// The brief's values of an independent program, with other random numbers.
TEST(MarkovTest, LossesFallTowardsTheEntropyRate) {
  MarkovOptions options;
  options.seed = 1;
  const MarkovReport report = *MeasureMarkov(options);
  const double expected[3][5] = {
      {1.000, .879, .817, .777, .764}, {1.000, .798, .796, .775, .766}, {.813, .709, .646, .624, .607}};
  for (size_t s = 0; s < 3; ++s) {
    const MarkovResult& result = report.sources[s];
    for (size_t i = 0; i < 5; ++i) {
      // Which 16 phrases come first is chance.
      EXPECT_NEAR(result.curves[0].points[i].loss, expected[s][i], i == 1 ? 0.08 : 0.012) << s << " " << i;
    }
    for (const MarkovCurve& curve : result.curves) {
      EXPECT_EQ(curve.points.front().n_encoded, options.n_symbols);
      EXPECT_NEAR(curve.points.front().loss, result.source.CharacterEntropy(), 0.005);
      EXPECT_LT(curve.points.back().loss, curve.points.front().loss);
      EXPECT_GT(curve.points.back().loss, result.source.EntropyRate() - 0.005);
      for (const MarkovPoint& point : curve.points) EXPECT_GT(point.held_out_loss, point.loss - 0.005);
    }
  }
}

TEST(MarkovTest, WhatIsNoSourceIsRefused) {
  for (const MarkovSource& bad : {MarkovSource{0, 0.5}, MarkovSource{0.5, 1}, MarkovSource{std::nan(""), 0.5},
                                  MarkovSource{0.5, 0.5, 0}}) {
    EXPECT_EQ(ErrorCodeOf(GenerateMarkov(bad, 10, 0).status()), ErrorCode::kUsage);
  }
  MarkovOptions options;
  options.sizes = {1};
  EXPECT_EQ(ErrorCodeOf(MeasureMarkov(options).status()), ErrorCode::kUsage);
}

}  // namespace
}  // namespace tok
