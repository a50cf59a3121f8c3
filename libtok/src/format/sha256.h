// format/sha256.h: SHA-256, to recognise files by their content.
//
// Source: FIPS 180-4 (NIST, 2015), Secure Hash Standard.
// Threads: pure function.
#ifndef TOK_SRC_FORMAT_SHA256_H_
#define TOK_SRC_FORMAT_SHA256_H_

#include <string>
#include <string_view>

namespace tok {

// 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_SHA256_H_
