#include "src/measure/mixture/pair_replay.h"

#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/tokenized_pieces.h"

namespace tok {

absl::StatusOr<PairReplay> PairReplay::Create(const PieceCounts& counts, const MergeSteps& merges,
                                              const std::function<bool()>& goes_on) {
  constexpr size_t kStepsBetweenQuestions = 64;
  PairReplay replay;
  Changes changes;
  const SpellPiece spell = [&](std::string_view piece, std::vector<TokenId>* tokens) {
    merges.Spell(piece, tokens);
  };
  TOK_ASSIGN_OR_RETURN(
      TokenizedPieces text,
      TokenizedPieces::Create(counts, spell, [&](uint64_t key, int64_t change) { changes[key] += change; }));
  for (const auto& [key, change] : changes) replay.n_at_first_ += static_cast<uint64_t>(change);
  replay.EndTime(&changes);
  // The last merge changes nothing that another is compared with.
  for (size_t i = 0; i + 1 < merges.steps().size(); ++i) {
    if (goes_on && i % kStepsBetweenQuestions == 0 && !goes_on()) {
      return MakeError(ErrorCode::kInterrupted, "replay", Concat("stopped before merge ", i));
    }
    const MergeSteps::Step& step = merges.steps()[i];
    text.Merge(step.left, step.right, step.token);
    replay.EndTime(&changes);
  }
  replay.IndexByPair();
  return replay;
}

void PairReplay::EndTime(Changes* changes) {
  std::vector<std::pair<uint64_t, int64_t>> sorted;
  for (const auto& change : *changes) {
    if (change.second != 0) sorted.push_back(change);
  }
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [key, change] : sorted) {
    const auto [found, is_new] = numbers_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
    if (is_new) keys_.push_back(key);
    pairs_.push_back(found->second);
    changes_.push_back(change);
  }
  time_ends_.push_back(pairs_.size());
  changes->clear();
}

void PairReplay::IndexByPair() {
  pair_begins_.assign(keys_.size() + 1, 0);
  for (const uint32_t pair : pairs_) ++pair_begins_[pair + 1];
  for (size_t pair = 0; pair < keys_.size(); ++pair) pair_begins_[pair + 1] += pair_begins_[pair];
  times_.resize(pairs_.size());
  counts_.resize(pairs_.size());
  std::vector<size_t> next(pair_begins_.begin(), pair_begins_.end() - 1);
  for (size_t time = 0; time < n_times(); ++time) {
    for (size_t i = Begin(time); i < time_ends_[time]; ++i) {
      const uint32_t pair = pairs_[i];
      const size_t at = next[pair]++;
      times_[at] = static_cast<uint32_t>(time);
      counts_[at] = (at == pair_begins_[pair] ? 0 : counts_[at - 1]) + static_cast<uint64_t>(changes_[i]);
    }
  }
}

uint64_t PairReplay::CountAt(uint64_t key, size_t time) const {
  const auto found = numbers_.find(key);
  if (found == numbers_.end()) return 0;
  const auto begin = times_.begin() + static_cast<std::ptrdiff_t>(pair_begins_[found->second]),
             end = times_.begin() + static_cast<std::ptrdiff_t>(pair_begins_[found->second + 1]);
  const auto behind = std::upper_bound(begin, end, time);
  return behind == begin ? 0 : counts_[static_cast<size_t>(behind - times_.begin()) - 1];
}

}  // namespace tok
