// tests/support/catalogues.h: compiled gettext catalogues to test with, in either byte order.
#ifndef TOK_TESTS_SUPPORT_CATALOGUES_H_
#define TOK_TESTS_SUPPORT_CATALOGUES_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace tok {

// A .mo file of these (original, translation), laid out as msgfmt does it, without hash table.
inline std::string MakeMo(const std::vector<std::pair<std::string, std::string>>& strings,
                          bool is_big_endian) {
  const auto n = static_cast<uint32_t>(strings.size());
  const uint32_t tables = 28, text = tables + 16 * n;
  std::vector<uint32_t> words = {0x950412DE, 0, n, tables, tables + 8 * n, 0, text};
  std::string bytes;
  for (const bool is_translation : {false, true}) {
    for (const auto& [original, translation] : strings) {
      const std::string& string = is_translation ? translation : original;
      words.push_back(static_cast<uint32_t>(string.size()));
      words.push_back(text + static_cast<uint32_t>(bytes.size()));
      bytes += string + '\0';
    }
  }
  std::string file;
  for (const uint32_t word : words) {
    for (int i = 0; i < 4; ++i)
      file += static_cast<char>(word >> (is_big_endian ? 24 - 8 * i : 8 * i) & 0xFF);
  }
  return file + bytes;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_CATALOGUES_H_
