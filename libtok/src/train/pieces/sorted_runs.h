// train/pieces/sorted_runs.h: counts that are too many for the memory, in parts that are in byte order.
//
// Model: a table that is full becomes a run, its pieces in byte order, in scratch memory (base/scratch_memory.h: nameless files
// beyond the budget), and is empty again; in the end all runs are merged in step. As soon as there are many of a kind they are
// merged into one: what frequent pieces take in every run is given back.
// Errors: TOK-E003 for the files, TOK-E030 for a text of 2^63 bytes.
// Threads: any may add; the merges that this brings about keep others waiting.
// Cost: each piece of a run is written once and once more for each time that the runs of its kind are merged, which is
// log(n_runs) / log(kFanIn) times.
#ifndef TOK_SRC_TRAIN_PIECES_SORTED_RUNS_H_
#define TOK_SRC_TRAIN_PIECES_SORTED_RUNS_H_

#include <memory>
#include <mutex>
#include <vector>

#include "src/base/scratch_memory.h"
#include "src/train/pieces/counting_table.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class SortedRuns {
 public:
  explicit SortedRuns(std::shared_ptr<ScratchMemory> scratch) : scratch_(std::move(scratch)) {}

  // Leaves the table empty.
  absl::Status Add(CountingTable* table);
  absl::Status Add(const CountedPiece& piece);
  // What all of it adds up to. Nothing is left here.
  absl::StatusOr<PieceCounts> Merge(PieceCounts::Origin origin);

 private:
  static constexpr size_t kFanIn = 64;

  absl::Status AddRun(PieceCounts run);

  std::shared_ptr<ScratchMemory> scratch_;
  std::mutex mutex_;
  std::vector<std::vector<PieceCounts>> levels_;  // runs of level n are made of kFanIn runs of the one below
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_SORTED_RUNS_H_
