// Whether a text is UTF-8, and where it stops being, is told the same by every implementation that simdjson may choose,
// without a look at bytes outside the text.
#include "src/unicode/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "simdjson.h"
#include "tests/support/nasty_texts.h"
#include "tests/support/page_edge.h"

namespace tok {
namespace {

size_t FirstInvalid(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (c.code_point == kInvalidByte) return i;
    i += c.n_bytes;
  }
  return std::string_view::npos;
}

TEST(Utf8Test, InvalidBytesAreFoundAtTheEdgesOfAPage) {
  constexpr size_t kMaxLength = 300;
  PageEdge edge(kMaxLength);
  const simdjson::implementation* const chosen = simdjson::get_active_implementation();
  size_t n_implementations = 0, n_valid = 0;
  for (const simdjson::implementation* implementation : simdjson::get_available_implementations()) {
    if (!implementation->supported_by_runtime_system()) continue;
    ++n_implementations;
    simdjson::get_active_implementation() = implementation;
    for (const std::string& text : NastyTexts(2 * kMaxLength, /*valid_utf8=*/false)) {
      for (size_t n = 0; n <= kMaxLength; ++n) {
        const std::string part = text.substr(n % 3 == 0 ? 0 : n % 11, n);
        const size_t expected = FirstInvalid(part);
        n_valid += expected == std::string_view::npos;
        ASSERT_EQ(FindInvalidUtf8(edge.AtEnd(part)), expected) << implementation->name() << " " << n;
        ASSERT_EQ(FindInvalidUtf8(edge.AtBegin(part)), expected) << implementation->name() << " " << n;
      }
    }
  }
  simdjson::get_active_implementation() = chosen;
  EXPECT_GT(n_implementations, 1u);
  EXPECT_GT(n_valid, 100u);
}

}  // namespace
}  // namespace tok
