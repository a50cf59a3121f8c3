// base/file_error.h: errno as a Status with place, fact and remedy.
#ifndef TOK_SRC_BASE_FILE_ERROR_H_
#define TOK_SRC_BASE_FILE_ERROR_H_

#include <string_view>

#include "tok/status.h"

namespace tok {

// TOK-E001 when the file does not exist, else TOK-E002.
absl::Status ReadError(std::string_view path, int error_number);
// TOK-E003, with a full disk named as such.
absl::Status WriteError(std::string_view path, int error_number);

}  // namespace tok

#endif  // TOK_SRC_BASE_FILE_ERROR_H_
