#include "src/train/lib/unit_memory.h"

#include <algorithm>
#include <cmath>

#include "src/train/lib/symbols.h"

namespace tok {

size_t UnitMemory::Rank(Unit unit) {
  // Nothing moves within a step, and most units are asked about many times in one.
  UnitData& data = units_[unit];
  if (data.rank_step != step_) {
    data.rank = static_cast<uint32_t>(list_.Rank(unit));
    data.rank_step = step_;
  }
  return data.rank;
}

void UnitMemory::Memorize(std::string_view text, const std::optional<Context>& context) {
  if (options_.max_chunk_len != 0 && CountSymbols(options_.symbol, text) > options_.max_chunk_len) return;
  if (!trie_.HasRoom(text.size())) {
    is_full_ = true;
    return;
  }
  const UnitTrie::Node node = trie_.MakeNode(text);
  if (trie_.UnitAt(node) != kNoUnit) return;
  Unit unit = static_cast<Unit>(units_.size());
  if (free_.empty()) {
    units_.emplace_back();
  } else {
    unit = free_.back();
    free_.pop_back();
  }
  units_[unit] = {.text = text, .node = node};
  trie_.SetUnit(node, unit);
  list_.Insert(unit, list_.size());
  PutOnProbation(unit, context);
}

void UnitMemory::PutOnProbation(Unit unit, const std::optional<Context>& context) {
  UnitData& data = units_[unit];
  data.context = context;
  data.life = options_.life;
  if (data.probation_place != kNotOnProbation) return;
  data.probation_place = static_cast<uint32_t>(probation_.size());
  probation_.push_back(unit);
}

void UnitMemory::Release(Unit unit) {
  const uint32_t place = units_[unit].probation_place;
  const Unit last = probation_.back();
  probation_[place] = last;
  units_[last].probation_place = place;
  probation_.pop_back();
  units_[unit].probation_place = kNotOnProbation;
}

void UnitMemory::Delete(Unit unit) {
  if (IsOnProbation(unit)) Release(unit);
  list_.Erase(unit);
  trie_.RemoveUnit(units_[unit].node);
  units_[unit] = UnitData();
  free_.push_back(unit);
}

void UnitMemory::EndStep() {
  ++step_;
  Forget();
  Rerank();
  Mark();
}

void UnitMemory::Forget() {
  // Backwards: what a deletion puts in its place has had its turn.
  for (size_t i = probation_.size(); i > 0; --i) {
    const Unit unit = probation_[i - 1];
    if (--units_[unit].life == 0) Delete(unit);
  }
}

void UnitMemory::Rerank() {
  for (const auto [unit, direction] : rewards_) {
    if (units_[unit].text.empty()) continue;  // gone since
    const size_t rank = list_.Rank(unit);
    if (rank == 0) continue;
    const size_t distance = static_cast<size_t>(static_cast<double>(rank) * options_.update_rate) + 1;
    const size_t target = direction > 0 ? rank + distance : rank - std::min(rank, distance);
    if (target >= list_.size()) {
      Delete(unit);
      continue;
    }
    list_.Erase(unit);
    list_.Insert(unit, target);
  }
  rewards_.clear();
}

void UnitMemory::Mark() {
  const size_t n_units = list_.size();
  const auto n_marked = static_cast<size_t>(std::ceil(options_.out_rate * static_cast<double>(n_units)));
  for (size_t i = 1; i <= n_marked; ++i) PutOnProbation(list_.At(n_units - i), std::nullopt);
}

std::vector<std::string> UnitMemory::ReleasedUnits() {
  std::vector<std::string> texts;
  for (size_t rank = 0; rank < list_.size(); ++rank) {
    if (const Unit unit = list_.At(rank); !IsOnProbation(unit)) texts.emplace_back(Text(unit));
  }
  return texts;
}

}  // namespace tok
