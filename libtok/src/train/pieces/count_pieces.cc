#include <memory>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/cut_corpus.h"
#include "src/train/pieces/piece_sums.h"
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

}  // namespace

absl::StatusOr<PieceCounts> CountPieces(const std::vector<std::string>& inputs, const PieceRules& rules,
                                        const CountPiecesOptions& options) {
  TOK_ASSIGN_OR_RETURN(const PieceCutter cutter, PieceCutter::Create(rules));
  TOK_ASSIGN_OR_RETURN(const CutCorpusResult cut,
                       CutCorpus(inputs, cutter, options, [] { return std::make_unique<CountingSink>(); }));
  std::vector<std::unique_ptr<CountingTable>> tables;
  for (const auto& sink : cut.sinks) tables.push_back(static_cast<CountingSink*>(sink.get())->Release());
  return SumTables(std::move(tables),
                   PieceCounts::Origin{rules, options.split.Spelling(), cut.n_documents, cut.n_bytes},
                   options.n_threads);
}

}  // namespace tok
