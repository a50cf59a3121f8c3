// train/unigram/candidates.h: the tokens still in the running, with their probabilities, found in text by a trie.
//
// Model: a candidate's id is its position among those that the trie was built from, in byte order; dropped ones keep
// theirs, with probability 0, until a quarter of all are dropped: then the rest gets new ids and a new trie. Besides ids
// there is an order, which decides who stays where the training's rules leave a choice. Any character without a candidate
// of its own can be an unknown token, 10 below the least score.
// Units: scores are natural logarithms of probabilities.
// Cost: Match is a step per byte, at most the longest candidate's. Threads: readable by all while nobody changes it.
#ifndef TOK_SRC_TRAIN_UNIGRAM_CANDIDATES_H_
#define TOK_SRC_TRAIN_UNIGRAM_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "src/base/byte_trie.h"
#include "src/train/unigram/seed_tokens.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

// Length of the character at text[position], which is valid UTF-8.
inline size_t ValidCharLength(std::string_view text, size_t position) {
  const auto byte = static_cast<unsigned char>(text[position]);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

class Candidates {
 public:
  // Scores are the logarithms of the shares that weights have in their sum.
  static absl::StatusOr<Candidates> Create(SeedTokens seeds);

  size_t n_ids() const { return strings_.size(); }
  const std::vector<uint32_t>& order() const { return order_; }  // ids of those in the running
  std::string_view Bytes(uint32_t id) const { return strings_[id]; }
  double Score(uint32_t id) const { return scores_[id]; }
  double least_score() const { return least_score_; }
  double unknown_score() const { return least_score_ - 10.0; }
  // The candidate's id; kNoToken if there is none.
  uint32_t Find(std::string_view bytes) const;

  // New scores (by id) for those of `order`; all others are dropped.
  void SetScores(std::vector<uint32_t> order, std::vector<double> scores);
  // Drops all that are not in `order`, and may change ids.
  absl::Status Retain(std::vector<uint32_t> order);

  // Calls found(id, end, probability) for every candidate at text[begin, end), shortest first, and found(kNoToken, ...)
  // if there is none for the character that begins there. Returns the number of steps.
  template <typename Found>
  size_t Match(std::string_view text, size_t begin, const Found& found) const {
    const size_t char_end = begin + ValidCharLength(text, begin);
    bool has_char = false;
    size_t end = begin;
    ByteTrie::State state = trie_.empty() ? ByteTrie::kDead : ByteTrie::kRoot;
    while (state != ByteTrie::kDead && end < text.size()) {
      state = trie_.Step(state, static_cast<unsigned char>(text[end++]));
      if (state == ByteTrie::kDead) break;
      const uint32_t id = trie_.Value(state);
      if (id == ByteTrie::kNoValue || probabilities_[id] == 0) continue;
      found(id, end, probabilities_[id]);
      has_char |= end == char_end;
    }
    if (!has_char) found(kNoToken, char_end, unknown_probability_);
    return end - begin;
  }

 private:
  absl::Status BuildTrie();
  absl::Status Renumber();
  void TakeProbabilities();

  StringTable strings_;  // by id, in byte order
  std::vector<double> scores_, probabilities_;
  std::vector<uint32_t> order_;
  ByteTrie trie_;
  double least_score_ = 0, unknown_probability_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_CANDIDATES_H_
