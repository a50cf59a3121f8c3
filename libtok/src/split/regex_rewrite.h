// split/regex_rewrite.h: equivalences that let RE2 serve patterns written with possessive parts or one look-ahead.
//
// Model: real tokenizer patterns use look-around and possessive quantifiers for speed or for one idiom, `\s+(?!\S)`.
// These functions prove from character sets alone where greedy means the same as possessive, what a pattern needs from
// an engine, and whether it matches everywhere. Each answer is safe: "no" where there is no proof.
// Cost: linear in the pattern times the size of its classes. Threads: pure functions.
#ifndef TOK_SRC_SPLIT_REGEX_REWRITE_H_
#define TOK_SRC_SPLIT_REGEX_REWRITE_H_

#include <optional>

#include "src/split/regex_ast.h"

namespace tok {

// Makes possessive repetitions greedy and atomic groups plain where no match can change.
void RelaxPossessive(RegexNode* root);

// Whether RE2 (no look-around, atomic, word boundary over Unicode, or repetition of what may be empty) can run it.
bool IsRegular(const RegexNode& root);

// Whether some match starts at every position of every text, and no match is empty: then matches tile the text.
bool MatchesEverywhere(const RegexNode& root);

// A pattern `before | X+(?!Y) | after` with Y the complement of the one-character class X, and the rest regular: the
// idiom that leaves the last of several spaces to the next word.
struct TrailingRun {
  std::optional<RegexNode> before, after;  // alternatives before and after; absent if none
  CodePointSet run;                        // X
};
std::optional<TrailingRun> FindTrailingRun(const RegexNode& root);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_REWRITE_H_
