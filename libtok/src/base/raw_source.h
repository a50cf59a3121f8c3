// base/raw_source.h: bytes as they lie in a file, pipe or memory, with look-ahead; what decompressors read
// from.
#ifndef TOK_SRC_BASE_RAW_SOURCE_H_
#define TOK_SRC_BASE_RAW_SOURCE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/descriptor.h"
#include "tok/status.h"

namespace tok {

class RawSource {
 public:
  static absl::StatusOr<RawSource> Open(const std::string& path);
  static RawSource OverMemory(std::string_view bytes, std::string_view place);
  RawSource(RawSource&&) = default;
  RawSource& operator=(RawSource&&) = default;

  // At least `n_bytes` (at most 64 KiB) ahead of the position, fewer only at the end. Valid until the next
  // call.
  absl::StatusOr<std::string_view> Peek(size_t n_bytes);
  void Skip(size_t n_bytes) { begin_ += n_bytes; }
  // Past the look-ahead buffer straight into the caller's memory when nothing is buffered.
  absl::StatusOr<size_t> Read(char* buffer, size_t n_bytes);

  uint64_t position() const { return end_of_buffer_ - (end_ - begin_); }
  uint64_t n_bytes_total() const { return n_bytes_total_; }
  const std::string& place() const { return place_; }

 private:
  RawSource() = default;
  std::string place_;
  Descriptor descriptor_;
  std::string buffer_;
  std::string_view memory_;  // unread part, for OverMemory
  size_t begin_ = 0, end_ = 0;
  uint64_t end_of_buffer_ = 0;  // file position of buffer_[end_]
  uint64_t n_bytes_total_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_RAW_SOURCE_H_
