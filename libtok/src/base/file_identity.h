// base/file_identity.h: is a file that is about to be written one of those that are read, however it is spelled?
//
// Model: regular files are compared by device and inode, so that ./a, links and redirections do not hide one. What
// does not exist yet, devices and pipes are never the same as an input.
#ifndef TOK_SRC_BASE_FILE_IDENTITY_H_
#define TOK_SRC_BASE_FILE_IDENTITY_H_

#include <string>
#include <vector>

#include "tok/status.h"

namespace tok {

// "-" is standard input among `inputs` and standard output among `outputs`. Errors: TOK-E040 for the first output that
// is an input.
absl::Status CheckNotReplaced(const std::vector<std::string>& inputs,
                              const std::vector<std::string>& outputs);

}  // namespace tok

#endif  // TOK_SRC_BASE_FILE_IDENTITY_H_
