#include "src/measure/letter_case.h"

#include "absl/container/flat_hash_map.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using CaseMap = absl::flat_hash_map<char32_t, char32_t>;

const CaseMap& UpperCases() {
  static const CaseMap& map = *[] {
    auto* made = new CaseMap;
    std::u32string lower;
    for (char32_t c = 0; c < 0x1F000; ++c) {  // no case above the Supplementary Multilingual Plane's letters
      if (!HasLowercase(c)) continue;
      lower.clear();
      AppendLowercase(c, &lower);
      if (lower.size() == 1) made->try_emplace(lower[0], c);
    }
    return made;
  }();
  return map;
}

}  // namespace

char32_t UpperCaseOf(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 0x20 : c;
  const CaseMap& map = UpperCases();
  const auto found = map.find(c);
  return found == map.end() ? c : found->second;
}

std::string LowerCase(std::string_view text) {
  std::string lower;
  std::u32string mapped;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (!HasLowercase(c.code_point)) {
      lower.append(text.substr(i, c.n_bytes));
    } else {
      mapped.clear();
      AppendLowercase(c.code_point, &mapped);
      for (const char32_t to : mapped) AppendUtf8(to, &lower);
    }
    i += c.n_bytes;
  }
  return lower;
}

std::string UpperCase(std::string_view text) {
  std::string upper;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    const char32_t to = UpperCaseOf(c.code_point);
    if (to == c.code_point) {
      upper.append(text.substr(i, c.n_bytes));
    } else {
      AppendUtf8(to, &upper);
    }
    i += c.n_bytes;
  }
  return upper;
}

}  // namespace tok
