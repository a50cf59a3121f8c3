#include "src/train/pieces/sorted_runs.h"

#include <iterator>
#include <utility>

#include "src/base/status_macros.h"
#include "src/train/pieces/piece_list.h"

namespace tok {

absl::Status SortedRuns::Add(CountingTable* table) {
  if (table->n_unique() == 0) return absl::OkStatus();
  return CatchScratchFull([&]() -> absl::Status {
    PieceList list(scratch_);
    list.Reserve(table->n_unique(), table->n_unique_bytes());
    absl::Status status;
    table->Drain([&](const CountedPiece& piece) {
      if (status.ok()) status = list.Append(piece);
    });
    TOK_RETURN_IF_ERROR(status);
    return AddRun(std::move(list).Finish({}));
  });
}

absl::Status SortedRuns::Add(const CountedPiece& piece) {
  return CatchScratchFull([&]() -> absl::Status {
    PieceList list(scratch_);
    TOK_RETURN_IF_ERROR(list.Append(piece));
    return AddRun(std::move(list).Finish({}));
  });
}

absl::Status SortedRuns::AddRun(PieceCounts run) {
  const std::lock_guard lock(mutex_);
  for (size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push_back(std::move(run));
    if (levels_[level].size() < kFanIn) return absl::OkStatus();
    TOK_ASSIGN_OR_RETURN(run, MergeSorted(levels_[level], {}, scratch_));
    levels_[level].clear();
  }
}

absl::StatusOr<PieceCounts> SortedRuns::Merge(PieceCounts::Origin origin) {
  std::vector<PieceCounts> runs;
  for (std::vector<PieceCounts>& level : levels_) {
    runs.insert(runs.end(), std::make_move_iterator(level.begin()), std::make_move_iterator(level.end()));
  }
  levels_.clear();
  return CatchScratchFull([&] { return MergeSorted(runs, std::move(origin), scratch_); });
}

}  // namespace tok
