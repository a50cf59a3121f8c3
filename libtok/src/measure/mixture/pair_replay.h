// measure/mixture/pair_replay.h: how often each pair of neighbouring tokens occurs in a text before each merge of a given list.
//
// Model: time t is before merge t; at time 0 the text is symbols. What is stored is what changed: the pairs whose counts are
// other than at the time before, in the order of their keys (train/bpe/pair_key.h), with the difference; and the same once more
// by pair, so that any count is a search among its changes.
// Cost: that of TokenizedPieces. Memory: 24 bytes a change, 40 a pair.
// Threads: immutable once made. Determinism: the same numbers of pairs for any order of pieces.
#ifndef TOK_SRC_MEASURE_MIXTURE_PAIR_REPLAY_H_
#define TOK_SRC_MEASURE_MIXTURE_PAIR_REPLAY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/measure/mixture/merge_steps.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class PairReplay {
 public:
  // goes_on: asked now and then, may be empty; false is TOK-E061. Errors: TOK-E030.
  static absl::StatusOr<PairReplay> Create(const PieceCounts& counts, const MergeSteps& merges,
                                           const std::function<bool()>& goes_on);

  // Pairs are numbered as they come up.
  size_t n_pairs() const { return keys_.size(); }
  uint64_t Key(uint32_t pair) const { return keys_[pair]; }
  // Of all pairs at time 0.
  uint64_t n_at_first() const { return n_at_first_; }

  size_t n_times() const { return time_ends_.size(); }
  // What is other at `time` than at the time before, or than nothing.
  std::span<const uint32_t> PairsAt(size_t time) const {
    return std::span(pairs_).subspan(Begin(time), Size(time));
  }
  std::span<const int64_t> ChangesAt(size_t time) const {
    return std::span(changes_).subspan(Begin(time), Size(time));
  }

  // How often the pair of this key occurs at `time`.
  uint64_t CountAt(uint64_t key, size_t time) const;

 private:
  using Changes = absl::flat_hash_map<uint64_t, int64_t>;
  size_t Begin(size_t time) const { return time == 0 ? 0 : time_ends_[time - 1]; }
  size_t Size(size_t time) const { return time_ends_[time] - Begin(time); }
  void EndTime(Changes* changes);
  void IndexByPair();

  std::vector<uint64_t> keys_;
  absl::flat_hash_map<uint64_t, uint32_t> numbers_;  // of keys
  uint64_t n_at_first_ = 0;
  std::vector<size_t> time_ends_;
  std::vector<uint32_t> pairs_;
  std::vector<int64_t> changes_;
  // By pair: the times of its changes, and its counts from then on.
  std::vector<size_t> pair_begins_;
  std::vector<uint32_t> times_;
  std::vector<uint64_t> counts_;
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_MIXTURE_PAIR_REPLAY_H_
