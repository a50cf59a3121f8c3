#include "src/train/lib/open_races.h"

#include <algorithm>
#include <utility>

#include "src/train/lib/symbols.h"

namespace tok {

void OpenRaces::Start(std::string_view sentence) {
  sentence_ = sentence;
  position_ = 0;
  reader_ = Totals();
  races_.clear();
  walker_at_.assign(sentence.size() + 1, kNone);
}

OpenRaces::Totals OpenRaces::TotalsOf(Unit chunk) {
  return {1, chunk == UnitMemory::kNoUnit ? 0 : memory_->Rank(chunk)};
}

void OpenRaces::TakeChunk(Unit chunk) { reader_ = reader_ + TotalsOf(chunk); }

void OpenRaces::Open(size_t position, Unit chunk, Unit alternative) {
  const auto race = static_cast<uint32_t>(races_.size());
  races_.push_back({chunk, alternative, reader_ - TotalsOf(chunk), TotalsOf(alternative)});
  const uint32_t walker = NewWalker();
  walkers_[walker].races.push_back(race);
  Join(walker, position + memory_->Text(alternative).size());
}

void OpenRaces::AdvanceTo(size_t position) {
  for (; position_ < position; ++position_) {
    const uint32_t walker = walker_at_[position_];
    if (walker == kNone) continue;
    const Unit chunk = memory_->Find(sentence_.substr(position_)).longest;
    const size_t n_bytes = chunk == UnitMemory::kNoUnit ? SymbolLength(symbol_, sentence_, position_)
                                                        : memory_->Text(chunk).size();
    walkers_[walker].totals = walkers_[walker].totals + TotalsOf(chunk);
    Join(walker, position_ + n_bytes);
  }
  if (walker_at_[position] != kNone) Judge(std::exchange(walker_at_[position], kNone));
}

void OpenRaces::Join(uint32_t from, size_t position) {
  uint32_t& to = walker_at_[position];
  if (to == kNone) {
    to = from;
    return;
  }
  if (walkers_[to].races.size() < walkers_[from].races.size()) std::swap(to, from);
  const Totals difference = walkers_[from].totals - walkers_[to].totals;
  for (const uint32_t race : walkers_[from].races) {
    ++n_moves_;
    races_[race].ahead = races_[race].ahead + difference;
    walkers_[to].races.push_back(race);
  }
  walkers_[from].races.clear();
  free_walkers_.push_back(from);
}

uint32_t OpenRaces::NewWalker() {
  if (free_walkers_.empty()) {
    walkers_.emplace_back();
    return static_cast<uint32_t>(walkers_.size() - 1);
  }
  const uint32_t walker = free_walkers_.back();
  free_walkers_.pop_back();
  walkers_[walker].totals = Totals();
  return walker;
}

void OpenRaces::Judge(uint32_t walker) {
  std::vector<uint32_t>& races = walkers_[walker].races;
  std::sort(races.begin(), races.end());  // rewards wait in the order in which the races began
  for (const uint32_t index : races) {
    const Race& race = races_[index];
    const Totals alternative = race.ahead + walkers_[walker].totals;
    if (alternative.IsBetterThan(reader_ - race.reader_before)) {
      memory_->Reward(race.alternative, -1);
      memory_->Reward(race.chunk, 1);
    } else {
      memory_->Reward(race.chunk, -1);
    }
  }
  races.clear();
  free_walkers_.push_back(walker);
}

}  // namespace tok
