// A charsmap of one-byte rules, made by hand for tests.
#ifndef TOK_TESTS_UNIT_NORMALIZE_TEST_CHARSMAP_H_
#define TOK_TESTS_UNIT_NORMALIZE_TEST_CHARSMAP_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tok {

inline void AppendLittleEndian32(uint32_t value, std::string* bytes) {
  for (int shift = 0; shift < 32; shift += 8) bytes->push_back(static_cast<char>(value >> shift));
}

inline std::string CharsmapOf(const std::vector<uint32_t>& units, const std::string& blob) {
  std::string bytes;
  AppendLittleEndian32(static_cast<uint32_t>(4 * units.size()), &bytes);
  for (const uint32_t unit : units) AppendLittleEndian32(unit, &bytes);
  return bytes + blob;
}

// Units of the map that turns each of the (letter) keys into its value; `blob` receives the replacements. The root's
// children are at base 256, the leaf of key k at base 512.
inline std::vector<uint32_t> UnitsOfRules(const std::map<char, std::string>& rules, std::string* blob) {
  std::vector<uint32_t> units(768);
  // Free units carry a label that none of the two bases leads to.
  for (uint32_t i = 0; i < units.size(); ++i) units[i] = (i ^ 0x80) & 0xFF;
  units[0] = 256u << 10;
  for (const auto& [key, value] : rules) {
    const auto byte = static_cast<unsigned char>(key);
    const uint32_t node = 256u ^ byte, leaf = 512u ^ byte;
    units[node] = byte | 0x100u | (node ^ leaf) << 10;
    units[leaf] = 0x80000000u | static_cast<uint32_t>(blob->size());
    *blob += value;
    blob->push_back('\0');
  }
  return units;
}

inline std::string CharsmapOfRules(const std::map<char, std::string>& rules) {
  std::string blob;
  const std::vector<uint32_t> units = UnitsOfRules(rules, &blob);
  return CharsmapOf(units, blob);
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_NORMALIZE_TEST_CHARSMAP_H_
