// base/nameless_file.h: temporary files that nobody else sees and nothing leaves behind.
//
// Model: a file in the directory for temporary files ($TMPDIR, else /var/tmp, which lies on a disk where /tmp is often memory,
// else /tmp) that has no name: it is gone with its last descriptor and mapping, however the process ends.
// Errors: TOK-E003 with the directory as its place.
// Threads: a file belongs to one thread; the functions to any.
#ifndef TOK_SRC_BASE_NAMELESS_FILE_H_
#define TOK_SRC_BASE_NAMELESS_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/descriptor.h"
#include "tok/status.h"

namespace tok {

std::string TemporaryDirectory();

// Empty, for reading and writing.
absl::StatusOr<Descriptor> OpenNamelessFile();

// What errno says about a nameless file, with what to do about it.
absl::Status NamelessFileError(int error_number);

// Zeroed memory that lies in a nameless file of its own: the system writes it there when it needs the room. The room on the
// disk is taken at once, so that writing to the memory cannot fail. Freed by munmap.
absl::StatusOr<void*> MapNamelessFile(size_t n_bytes);

// Bytes written one after another, then mapped.
class NamelessFile {
 public:
  static absl::StatusOr<NamelessFile> Create();
  absl::Status Write(std::string_view bytes);
  uint64_t n_bytes() const { return n_bytes_; }
  const Descriptor& descriptor() const { return descriptor_; }
  // All that was written; `owner` keeps it mapped.
  absl::StatusOr<std::string_view> Map(std::shared_ptr<const void>* owner) const;

 private:
  explicit NamelessFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
  uint64_t n_bytes_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_NAMELESS_FILE_H_
