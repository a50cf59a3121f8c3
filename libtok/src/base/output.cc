#include "tok/output.h"

#include <cerrno>

#include "src/base/descriptor.h"
#include "src/base/file.h"
#include "src/base/file_error.h"
#include "src/base/status_macros.h"

namespace tok {
namespace {

constexpr size_t kBuffer = size_t{1} << 16;
constexpr int kStandardOutput = 1;

class StandardOutput final : public Output {
 public:
  absl::Status Write(std::string_view bytes) override {
    if (buffer_.size() + bytes.size() < kBuffer) {
      buffer_.append(bytes);
      return absl::OkStatus();
    }
    TOK_RETURN_IF_ERROR(Commit());
    return Send(bytes);
  }
  absl::Status Overwrite(uint64_t, std::string_view) override {
    return MakeError(ErrorCode::kInternal, "<stdout>", "cannot be overwritten");
  }
  bool can_overwrite() const override { return false; }
  absl::Status Commit() override {
    const absl::Status sent = Send(buffer_);
    buffer_.clear();
    return sent;
  }

 private:
  absl::Status Send(std::string_view bytes) {
    const int error = WriteAll(kStandardOutput, bytes);
    if (error == EPIPE) return MakeError(ErrorCode::kCancelled, "<stdout>", "its reader has gone away");
    if (error != 0) return WriteError("<stdout>", error);
    return absl::OkStatus();
  }
  std::string buffer_;
};

class FileOutput final : public Output {
 public:
  explicit FileOutput(std::unique_ptr<AtomicFile> file) : file_(std::move(file)) {}
  absl::Status Write(std::string_view bytes) override { return file_->Write(bytes); }
  absl::Status Overwrite(uint64_t position, std::string_view bytes) override {
    return file_->Overwrite(position, bytes);
  }
  bool can_overwrite() const override { return file_->can_overwrite(); }
  absl::Status Commit() override { return file_->Commit(); }

 private:
  std::unique_ptr<AtomicFile> file_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Output>> Output::Open(const std::string& path) {
  if (path == "-") return std::make_unique<StandardOutput>();
  TOK_ASSIGN_OR_RETURN(std::unique_ptr<AtomicFile> file, AtomicFile::Create(path));
  return std::make_unique<FileOutput>(std::move(file));
}

}  // namespace tok
