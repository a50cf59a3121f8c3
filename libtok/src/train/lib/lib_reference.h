// train/lib/lib_reference.h: LiB as its description reads, for tests: vectors, maps and plain loops; every move is O(units),
// every evaluation walks on its own. The same random stream, so the same units.
#ifndef TOK_SRC_TRAIN_LIB_LIB_REFERENCE_H_
#define TOK_SRC_TRAIN_LIB_LIB_REFERENCE_H_

#include <span>
#include <string_view>
#include <vector>

#include "tok/train_lib.h"

namespace tok {

// TrainLib for options and sentences that it accepts.
LibLexicon TrainLibReference(std::span<const std::string_view> sentences, const LibOptions& options);

// LibSegmenter::Segment for a lexicon and a text that it accepts.
std::vector<LibChunk> SegmentLibReference(const LibLexicon& lexicon, bool decompose, std::string_view text);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_LIB_REFERENCE_H_
