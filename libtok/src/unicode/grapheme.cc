#include "src/unicode/grapheme.h"

#include <algorithm>
#include <iterator>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

#include "src/unicode/generated/grapheme_breaks.inc"

constexpr char32_t kZeroWidthJoiner = 0x200D;

template <size_t n>
bool IsIn(const CodePointRange (&ranges)[n], char32_t c) {
  const auto range = std::partition_point(std::begin(ranges), std::end(ranges),
                                          [c](const CodePointRange& r) { return r.last < c; });
  return range != std::end(ranges) && range->first <= c;
}

enum class Hangul { kNone, kL, kV, kT, kLV, kLVT };

Hangul HangulOf(char32_t c) {
  if (c < 0x1100) return Hangul::kNone;
  if (c <= 0x115F || (c >= 0xA960 && c <= 0xA97C)) return Hangul::kL;
  if (c <= 0x11A7 || (c >= 0xD7B0 && c <= 0xD7C6)) return Hangul::kV;
  if (c == 0x16D63 || (c >= 0x16D67 && c <= 0x16D6A)) return Hangul::kV;
  if (c <= 0x11FF || (c >= 0xD7CB && c <= 0xD7FB)) return Hangul::kT;
  if (c < 0xAC00 || c > 0xD7A3) return Hangul::kNone;
  return (c - 0xAC00) % 28 == 0 ? Hangul::kLV : Hangul::kLVT;
}

bool HangulJoins(Hangul left, Hangul right) {
  switch (left) {
    case Hangul::kL: return right != Hangul::kNone && right != Hangul::kT;
    case Hangul::kLV:
    case Hangul::kV: return right == Hangul::kV || right == Hangul::kT;
    case Hangul::kLVT:
    case Hangul::kT: return right == Hangul::kT;
    case Hangul::kNone: return false;
  }
  return false;
}

bool IsControl(char32_t c) { return c == 0 || c == kInvalidByte || IsIn(kControl, c); }

// What the rules that look further back than one character have seen of the cluster so far.
class Context {
 public:
  void Add(char32_t c) {
    pictograph_joined_ = pictograph_ && c == kZeroWidthJoiner;
    pictograph_ = IsIn(kPictographic, c) || (pictograph_ && c != kZeroWidthJoiner && IsIn(kJoinsPrevious, c));
    if (IsIn(kConjunctConsonant, c)) {
      consonant_ = true, linked_ = false;
    } else if (consonant_ && IsIn(kConjunctLinker, c)) {
      linked_ = true;
    } else if (!IsIn(kConjunctExtend, c)) {
      consonant_ = linked_ = false;
    }
    previous_ = c;
  }

  // True if the cluster goes on with `c`.
  bool Joins(char32_t c) const {
    if (IsControl(c)) return false;
    if (IsIn(kJoinsPrevious, c) || IsIn(kPrepend, previous_)) return true;
    if (HangulJoins(HangulOf(previous_), HangulOf(c))) return true;
    if (pictograph_joined_ && IsIn(kPictographic, c)) return true;
    return linked_ && IsIn(kConjunctConsonant, c);
  }

 private:
  char32_t previous_ = 0;
  bool pictograph_ = false, pictograph_joined_ = false;  // pictograph and its marks; those and a joiner
  bool consonant_ = false, linked_ = false;              // consonant and its marks; those with a linker
};

}  // namespace

size_t GraphemeEnd(std::string_view text, size_t position) {
  DecodedChar c = DecodeUtf8(text, position);
  size_t end = position + c.n_bytes;
  if (c.code_point == '\r' && end < text.size() && text[end] == '\n') return end + 1;
  if (IsControl(c.code_point)) return end;
  // Between ASCII characters, but for CR LF, there is always a break.
  if (c.code_point < 0x80 && (end == text.size() || static_cast<unsigned char>(text[end]) < 0x80)) return end;
  Context context;
  for (context.Add(c.code_point); end < text.size(); end += c.n_bytes) {
    c = DecodeUtf8(text, end);
    if (!context.Joins(c.code_point)) break;
    context.Add(c.code_point);
  }
  return end;
}

}  // namespace tok
