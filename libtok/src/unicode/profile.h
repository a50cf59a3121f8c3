// unicode/profile.h: what the short-hand classes of a regular expression mean to each peer.
//
// Model: all peers' regular expressions follow Unicode 16.0, so \p{...} is PropertyRanges for every profile; the
// short-hands differ. kHuggingFace is Oniguruma; kTiktoken and kSentencePiece are Rust's regex crate.
//
//                  Oniguruma (Hugging Face)                           Rust regex (tiktoken)
//   \s             White_Space                                        White_Space
//   \d             Nd                                                 Nd
//   \w in [...]    Alphabetic, M, Nd, Pc                              the same and Join_Control
//   \w elsewhere   the same and U+00B2 B3 B9 BC BD BE; \b follows     as in [...]
//   \h             [0-9A-Fa-f]                                        [0-9A-Fa-f]
//   [[:alpha:]]    Alphabetic, and so on for all of Unicode           ASCII only
//
// Source: measured over all code points (docs/unicode.md). Threads: pure functions.
#ifndef TOK_SRC_UNICODE_PROFILE_H_
#define TOK_SRC_UNICODE_PROFILE_H_

#include <string_view>
#include <vector>

#include "src/unicode/properties.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// Ranges of the class escape \s, \d, \w or \h (`letter` in lower case; the caller complements for \S \D \W \H).
// `in_bracket`: inside [...]. Empty for any other letter.
std::vector<CodePointRange> EscapeClassRanges(char letter, bool in_bracket, UnicodeProfileName profile);

// Ranges of [[:name:]] (alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit); empty if
// unknown.
std::vector<CodePointRange> PosixClassRanges(std::string_view name, UnicodeProfileName profile);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_PROFILE_H_
