#include <memory>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/scratch_memory.h"
#include "src/base/status_macros.h"
#include "src/train/memory_budget.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/cut_corpus.h"
#include "src/train/pieces/piece_sums.h"
#include "src/train/pieces/sorted_runs.h"
#include "src/train/pieces/spilling_table.h"
#include "tok/piece_counts.h"

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

absl::StatusOr<PieceCounts> CountWithin(const MemoryBudget& budget, const std::vector<std::string>& inputs,
                                        const PieceCutter& cutter, PieceCounts::Origin origin,
                                        const CountPiecesOptions& options) {
  const unsigned n_threads = options.n_threads == 0 ? AvailableThreads() : options.n_threads;
  SortedRuns runs(budget.MakeScratch(budget.ForCounts()));
  CountPiecesOptions cutting = options;
  cutting.n_memory_bytes = budget.ForText();
  TOK_ASSIGN_OR_RETURN(CutCorpusResult cut, CutCorpus(inputs, cutter, cutting, [&] {
                         return std::make_unique<SpillingSink>(budget.ForTables(n_threads) / n_threads,
                                                               &runs);
                       }));
  for (std::unique_ptr<PieceSink>& sink : cut.sinks) {
    TOK_RETURN_IF_ERROR(static_cast<SpillingSink*>(sink.get())->Finish());
    sink.reset();
  }
  origin.n_documents = cut.n_documents;
  origin.n_bytes = cut.n_bytes;
  return runs.Merge(std::move(origin));
}

}  // namespace

absl::StatusOr<PieceCounts> CountPieces(const std::vector<std::string>& inputs, const PieceRules& rules,
                                        const CountPiecesOptions& options) {
  TOK_ASSIGN_OR_RETURN(const PieceCutter cutter, PieceCutter::Create(rules));
  PieceCounts::Origin origin{rules, options.split.Spelling()};
  TOK_ASSIGN_OR_RETURN(const MemoryBudget budget,
                       MemoryBudget::Create(options.n_memory_bytes, options.n_threads, /*n_tokens=*/0));
  if (budget.is_limited()) return CountWithin(budget, inputs, cutter, std::move(origin), options);
  TOK_ASSIGN_OR_RETURN(const CutCorpusResult cut,
                       CutCorpus(inputs, cutter, options, [] { return std::make_unique<CountingSink>(); }));
  std::vector<std::unique_ptr<CountingTable>> tables;
  for (const auto& sink : cut.sinks) tables.push_back(static_cast<CountingSink*>(sink.get())->Release());
  origin.n_documents = cut.n_documents;
  origin.n_bytes = cut.n_bytes;
  return SumTables(std::move(tables), std::move(origin), options.n_threads);
}

}  // namespace tok
