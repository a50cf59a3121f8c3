#include "src/base/spool.h"

#include <unistd.h>

#include <cerrno>

#include "src/base/nameless_file.h"
#include "src/base/status_macros.h"

namespace tok {
namespace {
constexpr size_t kBuffer = size_t{1} << 18;
}  // namespace

absl::StatusOr<std::unique_ptr<Spool>> Spool::Create() {
  std::unique_ptr<Spool> spool(new Spool);
  TOK_ASSIGN_OR_RETURN(spool->descriptor_, OpenNamelessFile());
  return spool;
}

absl::Status Spool::Write(std::string_view bytes) {
  buffer_.append(bytes);
  return buffer_.size() < kBuffer ? absl::OkStatus() : Flush();
}

absl::Status Spool::Flush() {
  const int error = WriteAll(descriptor_.get(), buffer_);
  buffer_.clear();
  return error == 0 ? absl::OkStatus() : NamelessFileError(error);
}

absl::Status Spool::CopyTo(Output* output) {
  TOK_RETURN_IF_ERROR(Flush());
  if (lseek(descriptor_.get(), 0, SEEK_SET) != 0) return NamelessFileError(errno);
  std::string chunk(kBuffer, '\0');
  while (true) {
    const ssize_t n = ReadSome(descriptor_.get(), chunk.data(), chunk.size());
    if (n < 0) return NamelessFileError(errno);
    if (n == 0) return absl::OkStatus();
    TOK_RETURN_IF_ERROR(output->Write(std::string_view(chunk).substr(0, static_cast<size_t>(n))));
  }
}

}  // namespace tok
