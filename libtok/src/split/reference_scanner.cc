#include "src/split/reference_scanner.h"

#include "src/split/char_class.h"
#include "src/split/word_places.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// What DeepSeek's first two patterns cut the text into; the third sees one segment at a time.
enum class Segment : uint8_t { kNumber, kHanOrKana, kRest };

// A reading position over classified characters, up to the end of the text or of a segment of it.
class Cursor {
 public:
  Cursor(std::string_view text, size_t position) : text_(text), position_(position) { Load(); }
  // Ends where the segment at `position` does.
  static Cursor InSegment(std::string_view text, size_t position) {
    Cursor cursor(text, position);
    cursor.bounded_ = true;
    return cursor;
  }

  size_t position() const { return position_; }
  bool AtEnd() const { return class_bit_ == 0; }
  bool Is(uint32_t classes) const { return class_bit_ & classes; }
  bool IsByte(char byte) const { return !AtEnd() && text_[position_] == byte; }
  void Advance() {
    position_ += n_bytes_;
    Load();
  }
  void SkipWhile(uint32_t classes) {
    while (Is(classes)) Advance();
  }

 private:
  void Load() {
    class_bit_ = 0;
    if (position_ >= text_.size()) return;
    const DecodedChar c = DecodeUtf8(text_, position_);
    const uint32_t class_bit = ClassBit(ClassOf(c.code_point));
    const Segment segment = class_bit == kAnyNumber     ? Segment::kNumber
                            : IsHanOrKana(c.code_point) ? Segment::kHanOrKana
                                                        : Segment::kRest;
    if (bounded_ && segment != segment_) return;
    segment_ = segment;
    n_bytes_ = c.n_bytes;
    class_bit_ = class_bit;
  }

  std::string_view text_;
  size_t position_;
  uint32_t n_bytes_ = 0;
  uint32_t class_bit_ = 0;  // no bit at the end
  bool bounded_ = false;    // by the segment
  Segment segment_ = Segment::kRest;
};

char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Bytes of '(?:[sdmt]|ll|ve|re) at the front of `text`, 0 if it is not there.
size_t ContractionLength(std::string_view text, bool ignore_case) {
  if (text.size() < 2 || text[0] != '\'') return 0;
  const char first = ignore_case ? AsciiLower(text[1]) : text[1];
  if (first == 's' || first == 'd' || first == 'm' || first == 't') return 2;
  // U+017F folds to s.
  if (ignore_case && text.size() >= 3 && text[1] == '\xC5' && text[2] == '\xBF') return 3;
  if (text.size() < 3) return 0;
  const char second = ignore_case ? AsciiLower(text[2]) : text[2];
  if ((first == 'l' && second == 'l') || ((first == 'v' || first == 'r') && second == 'e')) return 3;
  return 0;
}

// \s*[\r\n]+|\s+(?!\S)|\s+ at white space; `newline_rule` false leaves out the first alternative, and
// `tail_first` puts \s+$ before it.
size_t WhiteSpaceEnd(Cursor c, bool newline_rule, bool tail_first) {
  const size_t begin = c.position();
  size_t last_begin = begin;   // of the last white-space character seen
  size_t newline_end = begin;  // behind the last newline seen
  while (c.Is(kAnySpace)) {
    const bool newline = c.Is(ClassBit(CharClass::kNewline));
    last_begin = c.position();
    c.Advance();
    if (newline) newline_end = c.position();
  }
  if (c.AtEnd() && tail_first) return c.position();
  if (newline_rule && newline_end > begin) return newline_end;
  if (c.AtEnd() || last_begin == begin) return c.position();
  return last_begin;
}

size_t Gpt2PieceEnd(std::string_view text, size_t begin) {
  if (const size_t n = ContractionLength(text.substr(begin), /*ignore_case=*/false)) return begin + n;
  Cursor c(text, begin);
  if (c.IsByte(' ')) c.Advance();
  for (const uint32_t classes : {kAnyLetter, kAnyNumber, kSymbol}) {
    if (c.Is(classes)) {
      c.SkipWhile(classes);
      return c.position();
    }
  }
  return WhiteSpaceEnd(Cursor(text, begin), /*newline_rule=*/false, /*tail_first=*/false);
}

// \p{N}{1,max_digits} at a number.
size_t NumberEnd(Cursor c, int max_digits) {
  for (int n = 0; n < max_digits && c.Is(kAnyNumber); ++n) c.Advance();
  return c.position();
}

// Common to cl100k, Llama 3, Qwen and o200k: digits, symbols with what trails them, white space.
size_t NonWordPieceEnd(std::string_view text, size_t begin, int max_digits, bool slash_trails,
                       bool tail_first) {
  Cursor c(text, begin);
  if (c.Is(kAnyNumber)) return NumberEnd(c, max_digits);
  if (c.IsByte(' ')) c.Advance();
  if (c.Is(kSymbol)) {
    c.SkipWhile(kSymbol);
    while (c.Is(ClassBit(CharClass::kNewline)) || (slash_trails && c.IsByte('/'))) c.Advance();
    return c.position();
  }
  return WhiteSpaceEnd(Cursor(text, begin), /*newline_rule=*/true, tail_first);
}

// [^\r\n\p{L}\p{N}]?: true when the character before a word may be taken along.
bool MayPrefixWord(const Cursor& c) { return c.Is(kSymbol | ClassBit(CharClass::kSpace)); }

size_t Cl100kPieceEnd(std::string_view text, size_t begin, int max_digits, bool tail_first) {
  if (const size_t n = ContractionLength(text.substr(begin), /*ignore_case=*/true)) return begin + n;
  Cursor c(text, begin);
  if (MayPrefixWord(c)) c.Advance();
  if (c.Is(kAnyLetter)) {
    c.SkipWhile(kAnyLetter);
    return c.position();
  }
  return NonWordPieceEnd(text, begin, max_digits, /*slash_trails=*/false, tail_first);
}

// HEAD* TAIL+ at `begin`; `begin` if it does not match. Heads and tails share the caseless letters and marks, so the
// greedy HEAD* may have to give back everything behind the last shared character.
size_t HeadsThenTailEnd(std::string_view text, size_t begin) {
  Cursor c(text, begin);
  size_t shared_end = begin;
  while (c.Is(kWordHead)) {
    const bool shared = c.Is(kWordTail);
    c.Advance();
    if (shared) shared_end = c.position();
  }
  if (!c.Is(kWordTail)) return shared_end;
  c.SkipWhile(kWordTail);
  return c.position();
}

// HEAD+ TAIL* at `begin`; `begin` if it does not match.
size_t HeadThenTailsEnd(std::string_view text, size_t begin) {
  Cursor c(text, begin);
  c.SkipWhile(kWordHead);
  if (c.position() > begin) c.SkipWhile(kWordTail);
  return c.position();
}

// End of the word at `begin`, its prefix character included; `begin` if there is none. A mark is both a possible
// prefix and part of a word, so every alternative is tried with the prefix and without it, in the pattern's order.
size_t O200kWordEnd(std::string_view text, size_t begin) {
  Cursor c(text, begin);
  size_t after_prefix = begin;
  if (MayPrefixWord(c)) {
    c.Advance();
    after_prefix = c.position();
  }
  for (const auto alternative : {HeadsThenTailEnd, HeadThenTailsEnd}) {
    if (const size_t end = alternative(text, after_prefix); end > after_prefix) return end;
    if (after_prefix == begin) continue;
    if (const size_t end = alternative(text, begin); end > begin) return end;
  }
  return begin;
}

size_t O200kPieceEnd(std::string_view text, size_t begin, bool has_contractions) {
  if (const size_t end = O200kWordEnd(text, begin); end > begin) {
    return has_contractions ? end + ContractionLength(text.substr(end), /*ignore_case=*/true) : end;
  }
  return NonWordPieceEnd(text, begin, /*max_digits=*/3, /*slash_trails=*/true, /*tail_first=*/false);
}

// [!-/:-@\[-`{-~][A-Za-z]+ at `begin`; `begin` if it does not match.
size_t PunctuatedWordEnd(std::string_view text, size_t begin) {
  const auto is_letter = [](char c) { return AsciiLower(c) >= 'a' && AsciiLower(c) <= 'z'; };
  const char c = text[begin];
  if (c <= ' ' || c >= 0x7F || is_letter(c) || (c >= '0' && c <= '9')) return begin;
  size_t end = begin + 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  return end > begin + 1 ? end : begin;
}

// The end of what no alternative of DeepSeek's third pattern matches: only the last such character may begin a match,
// the word behind it.
size_t UnmatchedEnd(Cursor c) {
  size_t last_begin = c.position();
  for (; c.Is(ClassBit(CharClass::kOther)); c.Advance()) last_begin = c.position();
  return c.Is(kLetterOrMark) ? last_begin : c.position();
}

size_t DeepSeekPieceEnd(std::string_view text, size_t begin) {
  if (const size_t end = PunctuatedWordEnd(text, begin); end > begin) return end;
  const Cursor first = Cursor::InSegment(text, begin);
  if (first.Is(kAnyNumber)) return NumberEnd(first, 3);
  // [^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+, where a mark needs no prefix.
  Cursor c = first;
  if (c.Is(ClassBit(CharClass::kSpace) | ClassBit(CharClass::kOther))) c.Advance();
  if (c.Is(kLetterOrMark)) {
    c.SkipWhile(kLetterOrMark);
    return c.position();
  }
  c = first;
  if (c.IsByte(' ')) c.Advance();
  if (c.Is(ClassBit(CharClass::kPunctuation))) {
    c.SkipWhile(ClassBit(CharClass::kPunctuation));
    c.SkipWhile(ClassBit(CharClass::kNewline));
    return c.position();
  }
  if (first.Is(kAnySpace)) return WhiteSpaceEnd(first, /*newline_rule=*/true, /*tail_first=*/false);
  return UnmatchedEnd(first);
}

// The end of what the pattern of superwords matches at `begin`; `begin` if it does not match.
size_t SuperwordBreakEnd(std::string_view text, size_t begin) {
  Cursor c(text, begin);
  if (c.Is(kAnyNumber)) return NumberEnd(c, 3);
  const bool is_blank = c.IsByte(' ');
  if (is_blank) c.Advance();
  if (c.Is(kSymbol)) {
    c.Advance();
    if (!c.Is(kSymbol)) return begin;
    c.SkipWhile(kSymbol);
    while (c.Is(ClassBit(CharClass::kNewline)) || c.IsByte('/')) c.Advance();
    return c.position();
  }
  if (!is_blank) return begin;
  while (c.IsByte(' ')) c.Advance();
  return c.AtEnd() || c.Is(kAnySpace) ? c.position() : c.position() - 1;
}

size_t SuperwordPieceEnd(std::string_view text, size_t begin) {
  if (const size_t end = SuperwordBreakEnd(text, begin); end > begin) return end;
  Cursor c(text, begin);
  for (c.Advance(); !c.AtEnd(); c.Advance()) {
    if (SuperwordBreakEnd(text, c.position()) > c.position()) break;
  }
  return c.position();
}

size_t SpacedWordEnd(std::string_view text, size_t begin) {
  size_t end;
  return NextWordPlaces(text, begin, {&end, 1}) > 0 ? end : text.size();
}

}  // namespace

size_t PieceEnd(PatternFamily family, std::string_view text, size_t begin) {
  switch (family) {
    case PatternFamily::kGpt2: return Gpt2PieceEnd(text, begin);
    case PatternFamily::kCl100k: return Cl100kPieceEnd(text, begin, 3, /*tail_first=*/true);
    case PatternFamily::kLlama3: return Cl100kPieceEnd(text, begin, 3, /*tail_first=*/false);
    case PatternFamily::kQwen: return Cl100kPieceEnd(text, begin, 1, /*tail_first=*/false);
    case PatternFamily::kO200k: return O200kPieceEnd(text, begin, /*has_contractions=*/true);
    case PatternFamily::kSubwords: return O200kPieceEnd(text, begin, /*has_contractions=*/false);
    case PatternFamily::kSuperwords: return SuperwordPieceEnd(text, begin);
    case PatternFamily::kSpacedWords: return SpacedWordEnd(text, begin);
    case PatternFamily::kDeepSeek: return DeepSeekPieceEnd(text, begin);
  }
  return text.size();
}

}  // namespace tok
