// split/pair_scanners.h: the pair splitter of each instruction set: of this processor's kind only, and only where
// RunsHere() says that the machine runs it.
#ifndef TOK_SRC_SPLIT_PAIR_SCANNERS_H_
#define TOK_SRC_SPLIT_PAIR_SCANNERS_H_

#include <cstddef>
#include <memory>
#include <string_view>

#include "src/split/pair_splitter.h"

namespace tok {

std::shared_ptr<const Splitter> MakeAvx2PairScanner(const CutPairs& pairs);
std::shared_ptr<const Splitter> MakeAvx512PairScanner(const CutPairs& pairs);
std::shared_ptr<const Splitter> MakeNeonPairScanner(const CutPairs& pairs);

// The last cut in (begin, limit]; `begin` if there is none.
size_t LastCut(const CutPairs& pairs, std::string_view text, size_t begin, size_t limit);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_PAIR_SCANNERS_H_
