// split/safe_cut.h: where a document may be cut in two, to be encoded by two threads.
//
// Model: a place is safe if every family ends a piece there and the text before it is cut the same with nothing behind it.
// A scanner looks at nothing before the piece at hand, so the text behind a piece end is always cut the same. Two places
// hold for every family but superwords:
// - before a blank with anything but white space before it: no piece goes on across a blank, and the left part does not
//   end in white space, whose pieces depend on what follows;
// - between a letter or number and a newline, a punctuation mark or a symbol, except an apostrophe (it may begin the 's of
//   an o200k word): words and numbers end there, and no more of the text is looked at to find it out. Texts without blanks
//   have these: Chinese, Japanese, Thai.
// They stay safe when the two parts are brought into a Unicode normal form each: a blank composes with nothing before it,
// and letters and punctuation that have a decomposition do not count. (A decomposed letter ends in a mark, which in most
// families is a symbol.)
// Cost: linear in the text between the place found and `limit`.
// Threads: a pure function.
#ifndef TOK_SRC_SPLIT_SAFE_CUT_H_
#define TOK_SRC_SPLIT_SAFE_CUT_H_

#include <cstddef>
#include <string_view>

#include "src/split/splitter.h"

namespace tok {

// Superwords reach across all of these. There, safe is the place between a letter and a number.
//
// The last safe place in (begin, limit] that is inside the text; `begin` if there is none.
size_t LastSafeCut(PatternFamily family, std::string_view text, size_t begin, size_t limit);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_SAFE_CUT_H_
