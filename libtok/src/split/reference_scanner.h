// split/reference_scanner.h: one piece at a time, straight from the regular expressions: the ground truth of the
// mask scanners, and their way through text that is not plain ASCII.
#ifndef TOK_SRC_SPLIT_REFERENCE_SCANNER_H_
#define TOK_SRC_SPLIT_REFERENCE_SCANNER_H_

#include <cstddef>
#include <string_view>

#include "src/split/splitter.h"

namespace tok {

// End of the piece that starts at `begin` (a piece boundary; begin < text.size()).
// Cost: linear in the piece, plus white space looked at past its end (at most the run that begins the next piece).
size_t PieceEnd(PatternFamily family, std::string_view text, size_t begin);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REFERENCE_SCANNER_H_
