// base/append_file.h: a journal: records added one by one, each on the disk before the next step is taken.
#ifndef TOK_SRC_BASE_APPEND_FILE_H_
#define TOK_SRC_BASE_APPEND_FILE_H_

#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok {

// Adds bytes to the end of an existing file and waits until they are on the disk. Errors: TOK-E003.
absl::Status AppendDurably(const std::string& path, std::string_view bytes);

}  // namespace tok

#endif  // TOK_SRC_BASE_APPEND_FILE_H_
