#include "src/base/nameless_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "src/base/status_macros.h"

namespace tok {
namespace {

constexpr size_t kZeros = size_t{1} << 18;

// File systems without fallocate are made to take the room by writing to it. 0 or errno.
int TakeRoom(int descriptor, size_t n_bytes) {
  int error = 0;
  do {
    error = fallocate(descriptor, 0, 0, static_cast<off_t>(n_bytes)) == 0 ? 0 : errno;
  } while (error == EINTR);
  if (error != EOPNOTSUPP && error != ENOSYS) return error;
  const std::string zeros(std::min(kZeros, n_bytes), '\0');
  for (size_t left = n_bytes; left > 0;) {
    const std::string_view part = std::string_view(zeros).substr(0, left);
    if ((error = WriteAll(descriptor, part)) != 0) return error;
    left -= part.size();
  }
  return 0;
}

}  // namespace

std::string TemporaryDirectory() {
  const char* named = getenv("TMPDIR");
  if (named != nullptr && *named != '\0') return named;
  return access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

absl::Status NamelessFileError(int error_number) {
  const std::string place = TemporaryDirectory();
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return MakeError(ErrorCode::kWriteFailed, place, "the disk is full, with temporary files",
                       "free some space, or let TMPDIR name a directory with more");
    case EFBIG:
      return MakeError(ErrorCode::kWriteFailed, place,
                       "the limit of a file's size is reached, by a temporary file", "raise it (ulimit -f)");
    default:
      return MakeError(ErrorCode::kWriteFailed, place,
                       "takes no temporary file: " + std::generic_category().message(error_number),
                       "let TMPDIR name a directory that does");
  }
}

absl::StatusOr<Descriptor> OpenNamelessFile() {
  const std::string directory = TemporaryDirectory();
  Descriptor file(open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.valid()) return file;
  // Not every file system can make a file without a name: there it has one for a moment.
  std::string name = directory + "/tok-XXXXXX";
  file = Descriptor(mkostemp(name.data(), O_CLOEXEC));
  if (!file.valid()) return NamelessFileError(errno);
  unlink(name.c_str());
  return file;
}

absl::StatusOr<void*> MapNamelessFile(size_t n_bytes) {
  TOK_ASSIGN_OR_RETURN(const Descriptor file, OpenNamelessFile());
  if (const int error = TakeRoom(file.get(), n_bytes); error != 0) return NamelessFileError(error);
  void* const mapped = mmap(nullptr, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (mapped == MAP_FAILED) return NamelessFileError(errno);
  return mapped;
}

absl::StatusOr<NamelessFile> NamelessFile::Create() {
  TOK_ASSIGN_OR_RETURN(Descriptor descriptor, OpenNamelessFile());
  return NamelessFile(std::move(descriptor));
}

absl::Status NamelessFile::Write(std::string_view bytes) {
  if (const int error = WriteAll(descriptor_.get(), bytes); error != 0) return NamelessFileError(error);
  n_bytes_ += bytes.size();
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> NamelessFile::Map(std::shared_ptr<const void>* owner) const {
  if (n_bytes_ == 0) return std::string_view();
  void* const mapped = mmap(nullptr, n_bytes_, PROT_READ, MAP_SHARED, descriptor_.get(), 0);
  if (mapped == MAP_FAILED) return NamelessFileError(errno);
  owner->reset(static_cast<const void*>(mapped),
               [n = n_bytes_](const void* data) { munmap(const_cast<void*>(data), n); });
  return std::string_view(static_cast<const char*>(mapped), n_bytes_);
}

}  // namespace tok
