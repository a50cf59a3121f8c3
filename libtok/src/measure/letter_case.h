// measure/letter_case.h: text in lower and upper case, the same on every machine.
//
// Model: lower case is AppendLowercase (unicode/properties.h) of each character. Upper case is its inverse: the first
// character whose lower case is this one alone; a character without one stays ("ß" becomes U+1E9E, not "SS"). Invalid bytes
// stay. Threads: pure functions.
#ifndef TOK_SRC_MEASURE_LETTER_CASE_H_
#define TOK_SRC_MEASURE_LETTER_CASE_H_

#include <string>
#include <string_view>

namespace tok {

char32_t UpperCaseOf(char32_t c);
std::string LowerCase(std::string_view text);
std::string UpperCase(std::string_view text);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_LETTER_CASE_H_
