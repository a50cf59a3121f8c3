// base/escapes.h: the backslash escapes of every text that has some: \n \t \r \0 \\ and \xHH.
#ifndef TOK_SRC_BASE_ESCAPES_H_
#define TOK_SRC_BASE_ESCAPES_H_

#include <string>
#include <string_view>

namespace tok {

// For messages.
inline constexpr std::string_view kEscapes = "\\n \\t \\r \\0 \\\\ and \\xHH";

// Takes the escape behind a backslash off the front of *text and appends what it stands for; false if there is none.
bool TakeEscape(std::string_view* text, std::string* out);

}  // namespace tok

#endif  // TOK_SRC_BASE_ESCAPES_H_
