#include "src/measure/compare/text_units.h"

#include "src/base/status_macros.h"
#include "src/unicode/icu_bridge.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// A property as one bit a code point.
class CodePointBits {
 public:
  explicit CodePointBits(std::string_view property) : bits_(0x110001, false) {
    for (const CodePointRange& range : PropertyRanges(property)) {
      for (char32_t c = range.first; c <= range.last; ++c) bits_[c] = true;
    }
  }
  bool Has(char32_t c) const { return bits_[c]; }  // kInvalidByte too

 private:
  std::vector<bool> bits_;
};

bool IsAsciiDigit(char byte) { return byte >= '0' && byte <= '9'; }

}  // namespace

std::vector<Span> FindIdentifiers(std::string_view text) {
  static const CodePointBits& starts = *new CodePointBits("XID_Start");
  static const CodePointBits& continues = *new CodePointBits("XID_Continue");
  std::vector<Span> identifiers;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar first = DecodeUtf8(text, i);
    const size_t begin = i;
    i += first.n_bytes;
    if (!starts.Has(first.code_point) && first.code_point != '_') {
      // What continues an identifier begins none: "9lives" holds "lives".
      continue;
    }
    while (i < text.size()) {
      const DecodedChar next = DecodeUtf8(text, i);
      if (!continues.Has(next.code_point)) break;
      i += next.n_bytes;
    }
    identifiers.push_back({begin, i});
  }
  return identifiers;
}

std::vector<Span> FindDigitRuns(std::string_view text) {
  std::vector<Span> runs;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsAsciiDigit(text[i])) continue;
    const size_t begin = i;
    while (i < text.size() && IsAsciiDigit(text[i])) ++i;
    if (i - begin >= kLeastDigits) runs.push_back({begin, i});
  }
  return runs;
}

absl::StatusOr<TextUnits> FindUnits(std::string_view text) {
  TextUnits units;
  TOK_RETURN_IF_ERROR(AppendWords(text, &units.words));
  units.digit_runs = FindDigitRuns(text);
  units.identifiers = FindIdentifiers(text);
  return units;
}

}  // namespace tok
