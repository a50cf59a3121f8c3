#include "src/base/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "src/base/file_error.h"
#include "src/base/status_macros.h"

namespace tok {
namespace {
constexpr size_t kBuffer = size_t{1} << 18;
}  // namespace

absl::StatusOr<std::unique_ptr<Spool>> Spool::Create() {
  std::unique_ptr<Spool> spool(new Spool);
  const char* directory = getenv("TMPDIR");
  spool->directory_ = directory != nullptr && *directory != '\0' ? directory : "/tmp";
  std::string name = spool->directory_ + "/tok-spool-XXXXXX";
  spool->descriptor_ = Descriptor(mkostemp(name.data(), O_CLOEXEC));
  if (!spool->descriptor_.valid()) return WriteError(spool->directory_, errno);
  unlink(name.c_str());
  return spool;
}

absl::Status Spool::Write(std::string_view bytes) {
  buffer_.append(bytes);
  return buffer_.size() < kBuffer ? absl::OkStatus() : Flush();
}

absl::Status Spool::Flush() {
  const int error = WriteAll(descriptor_.get(), buffer_);
  buffer_.clear();
  return error == 0 ? absl::OkStatus() : WriteError(directory_, error);
}

absl::Status Spool::CopyTo(Output* output) {
  TOK_RETURN_IF_ERROR(Flush());
  if (lseek(descriptor_.get(), 0, SEEK_SET) != 0) return WriteError(directory_, errno);
  std::string chunk(kBuffer, '\0');
  while (true) {
    const ssize_t n = ReadSome(descriptor_.get(), chunk.data(), chunk.size());
    if (n < 0) return ReadError(directory_, errno);
    if (n == 0) return absl::OkStatus();
    TOK_RETURN_IF_ERROR(output->Write(std::string_view(chunk).substr(0, static_cast<size_t>(n))));
  }
}

}  // namespace tok
