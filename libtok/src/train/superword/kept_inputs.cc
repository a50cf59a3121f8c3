#include "src/train/superword/kept_inputs.h"

#include <cerrno>
#include <utility>

#include "src/base/file_error.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr size_t kBuffer = size_t{1} << 18;
constexpr std::string_view kStandardInput = "<stdin>";

absl::StatusOr<NamelessFile> KeepStandardInput() {
  TOK_ASSIGN_OR_RETURN(NamelessFile file, NamelessFile::Create());
  std::string buffer(kBuffer, '\0');
  while (true) {
    const ssize_t n = ReadSome(/*descriptor=*/0, buffer.data(), buffer.size());
    if (n < 0) return ReadError(kStandardInput, errno);
    if (n == 0) return file;
    TOK_RETURN_IF_ERROR(file.Write(std::string_view(buffer).substr(0, static_cast<size_t>(n))));
  }
}

}  // namespace

absl::StatusOr<KeptInputs> KeptInputs::Create(const std::vector<std::string>& inputs) {
  KeptInputs kept;
  for (const std::string& input : inputs) {
    if (input != "-") {
      kept.paths_.push_back(input);
    } else if (kept.file_) {
      kept.paths_.push_back("/dev/null");  // its end has been reached
    } else {
      TOK_ASSIGN_OR_RETURN(kept.file_, KeepStandardInput());
      kept.stand_in_ = Concat("/proc/self/fd/", kept.file_->descriptor().get());
      kept.paths_.push_back(kept.stand_in_);
    }
  }
  return kept;
}

absl::Status KeptInputs::Named(const absl::Status& status) const {
  std::string message(status.message());
  const size_t found = file_ ? message.find(stand_in_) : std::string::npos;
  if (found == std::string::npos) return status;
  return absl::Status(status.code(), message.replace(found, stand_in_.size(), kStandardInput));
}

}  // namespace tok
