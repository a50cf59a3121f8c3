// train/pieces/document_cutting.h: documents in memory cut into pieces, for sinks, by as many threads as call.
//
// Threads: any may call Cut.
#ifndef TOK_SRC_TRAIN_PIECES_DOCUMENT_CUTTING_H_
#define TOK_SRC_TRAIN_PIECES_DOCUMENT_CUTTING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "src/train/pieces/piece_cutter.h"
#include "src/train/pieces/piece_sinks.h"
#include "tok/corpus.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

struct DocumentCuttingOptions {
  Utf8Policy utf8 = Utf8Policy::kError;
  uint64_t n_memory_bytes = 0;    // longer documents are cut in parts, where they lie; 0: no limit
  std::function<bool()> goes_on;  // asked by one thread at a time; may be empty
};

class DocumentCutting {
 public:
  // `cutter` outlives it.
  DocumentCutting(const PieceCutter& cutter, DocumentCuttingOptions options, MakePieceSink make_sink);

  // A document that is long is shared out among n_threads. Errors, whose place is "byte N" of document *failed: those of
  // PieceCutter::Cut; TOK-E030 for one above the budget that cannot be cut in parts; TOK-E061. Those of the sinks are
  // not among them.
  absl::Status Cut(std::span<const Document> documents, unsigned n_threads, size_t* failed);
  bool GoesOn();

  absl::Status sink_status() { return pool_.status(); }
  std::vector<std::unique_ptr<PieceSink>> TakeSinks() { return pool_.TakeAll(); }

 private:
  absl::Status CutWhole(std::string_view text, PieceSink* sink) const;
  bool IsLong(std::string_view text) const;
  bool IsCutInParts(std::string_view text, unsigned n_threads) const;
  absl::Status CutInParts(std::string_view text, unsigned n_threads);

  const PieceCutter& cutter_;
  const DocumentCuttingOptions options_;
  const size_t part_bytes_;
  SinkPool pool_;
  std::mutex asking_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_DOCUMENT_CUTTING_H_
