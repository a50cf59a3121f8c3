// model/schemes/document_draws.h: random numbers for the pieces of a document.
//
// Model: each piece has a stream of its own, by the seed, the document's content and the piece's place in it: so threads,
// batches and the order of documents change nothing, and equal words of a document are drawn for anew.
// Threads: one per thread.
#ifndef TOK_SRC_MODEL_SCHEMES_DOCUMENT_DRAWS_H_
#define TOK_SRC_MODEL_SCHEMES_DOCUMENT_DRAWS_H_

#include <cstdint>

#include "src/base/hash.h"
#include "src/base/random_stream.h"

namespace tok {

class DocumentDraws {
 public:
  void BeginDocument(uint64_t key) {
    key_ = key;
    n_pieces_ = 0;
  }
  RandomStream NextPiece(uint64_t seed) {
    return RandomStream(FoldedMultiply(seed ^ 0xA0761D6478BD642Fu, key_ ^ 0xE7037ED1A0B428DBu) +
                        n_pieces_++ * kOdd);
  }

 private:
  // Not the step of RandomStream, or streams would overlap.
  static constexpr uint64_t kOdd = 0xD1342543DE82EF95u;

  uint64_t key_ = 0, n_pieces_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_SCHEMES_DOCUMENT_DRAWS_H_
