#include "src/train/bpe/colliding_merges.h"

#include <algorithm>
#include <utility>

namespace tok {

CollidingMerges::CollidingMerges(std::vector<Piece> pieces, uint64_t min_count, uint32_t max_length)
    : pieces_(std::move(pieces)),
      min_count_(min_count),
      max_length_(max_length == 0 ? UINT64_MAX : max_length) {
  for (uint32_t p = 0; p < pieces_.size(); ++p) {
    const std::vector<uint32_t>& tokens = pieces_[p].tokens;
    for (size_t i = 0; i + 1 < tokens.size(); ++i) Change(PairOf(tokens[i], tokens[i + 1]), 1, p);
  }
  QueueMet();
}

void CollidingMerges::Change(uint64_t pair, int64_t change, uint32_t piece) {
  counts_[pair] += change * static_cast<int64_t>(pieces_[piece].count);
  if (change < 0) return;
  std::vector<uint32_t>& met = met_[pair];
  if (met.empty() || met.back() != piece) met.push_back(piece);
}

void CollidingMerges::QueueMet() {
  for (auto& [pair, pieces] : met_) {
    const int64_t count = counts_[pair];
    if (count <= 0) continue;
    heap_.push_back({static_cast<uint64_t>(count), pair, std::move(pieces)});
    std::push_heap(heap_.begin(), heap_.end());
  }
  met_.clear();
}

std::optional<TokenMerge> CollidingMerges::Next(
    const std::function<uint32_t(uint32_t left, uint32_t right)>& name) {
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end());
    Candidate top = std::move(heap_.back());
    heap_.pop_back();
    const int64_t count = counts_[top.pair];
    if (count <= 0) continue;
    if (top.count != static_cast<uint64_t>(count)) {
      top.count = static_cast<uint64_t>(count);
      heap_.push_back(std::move(top));
      std::push_heap(heap_.begin(), heap_.end());
      continue;
    }
    if (top.count < min_count_) return std::nullopt;
    const auto left = static_cast<uint32_t>(top.pair >> 32), right = static_cast<uint32_t>(top.pair);
    const uint32_t token = name(left, right);
    for (const uint32_t piece : top.pieces) MergeIn(piece, top.pair, token);
    QueueMet();
    return TokenMerge{left, right, top.count};
  }
  return std::nullopt;
}

// From the left to the right: what was merged is the left neighbour of what comes next.
void CollidingMerges::MergeIn(uint32_t piece, uint64_t pair, uint32_t token) {
  std::vector<uint32_t>& tokens = pieces_[piece].tokens;
  std::vector<uint32_t>& lengths = pieces_[piece].lengths;
  const auto left = static_cast<uint32_t>(pair >> 32), right = static_cast<uint32_t>(pair);
  size_t n = 0;  // written
  for (size_t i = 0; i < tokens.size();) {
    if (i + 1 == tokens.size() || tokens[i] != left || tokens[i + 1] != right) {
      lengths[n] = lengths[i];
      tokens[n++] = tokens[i++];
      continue;
    }
    const uint32_t length = lengths[i] + lengths[i + 1];
    if (n > 0) {
      Change(PairOf(tokens[n - 1], left), -1, piece);
      if (uint64_t{lengths[n - 1]} + length < max_length_) Change(PairOf(tokens[n - 1], token), 1, piece);
    }
    if (i + 2 < tokens.size()) {
      Change(PairOf(right, tokens[i + 2]), -1, piece);
      if (uint64_t{lengths[i + 2]} + length < max_length_) Change(PairOf(token, tokens[i + 2]), 1, piece);
    }
    lengths[n] = length;
    tokens[n++] = token;
    i += 2;
  }
  tokens.resize(n);
  lengths.resize(n);
}

}  // namespace tok
