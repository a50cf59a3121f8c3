// base/file.h: reading and writing files without surprises.
//
// Reading maps plain files and decompresses .gz and .zst (told by their magic bytes); pipes and devices are
// read to the end. Writing is atomic: a temporary file beside the target, flushed to the disk, then renamed;
// an abandoned writer leaves nothing behind. Writing to a device or pipe goes straight through, and a
// symbolic link keeps pointing where it did. Errors: TOK-E001 not found, TOK-E002 unreadable or a directory,
// TOK-E003 write failed (disk full named as such), TOK-E014 corrupt compressed data, TOK-E030 above
// `max_bytes`. Threads: one writer per thread; mapped files are shareable. Not promised: a mapped file that
// another program truncates meanwhile ends this process (SIGBUS), as with any map.
#ifndef TOK_SRC_BASE_FILE_H_
#define TOK_SRC_BASE_FILE_H_

#include <atomic>
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
  // `part` of bytes() is not needed for now: its whole pages stop counting as this process's memory. They
  // stay valid.
  void Release(std::string_view part) const;

 private:
  MappedFile() = default;
  std::string_view bytes_;
  std::string owned_;  // what could not be mapped: pipes, devices, /proc
  bool is_mapped_ = false;
};

// The content of a file, decompressed if need be. `max_bytes` bounds the result (TOK-E030).
absl::StatusOr<std::string> ReadFile(const std::string& path, uint64_t max_bytes = uint64_t{1} << 34);

// Writes through a temporary file in the same directory; Commit() renames it over `path`.
class AtomicFile {
 public:
  static absl::StatusOr<std::unique_ptr<AtomicFile>> Create(const std::string& path);
  ~AtomicFile();  // removes the temporary file if not committed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  absl::Status Write(std::string_view bytes);
  // Replaces bytes already written (a header whose content is known at the end). Not on devices and pipes.
  absl::Status Overwrite(uint64_t position, std::string_view bytes);
  bool can_overwrite() const { return !temporary_.empty(); }
  absl::Status Commit();

 private:
  AtomicFile() = default;
  absl::Status OpenTemporary(unsigned mode, bool target_exists);
  absl::Status Flush();
  absl::Status Failure(int error) const;

  std::string path_;       // as the caller spelled it, for messages
  std::string target_;     // behind symbolic links
  std::string temporary_;  // empty when writing straight to a device
  std::string buffer_;
  int descriptor_ = -1;
  std::atomic<const char*>* registration_ = nullptr;
};

absl::Status WriteFileAtomically(const std::string& path, std::string_view bytes);

}  // namespace tok

#endif  // TOK_SRC_BASE_FILE_H_
