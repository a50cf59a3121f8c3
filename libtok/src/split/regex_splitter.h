// split/regex_splitter.h: a Splitter over any pattern that RE2 can run, for patterns that are no known family.
//
// Model: matches and the text between them are pieces, found as Fill() is called: no memory, no second pass.
// Text must be valid UTF-8 (NeedsValidUtf8).
#ifndef TOK_SRC_SPLIT_REGEX_SPLITTER_H_
#define TOK_SRC_SPLIT_REGEX_SPLITTER_H_

#include <memory>

#include "src/split/re2_matcher.h"
#include "src/split/splitter.h"

namespace tok {

std::shared_ptr<const Splitter> MakeRegexSplitter(std::shared_ptr<const Re2Matcher> matcher);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_SPLITTER_H_
