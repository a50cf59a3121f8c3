// measure/dominant_script.h: the script that a text is in. Threads: pure function.
#ifndef TOK_SRC_MEASURE_DOMINANT_SCRIPT_H_
#define TOK_SRC_MEASURE_DOMINANT_SCRIPT_H_

#include <string_view>

namespace tok {

// The Unicode script that most characters are of, Common, Inherited and Unknown aside; of equals the first by name. "Common" if
// there is none.
std::string_view DominantScript(std::string_view text);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_DOMINANT_SCRIPT_H_
