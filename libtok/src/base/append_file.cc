#include "src/base/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "src/base/descriptor.h"
#include "src/base/file_error.h"

namespace tok {

absl::Status AppendDurably(const std::string& path, std::string_view bytes) {
  const Descriptor descriptor(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!descriptor.valid()) return WriteError(path, errno);
  if (const int error = WriteAll(descriptor.get(), bytes); error != 0) return WriteError(path, error);
  // Some file systems cannot sync (EINVAL): there is nothing more to be had.
  if (fdatasync(descriptor.get()) != 0 && errno != EINVAL) return WriteError(path, errno);
  return absl::OkStatus();
}

}  // namespace tok
