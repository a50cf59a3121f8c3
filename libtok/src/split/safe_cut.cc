#include "src/split/safe_cut.h"

#include <algorithm>

#include "src/split/char_class.h"
#include "src/unicode/normal_forms.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// What NFKD leaves alone, no other form changes.
bool HasDecomposition(std::string_view character) {
  return NextUnsettled(character, 0, normalizer::Form::kNfkd).begin < character.size();
}

bool IsSafe(std::string_view text, size_t place) {
  const DecodedChar before = DecodeUtf8Before(text, place);
  const uint32_t class_before = ClassBit(ClassOf(before.code_point));
  if (text[place] == ' ') return (class_before & kAnySpace) == 0;
  if (text[place] == '\'' || (class_before & (kAnyLetter | kAnyNumber)) == 0) return false;
  const DecodedChar behind = DecodeUtf8(text, place);
  const uint32_t class_behind = ClassBit(ClassOf(behind.code_point));
  return (class_behind & (ClassBit(CharClass::kNewline) | ClassBit(CharClass::kPunctuation))) != 0 &&
         !HasDecomposition(text.substr(place - before.n_bytes, before.n_bytes)) &&
         !HasDecomposition(text.substr(place, behind.n_bytes));
}

// Decompositions of numbers may be letters, and the other way round: ASCII has none.
bool IsSafeBetweenSuperwords(std::string_view text, size_t place) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return text[place] >= '0' && text[place] <= '9' && is_letter(text[place - 1]);
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

size_t LastSafeCut(PatternFamily family, std::string_view text, size_t begin, size_t limit) {
  if (text.empty()) return begin;
  const auto is_safe = family == PatternFamily::kSuperwords ? IsSafeBetweenSuperwords : IsSafe;
  for (size_t place = std::min(limit, text.size() - 1); place > begin; --place) {
    if (!IsContinuation(text[place]) && is_safe(text, place)) return place;
  }
  return begin;
}

}  // namespace tok
