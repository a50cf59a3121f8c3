// What the tests of formats share: small tokenizer.json files put together from their sections, temporary directories.
#ifndef TOK_TESTS_UNIT_FORMAT_FORMAT_TESTING_H_
#define TOK_TESTS_UNIT_FORMAT_FORMAT_TESTING_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
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

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tok_format_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string Write(std::string_view name, std::string_view content) const {
    const std::string path = Concat(path_, "/", name);
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

 private:
  std::string path_;
};

}  // namespace tok

#endif  // TOK_TESTS_UNIT_FORMAT_FORMAT_TESTING_H_
