#include "src/unicode/profile.h"

#include <string>

namespace tok {
namespace {

using Ranges = std::vector<CodePointRange>;

// Union of properties by name.
Ranges UnionOf(std::initializer_list<std::string_view> names) {
  Ranges result;
  for (std::string_view name : names) result = UnionRanges(result, PropertyRanges(name));
  return result;
}

Ranges HexDigits() { return {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}; }

Ranges UnicodeWord() { return UnionOf({"Alphabetic", "M", "Nd", "Pc"}); }

// Oniguruma answers \w below U+0100 from its Latin-1 table, where superscripts and fractions are word characters;
// inside brackets it uses the Unicode ranges.
Ranges LatinOneExtraWord() { return {{0xB2, 0xB3}, {0xB9, 0xB9}, {0xBC, 0xBE}}; }

Ranges UnicodePosixClass(std::string_view name) {
  if (name == "alnum") return UnionOf({"Alphabetic", "Nd"});
  if (name == "alpha") return PropertyRanges("Alphabetic");
  if (name == "ascii") return PropertyRanges("ASCII");
  if (name == "blank") return UnionRanges({{'\t', '\t'}}, PropertyRanges("Zs"));
  if (name == "cntrl") return PropertyRanges("Cc");
  if (name == "digit") return PropertyRanges("Nd");
  if (name == "graph") return ComplementRanges(UnionOf({"White_Space", "Cc", "Cs", "Cn"}));
  if (name == "lower") return PropertyRanges("Lowercase");
  if (name == "print") return UnionRanges(UnicodePosixClass("graph"), PropertyRanges("Zs"));
  if (name == "punct") return UnionOf({"P", "S"});
  if (name == "space") return PropertyRanges("White_Space");
  if (name == "upper") return PropertyRanges("Uppercase");
  if (name == "word") return UnicodeWord();
  if (name == "xdigit") return HexDigits();
  return {};
}

Ranges AsciiPosixClass(std::string_view name) {
  if (name == "alnum") return {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}};
  if (name == "alpha") return {{'A', 'Z'}, {'a', 'z'}};
  if (name == "ascii") return {{0, 0x7F}};
  if (name == "blank") return {{'\t', '\t'}, {' ', ' '}};
  if (name == "cntrl") return {{0, 0x1F}, {0x7F, 0x7F}};
  if (name == "digit") return {{'0', '9'}};
  if (name == "graph") return {{'!', '~'}};
  if (name == "lower") return {{'a', 'z'}};
  if (name == "print") return {{' ', '~'}};
  if (name == "punct") return {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}};
  if (name == "space") return {{'\t', '\r'}, {' ', ' '}};
  if (name == "upper") return {{'A', 'Z'}};
  if (name == "word") return {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
  if (name == "xdigit") return HexDigits();
  return {};
}

}  // namespace

Ranges EscapeClassRanges(char letter, bool in_bracket, UnicodeProfileName profile) {
  switch (letter) {
    case 's': return PropertyRanges("White_Space");
    case 'd': return PropertyRanges("Nd");
    case 'h': return HexDigits();
    case 'w':
      if (profile != UnicodeProfileName::kHuggingFace) {
        return UnionRanges(UnicodeWord(), PropertyRanges("Join_Control"));
      }
      return in_bracket ? UnicodeWord() : UnionRanges(UnicodeWord(), LatinOneExtraWord());
    default: return {};
  }
}

Ranges PosixClassRanges(std::string_view name, UnicodeProfileName profile) {
  return profile == UnicodeProfileName::kHuggingFace ? UnicodePosixClass(name) : AsciiPosixClass(name);
}

}  // namespace tok
