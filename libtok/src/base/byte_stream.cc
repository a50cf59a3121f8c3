#include "src/base/byte_stream.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

#include "src/base/raw_source.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr size_t kMagicBytes = 4;
constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib's way to ask for a gzip header
constexpr uint32_t kZstdMagic = 0xFD2FB528u;
constexpr uint32_t kZstdSkippableMagic = 0x184D2A50u;  // low 4 bits free

uint32_t LittleEndian32(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

absl::Status Corrupt(const RawSource& source, std::string_view fact) {
  return MakeError(ErrorCode::kBadInput, Concat(source.place(), ": byte ", source.position()), fact,
                   "the compressed file is damaged; fetch or write it again");
}

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(RawSource source) : source_(std::move(source)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t n_bytes) override { return source_.Read(buffer, n_bytes); }
  Compression compression() const override { return Compression::kNone; }
  uint64_t n_bytes_read() const override { return source_.position(); }
  uint64_t n_bytes_total() const override { return source_.n_bytes_total(); }

 private:
  RawSource source_;
};

class GzipStream final : public ByteStream {
 public:
  explicit GzipStream(RawSource source) : source_(std::move(source)) {
    state_.zalloc = nullptr;
    state_.zfree = nullptr;
    state_.opaque = nullptr;
    state_.next_in = nullptr;
    state_.avail_in = 0;
    ready_ = inflateInit2(&state_, kGzipOnly) == Z_OK;
  }
  ~GzipStream() override { inflateEnd(&state_); }

  absl::StatusOr<size_t> Read(char* buffer, size_t n_bytes) override {
    if (!ready_) return MakeError(ErrorCode::kLimit, source_.place(), "no memory to decompress", "free some");
    if (finished_) return size_t{0};
    state_.next_out = reinterpret_cast<Bytef*>(buffer);
    state_.avail_out = static_cast<uInt>(std::min<size_t>(n_bytes, std::numeric_limits<uInt>::max()));
    const uInt wanted = state_.avail_out;
    while (state_.avail_out == wanted) {
      TOK_ASSIGN_OR_RETURN(const std::string_view ahead, source_.Peek(1));
      if (between_members_) {
        // Zeros behind a member are tape padding. Other bytes may be what is left of a member: not silently lost.
        const size_t n_padding = std::min(ahead.find_first_not_of('\0'), ahead.size());
        if (ahead.empty()) {
          finished_ = true;
          return size_t{0};
        }
        if (n_padding > 0) {
          source_.Skip(n_padding);
          continue;
        }
        if (static_cast<unsigned char>(ahead[0]) != 0x1F)
          return Corrupt(source_, "gzip data is followed by something else");
      }
      if (ahead.empty()) return Corrupt(source_, "gzip data ends in the middle");
      between_members_ = false;
      state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(ahead.data()));
      state_.avail_in = static_cast<uInt>(ahead.size());
      const int result = inflate(&state_, Z_NO_FLUSH);
      source_.Skip(ahead.size() - state_.avail_in);
      if (result == Z_STREAM_END) {
        inflateReset(&state_);
        between_members_ = true;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return Corrupt(source_, Concat("bad gzip data", state_.msg != nullptr ? ": " : "",
                                       state_.msg != nullptr ? state_.msg : ""));
      }
    }
    return static_cast<size_t>(wanted - state_.avail_out);
  }
  Compression compression() const override { return Compression::kGzip; }
  uint64_t n_bytes_read() const override { return source_.position(); }
  uint64_t n_bytes_total() const override { return source_.n_bytes_total(); }

 private:
  RawSource source_;
  z_stream state_;
  bool ready_ = false;
  bool finished_ = false;
  bool between_members_ = false;
};

class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(RawSource source) : source_(std::move(source)), state_(ZSTD_createDStream()) {}
  ~ZstdStream() override { ZSTD_freeDStream(state_); }

  absl::StatusOr<size_t> Read(char* buffer, size_t n_bytes) override {
    if (state_ == nullptr)
      return MakeError(ErrorCode::kLimit, source_.place(), "no memory to decompress", "free some");
    ZSTD_outBuffer out{buffer, n_bytes, 0};
    while (out.pos == 0) {
      TOK_ASSIGN_OR_RETURN(const std::string_view ahead, source_.Peek(1));
      if (ahead.empty()) {
        if (in_frame_) {
          // Output may still be held back although all input is consumed.
          ZSTD_inBuffer none{nullptr, 0, 0};
          const size_t rest = ZSTD_decompressStream(state_, &out, &none);
          if (out.pos > 0 && ZSTD_isError(rest) == 0) continue;
          return Corrupt(source_, "zstd data ends in the middle");
        }
        return size_t{0};
      }
      ZSTD_inBuffer in{ahead.data(), ahead.size(), 0};
      const size_t result = ZSTD_decompressStream(state_, &out, &in);
      source_.Skip(in.pos);
      if (ZSTD_isError(result) != 0)
        return Corrupt(source_, Concat("bad zstd data: ", ZSTD_getErrorName(result)));
      in_frame_ = result != 0;
    }
    return out.pos;
  }
  Compression compression() const override { return Compression::kZstd; }
  uint64_t n_bytes_read() const override { return source_.position(); }
  uint64_t n_bytes_total() const override { return source_.n_bytes_total(); }

 private:
  RawSource source_;
  ZSTD_DStream* state_;
  bool in_frame_ = false;
};

std::unique_ptr<ByteStream> MakeStream(RawSource source, Compression compression) {
  switch (compression) {
    case Compression::kGzip: return std::make_unique<GzipStream>(std::move(source));
    case Compression::kZstd: return std::make_unique<ZstdStream>(std::move(source));
    case Compression::kNone: break;
  }
  return std::make_unique<PlainStream>(std::move(source));
}

}  // namespace

Compression DetectCompression(std::string_view head) {
  if (head.size() >= 3 && head.substr(0, 3) == std::string_view("\x1F\x8B\x08", 3)) return Compression::kGzip;
  if (head.size() < kMagicBytes) return Compression::kNone;
  const uint32_t magic = LittleEndian32(head);
  const bool is_zstd = magic == kZstdMagic || (magic & 0xFFFFFFF0u) == kZstdSkippableMagic;
  return is_zstd ? Compression::kZstd : Compression::kNone;
}

absl::StatusOr<std::unique_ptr<ByteStream>> ByteStream::Open(const std::string& path) {
  TOK_ASSIGN_OR_RETURN(RawSource source, RawSource::Open(path));
  TOK_ASSIGN_OR_RETURN(const std::string_view head, source.Peek(kMagicBytes));
  const Compression compression = DetectCompression(head);
  return MakeStream(std::move(source), compression);
}

std::unique_ptr<ByteStream> ByteStream::OverMemory(std::string_view bytes, std::string_view place) {
  return MakeStream(RawSource::OverMemory(bytes, place), DetectCompression(bytes.substr(0, kMagicBytes)));
}

}  // namespace tok
