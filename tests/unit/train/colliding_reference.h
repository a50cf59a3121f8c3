// tests/unit/train/colliding_reference.h: merges where two pairs may make one token, step by step as Hugging Face's BpeTrainer
// goes: every piece that a candidate lists is rewritten whole. Of equal candidates of one pair the one whose pieces come first.
#ifndef TOK_TESTS_UNIT_TRAIN_COLLIDING_REFERENCE_H_
#define TOK_TESTS_UNIT_TRAIN_COLLIDING_REFERENCE_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "src/train/bpe/colliding_merges.h"

namespace tok {

class CollidingReference {
 public:
  using Name = std::function<uint32_t(uint32_t left, uint32_t right)>;

  // `pieces`: sorted by their symbols.
  CollidingReference(std::vector<CollidingMerges::Piece> pieces, uint64_t min_count, uint32_t max_length)
      : pieces_(std::move(pieces)),
        min_count_(min_count),
        max_length_(max_length == 0 ? UINT64_MAX : max_length) {
    for (uint32_t p = 0; p < pieces_.size(); ++p) {
      const std::vector<uint32_t>& tokens = pieces_[p].tokens;
      for (size_t i = 0; i + 1 < tokens.size(); ++i) Add({tokens[i], tokens[i + 1]}, p);
    }
    QueueMet();
  }

  std::optional<TokenMerge> Next(const Name& name) {
    while (!candidates_.empty()) {
      const auto best = std::max_element(candidates_.begin(), candidates_.end(), [](auto& a, auto& b) {
        if (a.count != b.count) return a.count < b.count;
        return std::pair(a.pair, a.pieces) > std::pair(b.pair, b.pieces);
      });
      const int64_t count = counts_[best->pair];
      if (count > 0 && best->count != count) {
        best->count = count;
        continue;
      }
      const Candidate top = *best;
      candidates_.erase(best);
      if (count <= 0) continue;
      if (static_cast<uint64_t>(count) < min_count_) return std::nullopt;
      const uint32_t token = name(top.pair.first, top.pair.second);
      for (const uint32_t piece : top.pieces) MergeIn(piece, top.pair, token);
      QueueMet();
      return TokenMerge{top.pair.first, top.pair.second, static_cast<uint64_t>(count)};
    }
    return std::nullopt;
  }

 private:
  using Pair = std::pair<uint32_t, uint32_t>;
  struct Candidate {
    int64_t count;
    Pair pair;
    std::set<uint32_t> pieces;
  };

  void Add(Pair pair, uint32_t piece) {
    counts_[pair] += static_cast<int64_t>(pieces_[piece].count);
    met_[pair].insert(piece);
  }

  void QueueMet() {
    for (const auto& [pair, pieces] : met_) {
      if (counts_[pair] > 0) candidates_.push_back({counts_[pair], pair, pieces});
    }
    met_.clear();
  }

  void MergeIn(uint32_t p, Pair pair, uint32_t token) {
    auto& [tokens, lengths, count] = pieces_[p];
    for (size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (Pair{tokens[i], tokens[i + 1]} != pair) continue;
      const uint64_t length = uint64_t{lengths[i]} + lengths[i + 1];
      const auto weight = static_cast<int64_t>(count);
      if (i > 0) {
        counts_[{tokens[i - 1], pair.first}] -= weight;
        if (lengths[i - 1] + length < max_length_) Add({tokens[i - 1], token}, p);
      }
      if (i + 2 < tokens.size()) {
        counts_[{pair.second, tokens[i + 2]}] -= weight;
        if (lengths[i + 2] + length < max_length_) Add({token, tokens[i + 2]}, p);
      }
      tokens[i] = token;
      lengths[i] = static_cast<uint32_t>(length);
      tokens.erase(tokens.begin() + static_cast<ptrdiff_t>(i) + 1);
      lengths.erase(lengths.begin() + static_cast<ptrdiff_t>(i) + 1);
    }
  }

  std::vector<CollidingMerges::Piece> pieces_;
  const uint64_t min_count_;
  const uint64_t max_length_;
  std::map<Pair, int64_t> counts_;
  std::map<Pair, std::set<uint32_t>> met_;
  std::vector<Candidate> candidates_;
};

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_COLLIDING_REFERENCE_H_
