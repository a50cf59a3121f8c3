// Gzip and zstd streams of any bytes end in data or in an error, within the bound that this target sets.
#include <string>

#include "src/base/byte_stream.h"
#include "tests/fuzz/fuzz_util.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kMaxOutput = 1 << 22;  // small inputs can decompress to gigabytes
  const auto stream = tok::ByteStream::OverMemory({reinterpret_cast<const char*>(data), size}, "fuzz");
  std::string buffer(1 << 12, '\0');
  size_t n_total = 0;
  while (n_total < kMaxOutput) {
    const auto n_bytes = stream->Read(buffer.data(), buffer.size());
    if (!n_bytes.ok()) {
      TOK_FUZZ_CHECK(tok::ErrorCodeOf(n_bytes.status()) == tok::ErrorCode::kBadInput);
      break;
    }
    TOK_FUZZ_CHECK(*n_bytes <= buffer.size());
    if (*n_bytes == 0) break;
    n_total += *n_bytes;
  }
  return 0;
}
