#include "src/train/pieces/piece_tally.h"

#include <span>
#include <string_view>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/piece_sums.h"
#include "src/train/pieces/spilling_table.h"

namespace tok {
namespace {

class CountingSink final : public PieceSink {
 public:
  void Add(std::string_view text, std::span<const PieceRange> pieces) override { table_->Add(text, pieces); }
  std::unique_ptr<CountingTable> Release() { return std::move(table_); }

 private:
  std::unique_ptr<CountingTable> table_ = std::make_unique<CountingTable>();
};

class SpillingSink final : public PieceSink {
 public:
  SpillingSink(size_t n_bytes, SortedRuns* runs) : table_(n_bytes, runs) {}
  void Add(std::string_view text, std::span<const PieceRange> pieces) override { table_.Add(text, pieces); }
  absl::Status status() const override { return table_.status(); }
  absl::Status Finish() { return table_.Finish(); }

 private:
  SpillingTable table_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PieceTally>> PieceTally::Create(uint64_t n_bytes, unsigned n_threads) {
  TOK_ASSIGN_OR_RETURN(const MemoryBudget budget, MemoryBudget::Create(n_bytes, n_threads, /*n_tokens=*/0));
  return std::unique_ptr<PieceTally>(
      new PieceTally(budget, n_threads == 0 ? AvailableThreads() : n_threads));
}

PieceTally::PieceTally(const MemoryBudget& budget, unsigned n_threads)
    : budget_(budget), n_threads_(n_threads) {
  if (budget_.is_limited()) runs_.emplace(budget_.MakeScratch(budget_.ForCounts()));
}

std::unique_ptr<PieceSink> PieceTally::MakeSink() {
  if (!runs_) return std::make_unique<CountingSink>();
  return std::make_unique<SpillingSink>(budget_.ForTables(n_threads_) / n_threads_, &*runs_);
}

absl::StatusOr<PieceCounts> PieceTally::Sum(std::vector<std::unique_ptr<PieceSink>> sinks,
                                            PieceCounts::Origin origin) {
  if (runs_) {
    for (std::unique_ptr<PieceSink>& sink : sinks) {
      TOK_RETURN_IF_ERROR(static_cast<SpillingSink*>(sink.get())->Finish());
      sink.reset();
    }
    return runs_->Merge(std::move(origin));
  }
  std::vector<std::unique_ptr<CountingTable>> tables;
  for (const auto& sink : sinks) tables.push_back(static_cast<CountingSink*>(sink.get())->Release());
  return SumTables(std::move(tables), std::move(origin), n_threads_);
}

}  // namespace tok
