#include "src/train/unigram/lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace tok {
namespace {

constexpr int kExponentBits = 256;
constexpr double kUp = 0x1p256, kDown = 0x1p-256;
constexpr double kLow = 0x1p-128;  // sums below it are scaled up
// Edges are kept for this many bytes of a piece at a time. Nearly all pieces are shorter; of longer ones the edges of
// earlier stretches are found again on the way back.
constexpr size_t kStretchBytes = 4096;
// Scores this close are equal: rounding, which differs between machines, shall not choose between paths.
constexpr double kTie = 1e-9;

}  // namespace

void Expectation::Normalize(Scaled* sum) {
  if (sum->value >= kLow) return;
  sum->value *= kUp;
  --sum->exponent;
}

// A difference of two exponents is beyond a double's digits.
void Expectation::AddTo(Scaled* sum, double value, int64_t exponent) {
  if (sum->value == 0) {
    *sum = {value, exponent};
  } else if (sum->exponent == exponent) {
    sum->value += value;
  } else if (sum->exponent < exponent) {
    *sum = {value + (sum->exponent + 1 == exponent ? sum->value * kDown : 0.0), exponent};
  } else if (sum->exponent == exponent + 1) {
    sum->value += value * kDown;
  }
}

void Expectation::FindEdges(std::string_view piece, size_t begin, size_t end) {
  edges_.clear();
  for (size_t position = begin; position < end; position += ValidCharLength(piece, position)) {
    n_steps_ += candidates_.Match(piece, position, [&](uint32_t id, size_t token_end, double probability) {
      edges_.push_back({static_cast<uint32_t>(position), static_cast<uint32_t>(token_end), id, probability});
    });
  }
}

// Leaves the last stretch's edges in edges_.
void Expectation::Forward(std::string_view piece) {
  forward_.assign(piece.size() + 1, Scaled());
  forward_[0].value = 1;
  stretches_.clear();
  for (size_t begin = 0; begin < piece.size();) {
    stretches_.push_back(begin);
    size_t end = std::min(begin + kStretchBytes, piece.size());
    while (end < piece.size() && (piece[end] & 0xC0) == 0x80) ++end;
    FindEdges(piece, begin, end);
    size_t last = piece.size();
    for (const Edge& edge : edges_) {
      if (edge.begin != last) Normalize(&forward_[last = edge.begin]);
      const Scaled& from = forward_[edge.begin];
      AddTo(&forward_[edge.end], from.value * edge.probability, from.exponent);
    }
    begin = end;
  }
  Normalize(&forward_.back());
}

// edges_ backwards. A share is forward x probability x backward / all, and scaled_count is count / all.
void Expectation::Backward(double scaled_count, int64_t exponent, double* expected) {
  for (size_t i = edges_.size(); i-- > 0;) {
    const Edge& edge = edges_[i];
    const Scaled& from = forward_[edge.begin];
    const Scaled& to = backward_[edge.end];
    Scaled* sum = &backward_[edge.begin];
    const double onward = edge.probability * to.value;
    AddTo(sum, onward, to.exponent);
    if (edge.id != kNoToken) {
      double share = from.value * scaled_count * onward;
      const int64_t shift = from.exponent + to.exponent - exponent;
      if (shift != 0)
        share = std::ldexp(share, static_cast<int>(std::max<int64_t>(shift, -8)) * kExponentBits);
      expected[edge.id] += share;
    }
    if (i == 0 || edges_[i - 1].begin != edge.begin) Normalize(sum);
  }
}

double Expectation::Add(std::string_view piece, uint64_t count, double* expected) {
  Forward(piece);
  const Scaled all = forward_.back();
  backward_.assign(piece.size() + 1, Scaled());
  backward_.back().value = 1;
  const double scaled_count = static_cast<double>(count) / all.value;
  for (size_t i = stretches_.size(); i-- > 0;) {
    if (i + 1 < stretches_.size()) FindEdges(piece, stretches_[i], stretches_[i + 1]);
    Backward(scaled_count, all.exponent, expected);
  }
  return std::log(all.value) + static_cast<double>(all.exponent * kExponentBits) * std::numbers::ln2;
}

double BestPath::Find(std::string_view piece, bool without_whole) {
  places_.assign(piece.size() + 1, Place());
  places_[0].begin = 0;
  for (size_t position = 0; position < piece.size(); position += ValidCharLength(piece, position)) {
    const Place& from = places_[position];
    if (from.begin == kNoToken) continue;
    n_steps_ += candidates_.Match(piece, position, [&](uint32_t id, size_t end, double) {
      if (without_whole && id != kNoToken && end - position == piece.size()) return;
      const double score =
          from.score + (id == kNoToken ? candidates_.unknown_score() : candidates_.Score(id));
      Place& to = places_[end];
      if (to.begin == kNoToken || score > to.score + kTie) to = {score, static_cast<uint32_t>(position), id};
    });
  }
  tokens_.clear();
  if (places_.back().begin == kNoToken) return -std::numeric_limits<double>::infinity();
  for (size_t end = piece.size(); end > 0; end = places_[end].begin) tokens_.push_back(places_[end].id);
  std::reverse(tokens_.begin(), tokens_.end());
  return places_.back().score;
}

}  // namespace tok
