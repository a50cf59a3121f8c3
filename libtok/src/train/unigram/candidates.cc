#include "src/train/unigram/candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "src/base/status_macros.h"

namespace tok {

absl::StatusOr<Candidates> Candidates::Create(SeedTokens seeds) {
  Candidates candidates;
  candidates.strings_ = std::move(seeds.strings);
  candidates.order_ = std::move(seeds.order);
  candidates.scores_ = std::move(seeds.weights);
  double sum = 0;
  for (const uint32_t id : candidates.order_) sum += candidates.scores_[id];
  const double log_sum = std::log(sum);
  for (double& score : candidates.scores_) score = std::log(score) - log_sum;
  candidates.TakeProbabilities();
  TOK_RETURN_IF_ERROR(candidates.BuildTrie());
  return candidates;
}

absl::Status Candidates::BuildTrie() {
  std::vector<std::pair<std::string_view, uint32_t>> keys;
  keys.reserve(strings_.size());
  for (uint32_t id = 0; id < strings_.size(); ++id) keys.emplace_back(strings_[id], id);
  TOK_ASSIGN_OR_RETURN(trie_, ByteTrie::Build(std::move(keys)));
  return absl::OkStatus();
}

void Candidates::TakeProbabilities() {
  probabilities_.assign(strings_.size(), 0.0);
  least_score_ = std::numeric_limits<double>::infinity();
  for (const uint32_t id : order_) {
    probabilities_[id] = std::exp(scores_[id]);
    least_score_ = std::min(least_score_, scores_[id]);
  }
  unknown_probability_ = order_.empty() ? 1.0 : std::exp(unknown_score());
}

uint32_t Candidates::Find(std::string_view bytes) const {
  size_t first = 0, last = strings_.size();
  while (first < last) {
    const size_t middle = first + (last - first) / 2;
    if (strings_[middle] < bytes) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  if (first == strings_.size() || strings_[first] != bytes || probabilities_[first] == 0) return kNoToken;
  return static_cast<uint32_t>(first);
}

void Candidates::SetScores(std::vector<uint32_t> order, std::vector<double> scores) {
  order_ = std::move(order);
  scores_ = std::move(scores);
  TakeProbabilities();
}

absl::Status Candidates::Retain(std::vector<uint32_t> order) {
  order_ = std::move(order);
  TakeProbabilities();
  if (order_.size() > strings_.size() / 4 * 3) return absl::OkStatus();
  return Renumber();
}

absl::Status Candidates::Renumber() {
  StringTable strings;
  strings.Reserve(order_.size());
  std::vector<double> scores;
  std::vector<uint32_t> new_ids(strings_.size(), kNoToken);
  for (uint32_t id = 0; id < strings_.size(); ++id) {
    if (probabilities_[id] == 0) continue;
    new_ids[id] = static_cast<uint32_t>(strings.size());
    strings.Add(strings_[id]);
    scores.push_back(scores_[id]);
  }
  for (uint32_t& id : order_) id = new_ids[id];
  strings_ = std::move(strings);
  scores_ = std::move(scores);
  TakeProbabilities();
  return BuildTrie();
}

}  // namespace tok
