// train/pieces/cut_corpus.h: the pieces of a corpus, handed to sinks by many threads.
//
// Model: documents are read in blocks (encode/block_pipeline.h), cut, and their pieces given to a sink that no other thread
// uses meanwhile. There are as many sinks as threads were at work at once. Which pieces reach which sink, and in which order,
// is not determined: what is made of the sinks in the end must not depend on it.
#ifndef TOK_SRC_TRAIN_PIECES_CUT_CORPUS_H_
#define TOK_SRC_TRAIN_PIECES_CUT_CORPUS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/split/pre_tokenizer.h"
#include "src/train/pieces/piece_cutter.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class PieceSink {
 public:
  virtual ~PieceSink() = default;
  virtual void Add(std::string_view text, std::span<const PieceRange> pieces) = 0;
  // What it could not take: ends the run.
  virtual absl::Status status() const { return absl::OkStatus(); }
};

struct CutCorpusResult {
  std::vector<std::unique_ptr<PieceSink>> sinks;
  uint64_t n_documents = 0;
  uint64_t n_bytes = 0;  // of the documents
};

// Errors: those of CountPieces (tok/piece_counts.h), and of the sinks.
absl::StatusOr<CutCorpusResult> CutCorpus(const std::vector<std::string>& inputs, const PieceCutter& cutter,
                                          const CountPiecesOptions& options,
                                          const std::function<std::unique_ptr<PieceSink>()>& make_sink);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_CUT_CORPUS_H_
