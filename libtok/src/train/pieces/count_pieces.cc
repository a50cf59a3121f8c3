#include <memory>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/train/pieces/cut_corpus.h"
#include "src/train/pieces/piece_cutter.h"
#include "src/train/pieces/piece_tally.h"
#include "tok/piece_counts.h"

namespace tok {

absl::StatusOr<PieceCounts> CountPieces(const std::vector<std::string>& inputs, const PieceRules& rules,
                                        const CountPiecesOptions& options) {
  TOK_ASSIGN_OR_RETURN(const PieceCutter cutter, PieceCutter::Create(rules));
  PieceCounts::Origin origin{rules, options.split.Spelling()};
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<PieceTally> tally,
                       PieceTally::Create(options.n_memory_bytes, options.n_threads));
  CountPiecesOptions cutting = options;
  cutting.n_memory_bytes = tally->n_text_bytes();
  TOK_ASSIGN_OR_RETURN(CutCorpusResult cut,
                       CutCorpus(inputs, cutter, cutting, [&tally] { return tally->MakeSink(); }));
  origin.n_documents = cut.n_documents;
  origin.n_bytes = cut.n_bytes;
  return tally->Sum(std::move(cut.sinks), std::move(origin));
}

}  // namespace tok
