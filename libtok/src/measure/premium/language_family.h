// measure/premium/language_family.h: what languages are grouped by.
//
// Threads: pure functions.
#ifndef TOK_SRC_MEASURE_PREMIUM_LANGUAGE_FAMILY_H_
#define TOK_SRC_MEASURE_PREMIUM_LANGUAGE_FAMILY_H_

#include <string_view>

namespace tok {

// Of a code like "deu", "de", "deu_Latn" or "zh-cn", by what stands before the first '_', '-', '.' or '@'; "unknown" if the table
// has no such code.
std::string_view LanguageFamily(std::string_view code);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PREMIUM_LANGUAGE_FAMILY_H_
