// split/icu_matcher.h: runs regular expressions that need backtracking (look-around, atomic groups) on ICU, bounded.
//
// Model: the text is converted to UTF-16 once per call; each call works on a clone of the expression.
// Limits: backtracking steps in proportion to the piece (TOK-E031 beyond), stack in proportion to the text, text below
// 2^31 UTF-16 units (TOK-E030 beyond).
// Errors at creation: TOK-E022 for what ICU cannot do (look-behind without a length limit), TOK-E024 otherwise.
#ifndef TOK_SRC_SPLIT_ICU_MATCHER_H_
#define TOK_SRC_SPLIT_ICU_MATCHER_H_

#include <memory>

#include "src/split/pattern_matcher.h"
#include "src/split/regex_ast.h"
#include "tok/status.h"

namespace tok {

absl::StatusOr<std::shared_ptr<const PatternMatcher>> MakeIcuMatcher(const Regex& regex);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_ICU_MATCHER_H_
