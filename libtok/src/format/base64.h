// format/base64.h: standard base64 (RFC 4648 section 4) with padding, no white space.
#ifndef TOK_SRC_FORMAT_BASE64_H_
#define TOK_SRC_FORMAT_BASE64_H_

#include <string>
#include <string_view>

namespace tok {

// Appends the bytes that `text` stands for. False, with *bytes as it was, if it is not base64.
bool DecodeBase64(std::string_view text, std::string* bytes);
void AppendBase64(std::string_view bytes, std::string* text);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_BASE64_H_
