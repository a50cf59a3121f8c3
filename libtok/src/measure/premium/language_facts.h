// measure/premium/language_facts.h: what languages are grouped by.
//
// Threads: pure functions.
#ifndef TOK_SRC_MEASURE_PREMIUM_LANGUAGE_FACTS_H_
#define TOK_SRC_MEASURE_PREMIUM_LANGUAGE_FACTS_H_

#include <string_view>

#include "tok/parallel_text.h"

namespace tok {

// The Unicode script that most characters of all its texts are of, Common, Inherited and Unknown aside; of equals the first by
// name. "Common" if there is none.
std::string_view DominantScript(const ParallelLanguage& language);

// Of a code like "deu", "de", "deu_Latn" or "zh-cn", by what stands before the first '_', '-', '.' or '@'; "unknown" if the table
// has no such code.
std::string_view LanguageFamily(std::string_view code);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PREMIUM_LANGUAGE_FACTS_H_
