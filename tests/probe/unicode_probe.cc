// Says which code points are in a class, for tests/differential/unicode_classes_slow_test.py. Each line of standard input is
//   {"kind": "property", "name": "Lu"}                                          PropertyRanges
//   {"kind": "escape", "name": "w", "bracket": true, "profile": "tiktoken"}     EscapeClassRanges
//   {"kind": "posix", "name": "punct", "profile": "huggingface"}                PosixClassRanges
//   {"kind": "inline", "name": "numeric"}                                       a look-up function
//   {"kind": "lowercase"}
// and each line of output [[first, last], ...], or for lowercase [[code point, "lower case"], ...] of what changes.
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/unicode/hugging_face.h"
#include "src/unicode/profile.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using nlohmann::json;
using LookUp = bool (*)(char32_t);

json Ranges(const std::vector<CodePointRange>& ranges) {
  json result = json::array();
  for (const CodePointRange& range : ranges) {
    result.push_back({static_cast<uint32_t>(range.first), static_cast<uint32_t>(range.last)});
  }
  return result;
}

json Members(LookUp contains) {
  std::vector<CodePointRange> ranges;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!contains(c)) continue;
    if (ranges.empty() || ranges.back().last + 1 != c) ranges.push_back({c, c});
    ranges.back().last = c;
  }
  return Ranges(ranges);
}

json Lowercase() {
  json result = json::array();
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!HasLowercase(c)) continue;
    std::u32string lower;
    AppendLowercase(c, &lower);
    std::string utf8;
    for (char32_t part : lower) AppendUtf8(part, &utf8);
    result.push_back({static_cast<uint32_t>(c), utf8});
  }
  return result;
}

json Answer(const json& request) {
  const std::map<std::string, LookUp> look_ups = {
      {"white_space", [](char32_t c) { return IsWhiteSpace(c); }},
      {"word", [](char32_t c) { return IsWordCharacter(c); }},
      {"punctuation", [](char32_t c) { return hugging_face::IsPunctuation(c); }},
      {"numeric", [](char32_t c) { return hugging_face::IsNumeric(c); }},
      {"bert_removed", [](char32_t c) { return hugging_face::IsRemovedByBert(c); }},
      {"combining_mark", [](char32_t c) { return hugging_face::IsCombiningMark(c); }},
  };
  const std::string kind = request.at("kind"), name = request.value("name", "");
  const auto profile = request.value("profile", "") == "tiktoken" ? UnicodeProfileName::kTiktoken
                                                                  : UnicodeProfileName::kHuggingFace;
  if (kind == "property") return Ranges(PropertyRanges(name));
  if (kind == "escape") return Ranges(EscapeClassRanges(name.at(0), request.at("bracket"), profile));
  if (kind == "posix") return Ranges(PosixClassRanges(name, profile));
  if (kind == "inline") return Members(look_ups.at(name));
  return Lowercase();
}

}  // namespace
}  // namespace tok

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << tok::Answer(nlohmann::json::parse(line)) << '\n' << std::flush;
  }
  return 0;
}
