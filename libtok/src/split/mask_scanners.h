// split/mask_scanners.h: the mask scanner of each instruction set; null where the machine lacks it.
#ifndef TOK_SRC_SPLIT_MASK_SCANNERS_H_
#define TOK_SRC_SPLIT_MASK_SCANNERS_H_

#include <cstddef>
#include <memory>
#include <string_view>

#include "src/split/splitter.h"

namespace tok {

std::shared_ptr<const Splitter> MakeAvx512Scanner(PatternFamily family);
std::shared_ptr<const Splitter> MakeAvx2Scanner(PatternFamily family);

std::string_view PatternFamilyName(PatternFamily family);

// The last place in (begin, limit] that every family cuts at whatever surrounds it: a blank with an ASCII letter or
// digit before it and an ASCII letter behind it. `begin` if there is none.
size_t SafeCutBeforeWord(std::string_view text, size_t begin, size_t limit);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_MASK_SCANNERS_H_
