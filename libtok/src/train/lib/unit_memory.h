// train/lib/unit_memory.h: what a LiB reader remembers: the ranked units, which of them are on probation, and the rewards
// that wait for the end of the step.
//
// Model: while a sentence is read, units are only added, at the tail, so ranks stay as they are; EndStep forgets, moves and
// marks. Units are numbers (slots), used again once a unit is gone. Texts and contexts are views of the sentences read,
// which must stay where they are.
// Source: see tok/train_lib.h.
// Cost: O(length) to memorise, O(log units) per reward, O(units on probation) per step.
// Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_UNIT_MEMORY_H_
#define TOK_SRC_TRAIN_LIB_UNIT_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/train/lib/ranked_list.h"
#include "src/train/lib/unit_trie.h"
#include "tok/train_lib.h"

namespace tok {

class UnitMemory {
 public:
  using Unit = UnitTrie::Unit;
  static constexpr Unit kNoUnit = UnitTrie::kNoUnit;

  // The chunks beside a unit when it was memorised; empty at the ends of a sentence.
  struct Context {
    std::string_view left, right;
  };

  UnitMemory(const LibOptions& options, uint64_t max_trie_nodes) : options_(options), trie_(max_trie_nodes) {}

  UnitTrie::Found Find(std::string_view text) { return trie_.Find(text); }
  std::string_view Text(Unit unit) const { return units_[unit].text; }
  size_t Rank(Unit unit);

  // On probation at the tail, unless it is a unit already or longer than the options allow.
  void Memorize(std::string_view text, const std::optional<Context>& context);
  bool IsOnProbation(Unit unit) const { return units_[unit].probation_place != kNotOnProbation; }
  const std::optional<Context>& ContextOf(Unit unit) const { return units_[unit].context; }
  // Requires a unit on probation.
  void Release(Unit unit);
  // Moves the unit at the end of the step: -1 towards the head, 1 towards the tail.
  void Reward(Unit unit, int direction) { rewards_.push_back({unit, direction}); }

  // Forget, rerank, mark.
  void EndStep();
  // The units that are not on probation, best first.
  std::vector<std::string> ReleasedUnits();

  size_t n_units() const { return list_.size(); }
  size_t n_on_probation() const { return probation_.size(); }
  // A unit was not memorised because the trie had no room left.
  bool is_full() const { return is_full_; }
  uint64_t n_trie_steps() const { return trie_.n_steps(); }
  uint64_t n_list_steps() const { return list_.n_steps(); }
  uint64_t n_trie_nodes() const { return trie_.n_nodes(); }

 private:
  static constexpr uint32_t kNotOnProbation = 0xFFFFFFFFu;
  struct UnitData {
    std::string_view text;  // empty: no unit has this slot
    std::optional<Context> context;
    UnitTrie::Node node = 0;
    uint32_t life = 0;
    uint32_t probation_place = kNotOnProbation;  // index into probation_
    uint32_t rank = 0;                           // as of step rank_step
    uint64_t rank_step = 0;
  };
  struct Move {
    Unit unit;
    int direction;
  };

  void PutOnProbation(Unit unit, const std::optional<Context>& context);
  void Delete(Unit unit);
  void Forget();
  void Rerank();
  void Mark();

  const LibOptions options_;
  UnitTrie trie_;
  RankedList list_;
  std::vector<UnitData> units_;
  std::vector<Unit> free_;
  std::vector<Unit> probation_;  // in no order that matters
  std::vector<Move> rewards_;
  uint64_t step_ = 1;
  bool is_full_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_UNIT_MEMORY_H_
