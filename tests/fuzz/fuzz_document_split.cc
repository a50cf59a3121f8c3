// What --split and --sep may be given: a usage error or a split that is complete; and any separator can be spelled in
// escapes.
#include <cstdio>
#include <string>

#include "tests/fuzz/fuzz_util.h"
#include "tok/corpus.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto split = tok::DocumentSplit::Parse(text);
  if (!split.ok()) {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(split.status()) == tok::ErrorCode::kUsage);
  } else {
    using Kind = tok::DocumentSplit::Kind;
    const bool has_argument = split->kind == Kind::kJsonl || split->kind == Kind::kSeparator;
    TOK_FUZZ_CHECK(has_argument != split->argument.empty());
    TOK_FUZZ_CHECK(split->argument.size() < text.size());
  }
  std::string escaped;
  for (const char c : text) {
    char escape[5];
    std::snprintf(escape, sizeof(escape), "\\x%02x", static_cast<unsigned char>(c));
    escaped += escape;
  }
  const auto separator = tok::Unescape(escaped);
  TOK_FUZZ_CHECK(separator.ok() && *separator == text);
  return 0;
}
