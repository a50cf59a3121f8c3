#include "src/encode/offset_units.h"

#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Walks over the characters of a text and knows how many units lie before and behind the one it stands on.
class UnitCursor {
 public:
  UnitCursor(std::string_view text, OffsetUnit unit, bool replace_invalid)
      : text_(text), is_utf16_(unit == OffsetUnit::kUtf16), replace_invalid_(replace_invalid) {}

  // Units before the character that holds byte `position`.
  uint64_t Floor(uint64_t position) {
    MoveTo(position);
    return n_units_;
  }
  // Units up to the end of the character whose inside holds `position`; at a boundary, the units before it.
  uint64_t Ceiling(uint64_t position) {
    MoveTo(position);
    return byte_ < position ? n_units_ + Step().n_units : n_units_;
  }

 private:
  struct Character {
    uint64_t n_bytes, n_units;
  };
  Character Step() const {
    const DecodedChar c = DecodeUtf8(text_, byte_);
    if (c.code_point == kInvalidByte) return {replace_invalid_ ? InvalidPartLength(text_, byte_) : 1, 1};
    return {c.n_bytes, is_utf16_ && c.code_point > 0xFFFF ? uint64_t{2} : uint64_t{1}};
  }
  // To the last character boundary at or before `position`.
  void MoveTo(uint64_t position) {
    if (position < byte_) byte_ = n_units_ = 0;
    while (byte_ < position && byte_ < text_.size()) {
      const Character c = Step();
      if (byte_ + c.n_bytes > position) return;
      byte_ += c.n_bytes;
      n_units_ += c.n_units;
    }
  }

  std::string_view text_;
  bool is_utf16_, replace_invalid_;
  uint64_t byte_ = 0, n_units_ = 0;
};

}  // namespace

void ConvertOffsets(std::string_view text, OffsetUnit unit, bool replace_invalid, std::span<Span> spans) {
  if (unit != OffsetUnit::kChars && unit != OffsetUnit::kUtf16) return;
  UnitCursor begins(text, unit, replace_invalid), ends(text, unit, replace_invalid);
  for (Span& span : spans) {
    const bool is_empty = span.begin == span.end;
    span.begin = begins.Floor(span.begin);
    span.end = is_empty ? span.begin : ends.Ceiling(span.end);
  }
}

}  // namespace tok
