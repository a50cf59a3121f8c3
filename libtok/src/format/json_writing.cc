#include "src/format/json_writing.h"

namespace tok {

void AppendJsonString(std::string_view text, std::string* json) {
  *json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *json += '\\';
      *json += c;
    } else if (byte < 0x20) {
      *json += "\\u00";
      *json += "0123456789abcdef"[byte >> 4];
      *json += "0123456789abcdef"[byte & 15];
    } else {
      *json += c;
    }
  }
  *json += '"';
}

}  // namespace tok
