// train/pieces/cut_corpus.h: the pieces of a corpus, handed to sinks by many threads.
//
// Model: documents are read in blocks (encode/block_pipeline.h), and cut (document_cutting.h).
#ifndef TOK_SRC_TRAIN_PIECES_CUT_CORPUS_H_
#define TOK_SRC_TRAIN_PIECES_CUT_CORPUS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/train/pieces/piece_cutter.h"
#include "src/train/pieces/piece_sinks.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

struct CutCorpusResult {
  std::vector<std::unique_ptr<PieceSink>> sinks;
  uint64_t n_documents = 0;
  uint64_t n_bytes = 0;  // of the documents
};

// Errors: those of CountPieces (tok/piece_counts.h), and of the sinks.
absl::StatusOr<CutCorpusResult> CutCorpus(const std::vector<std::string>& inputs, const PieceCutter& cutter,
                                          const CountPiecesOptions& options, MakePieceSink make_sink);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_CUT_CORPUS_H_
