// What the tests of formats share: small tokenizer.json files put together from their sections.
#ifndef TOK_TESTS_UNIT_FORMAT_FORMAT_TESTING_H_
#define TOK_TESTS_UNIT_FORMAT_FORMAT_TESTING_H_

#include <string>
#include <string_view>

#include "src/base/strings.h"
#include "src/unicode/byte_alphabet.h"

namespace tok {

inline constexpr std::string_view kTinyModel =
    R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]]})";

// {"version":"1.0","model":...,<more>}
inline std::string TokenizerJson(std::string_view model, std::string_view more = {}) {
  return Concat(R"({"version":"1.0","model":)", model, more.empty() ? "" : ",", more, "}");
}
inline std::string WithSection(std::string_view name, std::string_view json) {
  return TokenizerJson(kTinyModel, Concat("\"", name, "\":", json));
}

// "<byte 0>":0, ..., "<byte 255>":255 in the byte alphabet, for the inside of a "vocab" object.
inline std::string ByteEntries() {
  std::string entries;
  for (int value = 0; value < 256; ++value) {
    const char byte = static_cast<char>(value);
    std::string spelled;
    AppendByteAlphabet(std::string_view(&byte, 1), &spelled);
    if (spelled == "\"" || spelled == "\\") spelled.insert(0, "\\");
    entries += Concat(value == 0 ? "" : ",", "\"", spelled, "\":", value);
  }
  return entries;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_FORMAT_FORMAT_TESTING_H_
