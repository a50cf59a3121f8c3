// train/pieces/piece_tally.h: sinks that count, and what they add up to, within a memory budget or without.
//
// Threads: MakeSink is for any; each sink belongs to one at a time.
#ifndef TOK_SRC_TRAIN_PIECES_PIECE_TALLY_H_
#define TOK_SRC_TRAIN_PIECES_PIECE_TALLY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "src/train/memory_budget.h"
#include "src/train/pieces/piece_sinks.h"
#include "src/train/pieces/sorted_runs.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class PieceTally {
 public:
  // Errors: TOK-E030, naming the least budget. n_bytes 0: no budget.
  static absl::StatusOr<std::unique_ptr<PieceTally>> Create(uint64_t n_bytes, unsigned n_threads);

  // It outlives its sinks.
  std::unique_ptr<PieceSink> MakeSink();
  // Of the budget, for text in flight. 0: no limit.
  uint64_t n_text_bytes() const { return budget_.is_limited() ? budget_.ForText() : 0; }
  // Of all its sinks; nothing is left of them. Errors: TOK-E030, those of temporary files.
  absl::StatusOr<PieceCounts> Sum(std::vector<std::unique_ptr<PieceSink>> sinks, PieceCounts::Origin origin);

 private:
  PieceTally(const MemoryBudget& budget, unsigned n_threads);

  const MemoryBudget budget_;
  const unsigned n_threads_;
  std::optional<SortedRuns> runs_;  // within a budget
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_PIECE_TALLY_H_
