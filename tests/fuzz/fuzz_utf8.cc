// UTF-8 validation, replacement and stepping agree with each other on any bytes.
#include <string>

#include "src/unicode/utf8.h"
#include "tests/fuzz/fuzz_util.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  size_t first_invalid = std::string_view::npos;
  size_t position = 0;
  while (position < text.size()) {
    const tok::DecodedChar c = tok::DecodeUtf8(text, position);
    TOK_FUZZ_CHECK(c.n_bytes >= 1 && position + c.n_bytes <= text.size());
    if (c.code_point == tok::kInvalidByte) {
      if (first_invalid == std::string_view::npos) first_invalid = position;
    } else {
      std::string bytes;
      tok::AppendUtf8(c.code_point, &bytes);
      TOK_FUZZ_CHECK(bytes == text.substr(position, c.n_bytes));
      const tok::DecodedChar back = tok::DecodeUtf8Before(text, position + c.n_bytes);
      TOK_FUZZ_CHECK(back.code_point == c.code_point && back.n_bytes == c.n_bytes);
    }
    position += c.n_bytes;
  }
  TOK_FUZZ_CHECK(tok::FindInvalidUtf8(text) == first_invalid);

  const std::string replaced = tok::ReplaceInvalidUtf8(text);
  TOK_FUZZ_CHECK(tok::FindInvalidUtf8(replaced) == std::string_view::npos);
  TOK_FUZZ_CHECK((replaced == text) == (first_invalid == std::string_view::npos));
  return 0;
}
