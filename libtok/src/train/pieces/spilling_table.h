// train/pieces/spilling_table.h: a counting table within so many bytes: what is in it becomes a run when there is no room.
//
// Threads: one; the runs are shared.
#ifndef TOK_SRC_TRAIN_PIECES_SPILLING_TABLE_H_
#define TOK_SRC_TRAIN_PIECES_SPILLING_TABLE_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "src/split/pre_tokenizer.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/sorted_runs.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class SpillingTable {
 public:
  // `runs` outlives it. n_bytes: CountingTable::kLeastMemory or more, else nearly every piece becomes a run.
  SpillingTable(size_t n_bytes, SortedRuns* runs) : n_bytes_(n_bytes), runs_(*runs) {}

  // Each piece of `text` once more. Nothing more is added after an error.
  void Add(std::string_view text, std::span<const PieceRange> pieces);
  void Add(const CountedPiece& piece);
  // What is left becomes the last run.
  absl::Status Finish();
  // Errors: those of the runs.
  const absl::Status& status() const { return status_; }

 private:
  // How many of the pieces were added.
  size_t AddSome(std::string_view text, std::span<const PieceRange> pieces);
  // So long that it is a run of its own.
  bool IsLarge(size_t n_bytes) const { return n_bytes > n_bytes_ / 8; }
  void MakeRoom(size_t n_pieces, size_t n_long_bytes);

  const size_t n_bytes_;
  SortedRuns& runs_;
  CountingTable table_;
  absl::Status status_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_SPILLING_TABLE_H_
