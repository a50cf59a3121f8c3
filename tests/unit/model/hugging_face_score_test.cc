#include "src/model/unigram/hugging_face_score.h"

#include <gtest/gtest.h>

#include <limits>

namespace tok {
namespace {

// Expected values: what tokenizers 0.23.3 writes back after reading the left one.
TEST(HuggingFaceScoreTest, RoundsAsThePeersReader) {
  EXPECT_EQ(HuggingFaceScore(-10.179033782643387), -10.179033782643389);
  EXPECT_EQ(HuggingFaceScore(-8.233123633588074), -8.233123633588074);
  EXPECT_EQ(HuggingFaceScore(10.179033782643387), 10.179033782643389);
}

TEST(HuggingFaceScoreTest, FewDigitsAreExact) {
  for (const double score : {0.0, -1.0, -5.5, -0.001, 1e22, 123456789.0, -1e-5, 1e300}) {
    EXPECT_EQ(HuggingFaceScore(score), score);
  }
}

TEST(HuggingFaceScoreTest, HandlesTheLimits) {
  EXPECT_EQ(HuggingFaceScore(5e-324), 5e-324);
  EXPECT_EQ(HuggingFaceScore(std::numeric_limits<double>::max()), std::numeric_limits<double>::max());
}

}  // namespace
}  // namespace tok
