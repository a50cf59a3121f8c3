// split/regex_case.h: case-insensitivity for regular expressions: simple case folding of Unicode 16.
//
// Model: characters that fold to the same one match each other (K, k and the Kelvin sign). Oniguruma also folds one
// character to several ("ß" to "ss"); such folds are not done here, only detected, so that a pattern in which they
// would matter can be refused.
// Source: Unicode 16 CaseFolding.txt (statuses C and S), as the lower-case mapping plus the letters whose fold is not
// their lower case; equal to both peers over all code points (tests).
#ifndef TOK_SRC_SPLIT_REGEX_CASE_H_
#define TOK_SRC_SPLIT_REGEX_CASE_H_

#include "src/split/code_point_set.h"

namespace tok {

// `set` with every character that folds as one of its members does.
CodePointSet AddCaseVariants(const CodePointSet& set);

// The characters whose full folding is a string of several characters.
const CodePointSet& FoldsToSeveral();

// Whether `second` right after `first` could be (part of) the several-character fold of one character. May say true
// without need.
bool MayFoldTogether(char32_t first, char32_t second);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_CASE_H_
