// split/regex_parser.h: parses the regular expressions of tokenizer files.
//
// Model: one parse turns a pattern into a RegexNode tree with the meaning that the dialect's own engine gives it
// (Oniguruma 6.9 in Ruby syntax as Hugging Face compiles it; fancy-regex over Rust's regex crate as tiktoken does):
// ^ and $, (?m), {n}? and {n}+, \w, case folding and POSIX brackets differ between the two. Classes follow Unicode 16.
// Supported: alternation, groups, (?i) (?m) (?s) (?-i) and their scoped forms, classes (nested, negated, &&, \p{..},
// POSIX brackets), escapes, anchors, \b, look-around, lazy, possessive, atomic and counted repetition.
// Errors: TOK-E024 for a malformed pattern, TOK-E022 for a construct that libtok does not do exactly (back-references,
// \X, \G, \K, conditionals, ...), each with the construct and its byte position; TOK-E030 beyond a size limit.
// Cost: linear in the pattern and the classes it names.
#ifndef TOK_SRC_SPLIT_REGEX_PARSER_H_
#define TOK_SRC_SPLIT_REGEX_PARSER_H_

#include <string_view>

#include "src/split/regex_ast.h"
#include "tok/status.h"

namespace tok {

absl::StatusOr<Regex> ParseRegex(std::string_view pattern, RegexDialect dialect);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_PARSER_H_
