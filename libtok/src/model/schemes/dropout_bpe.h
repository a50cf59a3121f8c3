// model/schemes/dropout_bpe.h: BPE whose merges are passed over at random, so that one text has many segmentations.
//
// Source: Provilkov, Emelianenko and Voita, 2020, "BPE-Dropout: Simple and Effective Subword Regularization".
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_SCHEMES_DROPOUT_BPE_H_
#define TOK_SRC_MODEL_SCHEMES_DROPOUT_BPE_H_

#include <memory>

#include "src/model/piece_model.h"
#include "tok/scheme.h"
#include "tok/status.h"

namespace tok {

// `bpe` is a BPE model; errors: TOK-E022 for one whose first symbols are not known.
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeDropoutBpe(std::unique_ptr<const PieceModel> bpe,
                                                                 const Scheme& scheme);

}  // namespace tok

#endif  // TOK_SRC_MODEL_SCHEMES_DROPOUT_BPE_H_
