// base/byte_stream.h: a file or standard input as a stream of bytes, decompressed on the way (.gz and .zst by
// their magic bytes).
//
// Model: concatenated gzip members and zstd frames are read as one stream, as their own tools do.
// Errors: TOK-E001, E002 for the file; TOK-E014 for corrupt or truncated compressed data, with the byte
// position in the compressed file. Memory: fixed buffers and the format's window, at most 128 MiB (zstd
// refuses longer ones). Threads: one stream per thread.
#ifndef TOK_SRC_BASE_BYTE_STREAM_H_
#define TOK_SRC_BASE_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok {

enum class Compression : uint8_t { kNone, kGzip, kZstd };

// By the first bytes; 4 decide.
Compression DetectCompression(std::string_view head);

class ByteStream {
 public:
  // "-" is standard input.
  static absl::StatusOr<std::unique_ptr<ByteStream>> Open(const std::string& path);
  // Decompresses bytes in memory that outlive the stream; `place` is for messages.
  static std::unique_ptr<ByteStream> OverMemory(std::string_view bytes, std::string_view place);

  virtual ~ByteStream() = default;
  // Up to n_bytes into buffer; 0 only at the end (n_bytes > 0).
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t n_bytes) = 0;
  virtual Compression compression() const = 0;
  // Bytes of the file read so far and in all (0 when unknown): before decompression.
  virtual uint64_t n_bytes_read() const = 0;
  virtual uint64_t n_bytes_total() const = 0;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_BYTE_STREAM_H_
