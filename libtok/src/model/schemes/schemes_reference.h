// model/schemes/schemes_reference.h: the schemes by their definitions, for tests.
//
// Cost: quadratic in the piece and more.
#ifndef TOK_SRC_MODEL_SCHEMES_SCHEMES_REFERENCE_H_
#define TOK_SRC_MODEL_SCHEMES_SCHEMES_REFERENCE_H_

#include <string_view>
#include <vector>

#include "src/model/piece_model.h"
#include "tok/scheme.h"
#include "tok/vocabulary.h"

namespace tok {

// Of a vocabulary of bytes that holds all of them, under a scheme that draws nothing and needs neither merges nor ranks;
// `costs` of weighted by id.
std::vector<PieceToken> SegmentByReference(const Vocabulary& vocabulary, const Scheme& scheme,
                                           std::string_view piece, const std::vector<double>& costs = {});

}  // namespace tok

#endif  // TOK_SRC_MODEL_SCHEMES_SCHEMES_REFERENCE_H_
