// base/file.h: reading and writing files without surprises.
//
// Reading maps plain files and decompresses .gz and .zst (told by their magic bytes). Writing is atomic: a temporary file beside the
// target, flushed, then renamed; an abandoned writer leaves nothing behind.
// Errors: TOK-E001 not found, TOK-E002 unreadable or a directory, TOK-E003 write failed (disk full named as such).
#ifndef TOK_SRC_BASE_FILE_H_
#define TOK_SRC_BASE_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok {

// A whole file, mapped; unmapped with the last reference.
class MappedFile {
 public:
  static absl::StatusOr<std::shared_ptr<const MappedFile>> Open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return bytes_; }

 private:
  MappedFile() = default;
  std::string_view bytes_;
};

// The content of a file, decompressed if need be. `max_bytes` bounds what decompression may produce (TOK-E030).
absl::StatusOr<std::string> ReadFile(const std::string& path, uint64_t max_bytes = uint64_t{1} << 34);

// Writes through a temporary file in the same directory; Commit() renames it over `path`.
class AtomicFile {
 public:
  static absl::StatusOr<std::unique_ptr<AtomicFile>> Create(const std::string& path);
  ~AtomicFile();  // removes the temporary file if not committed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  absl::Status Write(std::string_view bytes);
  absl::Status Commit();

 private:
  AtomicFile() = default;
  absl::Status Flush();
  std::string path_, temporary_, buffer_;
  int descriptor_ = -1;
};

absl::Status WriteFileAtomically(const std::string& path, std::string_view bytes);

}  // namespace tok

#endif  // TOK_SRC_BASE_FILE_H_
