// Candidates with given scores, for tests of the steps of Unigram training.
#ifndef TOK_TESTS_UNIT_TRAIN_CANDIDATES_OF_H_
#define TOK_TESTS_UNIT_TRAIN_CANDIDATES_OF_H_

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/train/unigram/candidates.h"

namespace tok {

inline Candidates CandidatesOf(const std::map<std::string, double>& scores) {
  SeedTokens seeds;
  std::vector<double> by_id;
  for (const auto& [bytes, score] : scores) {
    seeds.order.push_back(static_cast<uint32_t>(seeds.strings.size()));
    seeds.strings.Add(bytes);
    by_id.push_back(score);
  }
  seeds.weights.assign(by_id.size(), 1.0);
  const std::vector<uint32_t> order = seeds.order;
  auto candidates = Candidates::Create(std::move(seeds));
  EXPECT_TRUE(candidates.ok()) << candidates.status();
  candidates->SetScores(order, by_id);
  return *std::move(candidates);
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_CANDIDATES_OF_H_
