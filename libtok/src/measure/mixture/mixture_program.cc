#include "src/measure/mixture/mixture_program.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/pair_key.h"

namespace tok {
namespace {

constexpr double kMillion = 1e6;
constexpr double kSolverTolerance = 1e-6;
constexpr double kNotQueued = -std::numeric_limits<double>::infinity();

std::vector<double> ScalesOf(std::span<const double> sizes) {
  std::vector<double> scales;
  for (const double size : sizes) scales.push_back(kMillion / size);
  return scales;
}

uint64_t RowKey(uint32_t merge, uint32_t pair) { return uint64_t{merge} << 32 | pair; }

}  // namespace

MixtureProgram::MixtureProgram(const MergeSteps& merges, std::span<const PairReplay> replays,
                               std::span<const double> sizes, Options options)
    : merges_(merges),
      replays_(replays),
      scales_(ScalesOf(sizes)),
      options_(std::move(options)),
      program_(kSolverTolerance),
      merge_columns_(merges.steps().size(), kNoColumn),
      shares_(replays.size(), 1.0 / static_cast<double>(replays.size())) {
  NumberPairs();
  CountMergedPairs();
  std::vector<LinearProgram::Term> sum;
  for (size_t i = 0; i < replays_.size(); ++i) sum.push_back({program_.AddColumn(0, 0, 1), 1});
  program_.AddRow(sum, 1, 1);
}

void MixtureProgram::NumberPairs() {
  for (const PairReplay& replay : replays_) {
    std::vector<uint32_t>& numbers = numbers_.emplace_back();
    numbers.reserve(replay.n_pairs());
    for (uint32_t pair = 0; pair < replay.n_pairs(); ++pair) {
      const auto next = static_cast<uint32_t>(keys_.size());
      const auto [found, is_new] = number_of_key_.try_emplace(replay.Key(pair), next);
      if (is_new) keys_.push_back(replay.Key(pair));
      numbers.push_back(found->second);
    }
  }
}

void MixtureProgram::CountMergedPairs() {
  merged_counts_.resize(merges_.steps().size() * replays_.size());
  for (size_t merge = 0; merge < merges_.steps().size(); ++merge) {
    const uint64_t key = PairKey(merges_.steps()[merge].left, merges_.steps()[merge].right);
    for (size_t i = 0; i < replays_.size(); ++i) {
      MergedCounts(merge)[i] = scales_[i] * static_cast<double>(replays_[i].CountAt(key, merge));
    }
  }
}

bool MixtureProgram::IsAbsent(size_t merge) const {
  const double* const counts = MergedCounts(merge);
  return std::all_of(counts, counts + replays_.size(), [](double count) { return count == 0; });
}

bool MixtureProgram::SaysNothing(size_t merge) const {
  return merges_.steps()[merge].is_hand_added || IsAbsent(merge);
}

double MixtureProgram::merge_misfit() const {
  double sum = 0;
  for (const uint32_t column : merge_columns_) sum += VOf(column);
  return sum;
}

double MixtureProgram::pair_misfit() const {
  double sum = 0;
  for (const uint32_t pair : columned_pairs_) sum += program_.Value(pair_columns_.at(pair));
  return sum;
}

absl::Status MixtureProgram::Solve() {
  while (true) {
    TOK_ASSIGN_OR_RETURN(const std::vector<NewRow> found, Sweep());
    if (found.empty()) break;
    double gap = 0;
    for (const NewRow& row : worst_rows_) gap += row.gap;
    if (is_whole_sweep_ && gap <= options_.gap * misfit_) break;
    for (const NewRow& row : found) AddRow(row);
    TOK_RETURN_IF_ERROR(SolveRows());
  }
  return n_epochs_ > 0 ? absl::OkStatus() : SolveRows();
}

absl::Status MixtureProgram::SolveRows() {
  TOK_RETURN_IF_ERROR(program_.Solve());
  ++n_epochs_;
  misfit_ = program_.objective();
  double sum = 0;
  for (size_t i = 0; i < shares_.size(); ++i) {
    shares_[i] = std::clamp(program_.Value(static_cast<uint32_t>(i)), 0.0, 1.0);
    sum += shares_[i];
  }
  for (double& share : shares_) share /= sum;  // within the solver's tolerance of 1
  return absl::OkStatus();
}

void MixtureProgram::BeginSweep() {
  const size_t n_merges = merges_.steps().size();
  frequencies_.assign(keys_.size(), 0);
  queued_.assign(keys_.size(), kNotQueued);
  pair_vs_.assign(keys_.size(), 0);
  for (const uint32_t pair : columned_pairs_) pair_vs_[pair] = VOf(pair_columns_.at(pair));
  heap_.clear();
  found_.clear();
  worst_rows_.clear();
  worst_row_of_.clear();
  limits_.assign(n_merges, std::numeric_limits<double>::infinity());
  for (size_t merge = 0; merge < n_merges; ++merge) {
    if (SaysNothing(merge)) continue;
    limits_[merge] = VOf(merge_columns_[merge]) + options_.tolerance;
    for (size_t i = 0; i < shares_.size(); ++i) limits_[merge] += shares_[i] * MergedCounts(merge)[i];
  }
  lowest_limits_ = limits_;
  for (size_t merge = n_merges; merge-- > 1;) {
    lowest_limits_[merge - 1] = std::min(lowest_limits_[merge - 1], lowest_limits_[merge]);
  }
}

absl::StatusOr<std::vector<MixtureProgram::NewRow>> MixtureProgram::Sweep() {
  constexpr size_t kMergesBetweenQuestions = 1024;
  const size_t n_wanted = std::max(kRowsPerEpoch, rows_.size() / 2);
  BeginSweep();
  size_t merge = 0;
  for (; merge < merges_.steps().size() && worst_rows_.size() < n_wanted; ++merge) {
    if (options_.goes_on && merge % kMergesBetweenQuestions == 0 && !options_.goes_on(*this, merge)) {
      return MakeError(ErrorCode::kInterrupted, "mixture", Concat("stopped with ", n_rows(), " rows"));
    }
    ApplyChanges(merge);
    if (!SaysNothing(merge)) TakeRivals(merge);
  }
  is_whole_sweep_ = merge == merges_.steps().size();
  return found_.size() <= std::max(kFewRows, rows_.size() / 16) ? found_ : worst_rows_;
}

void MixtureProgram::ApplyChanges(size_t time) {
  for (size_t i = 0; i < replays_.size(); ++i) {
    const double scale = shares_[i] * scales_[i];
    if (scale == 0) continue;
    const std::span<const uint32_t> pairs = replays_[i].PairsAt(time);
    const std::span<const int64_t> changes = replays_[i].ChangesAt(time);
    for (size_t k = 0; k < pairs.size(); ++k) {
      frequencies_[numbers_[i][pairs[k]]] += scale * static_cast<double>(changes[k]);
    }
  }
  for (size_t i = 0; i < replays_.size(); ++i) {
    if (shares_[i] == 0) continue;
    const std::span<const int64_t> changes = replays_[i].ChangesAt(time);
    for (size_t k = 0; k < changes.size(); ++k) {
      if (changes[k] > 0) Queue(numbers_[i][replays_[i].PairsAt(time)[k]], time);
    }
  }
}

void MixtureProgram::Queue(uint32_t pair, size_t time) {
  const double excess = frequencies_[pair] - pair_vs_[pair];
  if (excess <= lowest_limits_[time] || excess <= queued_[pair]) return;
  queued_[pair] = excess;
  heap_.push_back({excess, pair});
  std::push_heap(heap_.begin(), heap_.end());
}

void MixtureProgram::TakeRivals(size_t merge) {
  const MergeSteps::Step& step = merges_.steps()[merge];
  const uint64_t merged_key = PairKey(step.left, step.right);
  std::vector<uint32_t> seen;
  for (size_t n_rivals = 0; n_rivals < kRivalsPerMerge && !heap_.empty();) {
    const Rival top = heap_.front();
    if (top.excess <= limits_[merge]) break;
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    if (top.excess != queued_[top.pair]) continue;  // it is there with a higher one, or was
    queued_[top.pair] = kNotQueued;
    if (top.excess > frequencies_[top.pair] - pair_vs_[top.pair]) {
      Queue(top.pair, merge);  // it has fallen
      continue;
    }
    seen.push_back(top.pair);
    if (keys_[top.pair] == merged_key) continue;
    if (rows_.contains(RowKey(static_cast<uint32_t>(merge), top.pair))) continue;
    ++n_rivals;
    const NewRow row = {static_cast<uint32_t>(merge), top.pair, top.excess - limits_[merge]};
    found_.push_back(row);
    const auto [worst, is_first] = worst_row_of_.try_emplace(top.pair, worst_rows_.size());
    if (is_first) {
      worst_rows_.push_back(row);
    } else if (row.gap > worst_rows_[worst->second].gap) {
      worst_rows_[worst->second] = row;
    }
  }
  for (const uint32_t pair : seen) Queue(pair, merge);
}

uint32_t MixtureProgram::ColumnOfPair(uint32_t pair) {
  const auto [found, is_new] = pair_columns_.try_emplace(pair, kNoColumn);
  if (is_new) {
    found->second = program_.AddColumn(1, 0, LinearProgram::kNoBound);
    columned_pairs_.push_back(pair);
  }
  return found->second;
}

void MixtureProgram::AddRow(NewRow row) {
  const auto [merge, pair, gap] = row;
  rows_.insert(RowKey(merge, pair));
  uint32_t& merge_column = merge_columns_[merge];
  if (merge_column == kNoColumn) merge_column = program_.AddColumn(1, 0, LinearProgram::kNoBound);
  std::vector<LinearProgram::Term> terms = {{merge_column, 1}, {ColumnOfPair(pair), 1}};
  for (size_t i = 0; i < replays_.size(); ++i) {
    const double count = scales_[i] * static_cast<double>(replays_[i].CountAt(keys_[pair], merge));
    const double factor = MergedCounts(merge)[i] - count;
    if (factor != 0) terms.push_back({static_cast<uint32_t>(i), factor});
  }
  program_.AddRow(terms, 0, LinearProgram::kNoBound);
}

absl::StatusOr<double> MixtureProgram::RiseIfMoved(size_t sample, double change) {
  const double moved = std::clamp(shares_[sample] + change, 0.0, 1.0);
  if (moved == shares_[sample]) return std::numeric_limits<double>::infinity();
  const auto column = static_cast<uint32_t>(sample);
  program_.SetBounds(column, moved, moved);
  const absl::Status solved = program_.Solve();
  const double rise = program_.objective() - misfit_;
  program_.SetBounds(column, 0, 1);
  if (!solved.ok()) return solved;
  return std::max(rise, 0.0);
}

}  // namespace tok
