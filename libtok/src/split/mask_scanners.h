// split/mask_scanners.h: the mask scanner of each instruction set: of this processor's kind only, and only where
// RunsHere() says that the machine runs it.
#ifndef TOK_SRC_SPLIT_MASK_SCANNERS_H_
#define TOK_SRC_SPLIT_MASK_SCANNERS_H_

#include <memory>
#include <string_view>

#include "src/split/splitter.h"

namespace tok {

std::shared_ptr<const Splitter> MakeAvx2Scanner(PatternFamily family);
std::shared_ptr<const Splitter> MakeAvx512Scanner(PatternFamily family);
std::shared_ptr<const Splitter> MakeNeonScanner(PatternFamily family);

std::string_view PatternFamilyName(PatternFamily family);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_MASK_SCANNERS_H_
