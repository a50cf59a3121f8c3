// corpus/document_cutter.h: where documents end in a run of bytes.
//
// Model: `bytes` begin with a document. Lines and JSON lines end after an LF, FASTA records after an LF before '>'; separated
// documents end after a separator, found leftmost and not overlapping, so the search starts from the first document each time.
// Cost: linear in the bytes; the search resumes where it stopped when more bytes arrive.
#ifndef TOK_SRC_CORPUS_DOCUMENT_CUTTER_H_
#define TOK_SRC_CORPUS_DOCUMENT_CUTTER_H_

#include <cstddef>
#include <string_view>

#include "tok/corpus.h"

namespace tok {

class DocumentCutter {
 public:
  // `split` is not kFile and outlives the cutter.
  explicit DocumentCutter(const DocumentSplit& split) : split_(split) {}

  // The first document end at or after `target`; npos if the bytes hold none. Later calls pass the same bytes
  // with more behind them, and no smaller target.
  size_t EndAtOrAfter(std::string_view bytes, size_t target);

 private:
  const DocumentSplit& split_;
  size_t last_end_ = 0;  // a document end already found
  size_t searched_ = 0;  // no document ends in between that and here
};

}  // namespace tok

#endif  // TOK_SRC_CORPUS_DOCUMENT_CUTTER_H_
