#include "src/train/bpe/colliding_merges.h"

#include <algorithm>
#include <tuple>

#include "src/train/bpe/pair_key.h"
#include "tok/types.h"

namespace tok {
namespace {

constexpr uint32_t kInside = kNoToken;  // no token begins there
// Searching fewer symbols is cheaper than a list of places for each pair in them.
constexpr size_t kShortPiece = 256;

}  // namespace

// In an order of their own: which of equal candidates comes first must not depend on the order of the counts.
CollidingMerges::CollidingMerges(std::vector<Piece> pieces, uint64_t min_count, uint32_t max_length)
    : pieces_(std::move(pieces)),
      min_count_(min_count),
      max_length_(max_length == 0 ? UINT64_MAX : max_length) {
  std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
    return std::tie(a.tokens, a.count) < std::tie(b.tokens, b.count);
  });
  for (uint32_t p = 0; p < pieces_.size(); ++p) {
    for (uint32_t i = 0; i + 1 < pieces_[p].tokens.size(); ++i) Meet(p, i, UINT64_MAX);
  }
  QueueMet();
}

void CollidingMerges::Change(uint64_t pair, int64_t change, uint32_t piece) {
  counts_[pair] += change * static_cast<int64_t>(pieces_[piece].count);
  if (change < 0) return;
  std::vector<uint32_t>& met = met_[pair];
  if (met.empty() || met.back() != piece) met.push_back(piece);
}

void CollidingMerges::Meet(uint32_t piece, uint32_t place, uint64_t max_length) {
  const auto& [tokens, lengths, count] = pieces_[piece];
  const uint32_t next = place + lengths[place];
  const uint64_t pair = PairKey(tokens[place], tokens[next]);
  if (tokens.size() > kShortPiece) places_[{pair, piece}].push_back(place);
  if (uint64_t{lengths[place]} + lengths[next] < max_length) Change(pair, 1, piece);
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
    const uint32_t left = LeftOfPair(top.pair), right = RightOfPair(top.pair);
    const uint32_t token = name(left, right);
    for (const uint32_t piece : top.pieces) MergeIn(piece, top.pair, token);
    QueueMet();
    return TokenMerge{left, right, top.count};
  }
  return std::nullopt;
}

// From the left to the right. What comes to stand there by that is not merged at once.
void CollidingMerges::MergeIn(uint32_t piece, uint64_t pair, uint32_t token) {
  const auto& [tokens, lengths, count] = pieces_[piece];
  if (tokens.size() <= kShortPiece) {
    for (uint32_t place = 0; place < tokens.size(); place += lengths[place]) {
      MergeAt(piece, place, pair, token);
    }
    return;
  }
  const auto found = places_.find({pair, piece});
  if (found == places_.end()) return;  // merged since by a candidate with more pieces
  std::vector<uint32_t> places = std::move(found->second);
  places_.erase(found);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (const uint32_t place : places) MergeAt(piece, place, pair, token);
}

void CollidingMerges::MergeAt(uint32_t piece, uint32_t place, uint64_t pair, uint32_t token) {
  auto& [tokens, lengths, count] = pieces_[piece];
  const uint32_t left = LeftOfPair(pair), right = RightOfPair(pair);
  if (tokens[place] != left) return;
  const uint32_t middle = place + lengths[place];
  if (middle == tokens.size() || tokens[middle] != right) return;
  const uint32_t end = middle + lengths[middle];
  const uint32_t before = place == 0 ? 0 : place - lengths[place - 1];
  if (place > 0) Change(PairKey(tokens[before], left), -1, piece);
  if (end < tokens.size()) Change(PairKey(right, tokens[end]), -1, piece);
  tokens[place] = token;
  tokens[middle] = kInside;
  lengths[place] = lengths[end - 1] = end - place;
  if (place > 0) Meet(piece, before, max_length_);
  if (end < tokens.size()) Meet(piece, place, max_length_);
}

}  // namespace tok
