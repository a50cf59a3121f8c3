// Characters, words and offsets, held against code that decodes everything first.
#include <gtest/gtest.h>

#include <vector>

#include "src/encode/offset_units.h"
#include "src/encode/text_statistics.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// For each byte the index of its character, and for each character its UTF-16 size.
struct Layout {
  std::vector<size_t> char_of_byte;
  std::vector<size_t> begins, utf16_sizes;
  std::vector<char32_t> code_points;
};

Layout LayOut(std::string_view text, bool replace) {
  Layout layout;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    const size_t n = c.code_point == kInvalidByte && replace ? InvalidPartLength(text, i) : c.n_bytes;
    layout.begins.push_back(i);
    layout.utf16_sizes.push_back(c.code_point != kInvalidByte && c.code_point > 0xFFFF ? 2 : 1);
    layout.code_points.push_back(c.code_point);
    layout.char_of_byte.insert(layout.char_of_byte.end(), n, layout.begins.size() - 1);
    i += n;
  }
  layout.begins.push_back(text.size());
  layout.char_of_byte.push_back(layout.begins.size() - 1);
  return layout;
}

Span Expected(const Layout& layout, Span bytes, OffsetUnit unit) {
  const size_t first = layout.char_of_byte[bytes.begin];
  size_t last = layout.char_of_byte[bytes.end];
  if (bytes.begin == bytes.end) last = first;
  if (bytes.begin != bytes.end && layout.begins[last] < bytes.end) ++last;
  const auto units = [&](size_t character) {
    if (unit == OffsetUnit::kChars) return character;
    size_t n = 0;
    for (size_t i = 0; i < character; ++i) n += layout.utf16_sizes[i];
    return n;
  };
  return {units(first), units(last)};
}

const std::string kTexts[] = {"", "abc", "h\u00e9llo \u6f22\u5b57 \U0001F600x",
                              std::string("\xFF"
                                          "a\xE2\x82"
                                          "b\xF0\x9F\x98"
                                          "c\xED\xA0\x80"),
                              "\U0001F600\U0001F600"};

TEST(ConvertOffsetsTest, EverySpanOfMixedTexts) {
  for (const std::string& text : kTexts) {
    for (const bool replace : {false, true}) {
      const Layout layout = LayOut(text, replace);
      for (const OffsetUnit unit : {OffsetUnit::kChars, OffsetUnit::kUtf16}) {
        std::vector<Span> spans, expected;
        for (size_t begin = 0; begin <= text.size(); ++begin) {
          for (size_t end = begin; end <= text.size(); ++end) {
            spans.push_back({begin, end});
            expected.push_back(Expected(layout, {begin, end}, unit));
          }
        }
        ConvertOffsets(text, unit, replace, spans);
        EXPECT_EQ(spans, expected) << text;
      }
    }
  }
}

TEST(ConvertOffsetsTest, BytesStayBytes) {
  std::vector<Span> spans = {{1, 2}};
  ConvertOffsets("\u00e9", OffsetUnit::kBytes, false, spans);
  EXPECT_EQ(spans[0], (Span{1, 2}));
}

TEST(MeasureTextTest, CountsCharactersAndWords) {
  for (const std::string& text : kTexts) {
    for (const bool replace : {false, true}) {
      const Layout layout = LayOut(text, replace);
      uint64_t n_words = 0;
      for (size_t i = 0; i < layout.code_points.size(); ++i) {
        const bool starts = i == 0 || IsWhiteSpace(layout.code_points[i - 1]);
        n_words += !IsWhiteSpace(layout.code_points[i]) && starts;
      }
      const TextStatistics statistics = MeasureText(text, replace);
      EXPECT_EQ(statistics.n_chars, layout.code_points.size()) << text;
      EXPECT_EQ(statistics.n_words, n_words) << text;
    }
  }
}

TEST(MeasureTextTest, EveryWhiteSpaceSeparatesAndNothingElse) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "a";
    AppendUtf8(c, &text);
    text += "b";
    ASSERT_EQ(MeasureText(text, false).n_words, IsWhiteSpace(c) ? 2u : 1u)
        << std::hex << static_cast<uint32_t>(c);
  }
}

}  // namespace
}  // namespace tok
