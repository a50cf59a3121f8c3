#include "src/base/raw_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/base/file_error.h"
#include "src/base/status_macros.h"

namespace tok {
namespace {
constexpr size_t kBuffer = size_t{1} << 16;
}  // namespace

absl::StatusOr<RawSource> RawSource::Open(const std::string& path) {
  RawSource source;
  const bool is_stdin = path == "-";
  source.place_ = is_stdin ? "<stdin>" : path;
  source.descriptor_ = Descriptor(is_stdin ? 0 : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.descriptor_.valid()) return ReadError(source.place_, errno);
  struct stat info {};
  if (fstat(source.descriptor_.get(), &info) != 0) return ReadError(source.place_, errno);
  if (S_ISDIR(info.st_mode)) return ReadError(source.place_, EISDIR);
  if (S_ISREG(info.st_mode)) source.n_bytes_total_ = static_cast<uint64_t>(info.st_size);
  return source;
}

RawSource RawSource::OverMemory(std::string_view bytes, std::string_view place) {
  RawSource source;
  source.place_ = place;
  source.memory_ = bytes;
  source.n_bytes_total_ = bytes.size();
  return source;
}

absl::StatusOr<std::string_view> RawSource::Peek(size_t n_bytes) {
  n_bytes = std::min(n_bytes, kBuffer);
  if (end_ - begin_ < n_bytes) {
    buffer_.resize(kBuffer);
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  while (end_ - begin_ < n_bytes) {
    size_t n = 0;
    if (descriptor_.valid()) {
      const ssize_t got = ReadSome(descriptor_.get(), buffer_.data() + end_, buffer_.size() - end_);
      if (got < 0) return ReadError(place_, errno);
      n = static_cast<size_t>(got);
    } else {
      n = memory_.copy(buffer_.data() + end_, buffer_.size() - end_);
      memory_.remove_prefix(n);
    }
    if (n == 0) break;
    end_ += n;
    end_of_buffer_ += n;
  }
  return std::string_view(buffer_.data() + begin_, end_ - begin_);
}

absl::StatusOr<size_t> RawSource::Read(char* buffer, size_t n_bytes) {
  if (begin_ == end_ && descriptor_.valid() && n_bytes >= kBuffer) {
    const ssize_t n = ReadSome(descriptor_.get(), buffer, n_bytes);
    if (n < 0) return ReadError(place_, errno);
    end_of_buffer_ += static_cast<uint64_t>(n);
    return static_cast<size_t>(n);
  }
  TOK_ASSIGN_OR_RETURN(const std::string_view ahead, Peek(1));
  const size_t n = ahead.copy(buffer, n_bytes);
  Skip(n);
  return n;
}

}  // namespace tok
