// measure/mixture/mixture_program.h: the linear programme of data mixture inference, its rows added as they are found broken.
//
// Model: see tok/measure_mixture.h. Columns are the shares, and one for each merge and each pair that is in a row. An epoch goes
// through the merges in order with the shares and v of the last solution: at each merge it looks at the most frequent rivals that
// break their row, at most kRivalsPerMerge that have none yet. Of each rival it keeps the row that is broken most, unless all
// are few: the others mostly hold once that one does. (The authors add all, of which there are six times as many.) Once it has
// enough rows, more as the programme grows, it stops, and the programme is solved anew. When a whole sweep finds none, the
// solution is that of the programme with all rows. It may end before: raising each v_p by the most that p breaks a row makes
// all of them hold, so that the least misfit is between that of the solution and that and the sum of these.
// Rivals are in a max-heap by frequency less v_p, as it was when they were put there: what has fallen since is put right when
// it comes up. A pair that is rarer than any merge to come need not be there.
// Numbers are pairs per million. Frequencies are added up from changes in double precision: they stray by parts in 10^12, far
// below any tolerance.
// Cost of an epoch: one visit a change, a heap of the rivals, and the pivots that the new rows ask for. Memory: 24 bytes a pair of any sample, beside the replays.
// Threads: one.
#ifndef TOK_SRC_MEASURE_MIXTURE_MIXTURE_PROGRAM_H_
#define TOK_SRC_MEASURE_MIXTURE_MIXTURE_PROGRAM_H_

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/measure/mixture/linear_program.h"
#include "src/measure/mixture/merge_steps.h"
#include "src/measure/mixture/pair_replay.h"
#include "tok/status.h"

namespace tok {

class MixtureProgram {
 public:
  struct Options {
    double tolerance;  // by which a row may be broken, in pairs per million
    double gap;        // of the misfit: how far it may be from its least value
    // Told how many merges the present sweep has passed, now and then and when it ends: false ends the work. May be empty.
    std::function<bool(const MixtureProgram&, size_t n_passed)> goes_on;
  };

  // All of `merges` in `replays`, which are of samples of these sizes, not 0. All of them outlive the programme.
  MixtureProgram(const MergeSteps& merges, std::span<const PairReplay> replays, std::span<const double> sizes,
                 Options options);

  // Errors: TOK-E061, TOK-E090.
  absl::Status Solve();
  double Share(size_t sample) const { return shares_[sample]; }
  double misfit() const { return misfit_; }
  double merge_misfit() const;
  double pair_misfit() const;
  uint64_t n_epochs() const { return n_epochs_; }
  size_t n_rows() const { return rows_.size(); }
  // Whether no sample has the pair of a merge when its time comes.
  bool IsAbsent(size_t merge) const;

  // How much the misfit grows, by the rows at hand, if the share is `change` larger, as far as it can be. After Solve; infinity
  // if it cannot change at all.
  absl::StatusOr<double> RiseIfMoved(size_t sample, double change);

 private:
  static constexpr size_t kRivalsPerMerge = 10;
  static constexpr size_t kRowsPerEpoch = 100;
  static constexpr size_t kFewRows = 1000;
  static constexpr uint32_t kNoColumn = UINT32_MAX;
  struct Rival {
    double excess;
    uint32_t pair;
    // The order of a max-heap.
    friend bool operator<(const Rival& a, const Rival& b) {
      return a.excess != b.excess ? a.excess < b.excess : a.pair > b.pair;
    }
  };
  struct NewRow {
    uint32_t merge, pair;
    double gap;  // by how much it is broken
  };

  void NumberPairs();
  void CountMergedPairs();
  double* MergedCounts(size_t merge) { return &merged_counts_[merge * replays_.size()]; }
  const double* MergedCounts(size_t merge) const { return &merged_counts_[merge * replays_.size()]; }
  bool SaysNothing(size_t merge) const;
  double VOf(uint32_t column) const { return column == kNoColumn ? 0 : program_.Value(column); }

  // One epoch: the rows that it finds.
  absl::StatusOr<std::vector<NewRow>> Sweep();
  void BeginSweep();
  void ApplyChanges(size_t time);
  void Queue(uint32_t pair, size_t time);
  void TakeRivals(size_t merge);

  void AddRow(NewRow row);
  uint32_t ColumnOfPair(uint32_t pair);
  absl::Status SolveRows();

  const MergeSteps& merges_;
  const std::span<const PairReplay> replays_;
  const std::vector<double> scales_;  // from a count to pairs per million, by sample
  const Options options_;

  std::vector<uint64_t> keys_;                  // of pairs, numbered over all samples
  std::vector<std::vector<uint32_t>> numbers_;  // by sample: its pair -> that number
  absl::flat_hash_map<uint64_t, uint32_t> number_of_key_;
  std::vector<double> merged_counts_;  // of each merge's pair at its time, by sample

  LinearProgram program_;
  std::vector<uint32_t> merge_columns_;  // kNoColumn: in no row
  absl::flat_hash_map<uint32_t, uint32_t> pair_columns_;
  std::vector<uint32_t> columned_pairs_;  // in the order of their columns
  absl::flat_hash_set<uint64_t> rows_;
  std::vector<double> shares_;
  double misfit_ = 0;
  uint64_t n_epochs_ = 0;

  // Of a sweep.
  std::vector<double> frequencies_;    // by pair
  std::vector<double> pair_vs_;        // by pair
  std::vector<double> limits_;         // by merge: what no rival may exceed
  std::vector<double> lowest_limits_;  // of this and all later merges
  std::vector<double> queued_;         // by pair: the excess it is in the heap with; below 0: it is not
  std::vector<Rival> heap_;
  bool is_whole_sweep_ = false;
  std::vector<NewRow> found_, worst_rows_;              // all; and of each pair the one that is broken most
  absl::flat_hash_map<uint32_t, size_t> worst_row_of_;  // pair -> place in worst_rows_
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_MIXTURE_MIXTURE_PROGRAM_H_
