// format/json_writing.h: JSON text of vocabularies too large for a document tree.
#ifndef TOK_SRC_FORMAT_JSON_WRITING_H_
#define TOK_SRC_FORMAT_JSON_WRITING_H_

#include <string>
#include <string_view>

namespace tok {

// Appends `text` (valid UTF-8) as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* json);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_JSON_WRITING_H_
