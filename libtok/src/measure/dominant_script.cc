#include "src/measure/dominant_script.h"

#include <cstdint>
#include <map>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {

std::string_view DominantScript(std::string_view text) {
  std::map<std::string_view, uint64_t> n_chars;
  // Neighbours mostly are of one script: look it up in the map where it changes.
  std::string_view script;
  uint64_t* count = nullptr;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    i += c.n_bytes;
    const std::string_view found = ScriptOf(c.code_point);
    if (count == nullptr || found.data() != script.data()) {
      script = found;
      count = &n_chars[found];
    }
    ++*count;
  }
  for (const std::string_view none : {"Common", "Inherited", "Unknown"}) n_chars.erase(none);
  std::string_view dominant = "Common";
  uint64_t most = 0;
  for (const auto& [name, n] : n_chars) {
    if (n > most) {
      dominant = name;
      most = n;
    }
  }
  return dominant;
}

}  // namespace tok
