#include "src/base/file_error.h"

#include <cerrno>
#include <system_error>

namespace tok {

absl::Status ReadError(std::string_view path, int error_number) {
  if (error_number == ENOENT || error_number == ENOTDIR) {
    return MakeError(ErrorCode::kNotFound, path, "no such file", "check the path");
  }
  if (error_number == EISDIR) {
    return MakeError(ErrorCode::kUnreadable, path, "is a directory", "name a file in it");
  }
  return MakeError(ErrorCode::kUnreadable, path, std::generic_category().message(error_number),
                   "check that the file can be read");
}

absl::Status WriteError(std::string_view path, int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT: return MakeError(ErrorCode::kWriteFailed, path, "the disk is full", "free some space");
    case EFBIG:
      return MakeError(ErrorCode::kWriteFailed, path, "the limit of a file's size is reached",
                       "raise it (ulimit -f), or use --shards");
    case EISDIR: return MakeError(ErrorCode::kWriteFailed, path, "is a directory", "name a file");
    case ENOENT:
    case ENOTDIR:
      return MakeError(ErrorCode::kWriteFailed, path, "its directory does not exist, or takes no files",
                       "create it, or choose another");
    default:
      return MakeError(ErrorCode::kWriteFailed, path, std::generic_category().message(error_number),
                       "check that the place can be written");
  }
}

}  // namespace tok
