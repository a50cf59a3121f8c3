// tests/unit/train/picky_reference.h: PickyBPE by definition, training and encoding: everything is counted again before
// each merge, and every event is applied to the whole of each piece.
#ifndef TOK_TESTS_UNIT_TRAIN_PICKY_REFERENCE_H_
#define TOK_TESTS_UNIT_TRAIN_PICKY_REFERENCE_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/model/bpe/picky_bpe.h"
#include "tests/unit/train/counted_pieces.h"
#include "tok/train_picky.h"

namespace tok {

// Tokens are strings.
struct PickyEvent {
  bool is_merge;
  std::string left, right;
  friend bool operator==(const PickyEvent&, const PickyEvent&) = default;
};
using PickyTokens = std::vector<std::string>;

inline PickyTokens PickyApply(const PickyEvent& event, const PickyTokens& tokens) {
  PickyTokens after;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (event.is_merge && i + 1 < tokens.size() && tokens[i] == event.left && tokens[i + 1] == event.right) {
      after.push_back(event.left + event.right);
      ++i;
    } else if (!event.is_merge && tokens[i] == event.left + event.right) {
      after.push_back(event.left);
      after.push_back(event.right);
    } else {
      after.push_back(tokens[i]);
    }
  }
  return after;
}

inline PickyTokens PickySymbols(const std::string& bytes) {
  PickyTokens symbols;
  for (const char byte : bytes) symbols.emplace_back(1, byte);
  return symbols;
}

inline PickyTokens PickyEncode(const std::vector<PickyEvent>& events, const std::string& bytes) {
  PickyTokens tokens = PickySymbols(bytes);
  for (const PickyEvent& event : events) tokens = PickyApply(event, tokens);
  return tokens;
}

class PickyReference {
 public:
  // `first`: special tokens and alphabet.
  PickyReference(const CountedStrings& pieces, const PickyTokens& first, const PickyOptions& options)
      : options_(options), first_(first.begin(), first.end()), order_(first), kept_(first_) {
    for (const auto& [bytes, count] : pieces) pieces_.emplace_back(PickySymbols(bytes), count);
  }

  void Run() {
    const uint64_t min_count = std::max<uint64_t>(options_.bpe.min_frequency, 1);
    while (kept_.size() < options_.bpe.vocab_size) {
      std::map<std::pair<size_t, size_t>, uint64_t> counts;
      for (const auto& [tokens, count] : pieces_) {
        for (size_t i = 0; i + 1 < tokens.size(); ++i)
          counts[{IdOf(tokens[i]), IdOf(tokens[i + 1])}] += count;
      }
      std::pair<size_t, size_t> best;
      uint64_t most = 0;
      for (const auto& [pair, count] : counts) {
        if (count > most) most = count, best = pair;
      }
      if (most < min_count) break;
      const std::string left = order_[best.first], right = order_[best.second], both = left + right;
      if (std::find(order_.begin(), order_.end(), both) == order_.end()) {
        order_.push_back(both);
        parts_[both] = {left, right};
      }
      const uint64_t n_before = Count(both);
      kept_.insert(both);
      Apply({true, left, right});
      const uint64_t n_merged = Count(both) - n_before;
      for (const std::string& part : left == right ? PickyTokens{left} : PickyTokens{left, right}) {
        const auto share = static_cast<double>(n_merged) / static_cast<double>(n_merged + Count(part));
        if (!first_.contains(part) && share >= options_.threshold) Delete(part);
      }
    }
  }

  const std::vector<PickyEvent>& events() const { return events_; }
  // In the order in which they were made first.
  PickyTokens vocabulary() const {
    PickyTokens tokens;
    for (const std::string& token : order_) {
      if (kept_.contains(token)) tokens.push_back(token);
    }
    return tokens;
  }

 private:
  size_t IdOf(const std::string& token) const {
    return static_cast<size_t>(std::find(order_.begin(), order_.end(), token) - order_.begin());
  }
  uint64_t Count(const std::string& token) const {
    uint64_t n = 0;
    for (const auto& [tokens, count] : pieces_) {
      n += static_cast<uint64_t>(std::count(tokens.begin(), tokens.end(), token)) * count;
    }
    return n;
  }
  void Apply(const PickyEvent& event) {
    events_.push_back(event);
    for (auto& [tokens, count] : pieces_) tokens = PickyApply(event, tokens);
  }
  void Delete(const std::string& token) {
    std::map<std::string, uint32_t> n_splits = n_splits_;
    const std::vector<PickyEvent> splits = SplitsOf(token);
    for (const PickyEvent& split : splits) {
      if (++n_splits[split.left + split.right] > kMaxPickySplits) return;
    }
    n_splits_ = n_splits;
    kept_.erase(token);
    for (const PickyEvent& split : splits) Apply(split);
  }
  // Of the token, and of those of its parts that were deleted.
  std::vector<PickyEvent> SplitsOf(const std::string& token) const {
    std::vector<PickyEvent> splits;
    PickyTokens open = {token};
    while (!open.empty()) {
      const auto [left, right] = parts_.at(open.back());
      open.pop_back();
      splits.push_back({false, left, right});
      if (!kept_.contains(left)) open.push_back(left);
      if (!kept_.contains(right) && right != left) open.push_back(right);
    }
    return splits;
  }

  const PickyOptions& options_;
  const std::set<std::string> first_;
  PickyTokens order_;  // tokens ever made
  std::set<std::string> kept_;
  std::map<std::string, std::pair<std::string, std::string>> parts_;
  std::map<std::string, uint32_t> n_splits_;
  std::vector<std::pair<PickyTokens, uint64_t>> pieces_;
  std::vector<PickyEvent> events_;
};

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_PICKY_REFERENCE_H_
