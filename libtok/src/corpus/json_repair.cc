#include "src/corpus/json_repair.h"

#include <cstdint>

namespace tok {
namespace {

constexpr std::string_view kMark = "\xF4\x8F\xBF\xBF";  // U+10FFFF
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr size_t kEscapeBytes = 6;  // \uXXXX
constexpr uint32_t kNoEscape = 0xFFFFFFFFu;

// The value of a \uXXXX at line[position]; kNoEscape if there is none.
uint32_t EscapeAt(std::string_view line, size_t position) {
  const std::string_view escape = line.substr(position, kEscapeBytes);
  if (escape.size() < kEscapeBytes || escape[0] != '\\' || escape[1] != 'u') return kNoEscape;
  uint32_t value = 0;
  for (const char c : escape.substr(2)) {
    const bool is_digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit && (lower < 'a' || lower > 'f')) return kNoEscape;
    value = value * 16 + static_cast<uint32_t>(is_digit ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

bool IsHigh(uint32_t value) { return value >= 0xD800 && value <= 0xDBFF; }
bool IsLow(uint32_t value) { return value >= 0xDC00 && value <= 0xDFFF; }

// What stands at a backslash.
struct Escape {
  size_t n_bytes;
  uint32_t lone_surrogate = 0;  // 0: none
  bool is_mark = false;
};

Escape ReadEscape(std::string_view line, size_t position) {
  const uint32_t value = EscapeAt(line, position);
  if (value == kNoEscape) return {position + 1 < line.size() ? size_t{2} : size_t{1}};
  const uint32_t next = IsHigh(value) ? EscapeAt(line, position + kEscapeBytes) : kNoEscape;
  if (IsLow(next)) return {2 * kEscapeBytes, 0, value == 0xDBFF && next == 0xDFFF};
  return {kEscapeBytes, IsHigh(value) || IsLow(value) ? value : 0};
}

// The mark and U+0100 plus the byte, in UTF-8.
void AppendNamed(unsigned char byte, std::string* out) {
  out->append(kMark);
  out->push_back(static_cast<char>(0xC4 + (byte >> 6)));
  out->push_back(static_cast<char>(0x80 | (byte & 0x3F)));
}

void AppendSurrogate(uint32_t value, Utf8Policy policy, std::string* out) {
  if (policy == Utf8Policy::kReplace) {
    out->append(kReplacement);
    return;
  }
  AppendNamed(0xED, out);
  AppendNamed(static_cast<unsigned char>(0x80 | (value >> 6 & 0x3F)), out);
  AppendNamed(static_cast<unsigned char>(0x80 | (value & 0x3F)), out);
}

// Bounds of the second byte by the first (Unicode 16, table 3-7); all others are 80..BF.
bool IsSecondByte(unsigned char first, unsigned char second) {
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

}  // namespace

size_t Utf8CharLength(std::string_view text, size_t position) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (n > text.size() - position || !IsSecondByte(first, byte(1))) return 0;
  for (size_t i = 2; i < n; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return n;
}

size_t FindLoneSurrogate(std::string_view line) {
  for (size_t i = line.find('\\'); i != std::string_view::npos; i = line.find('\\', i)) {
    const Escape escape = ReadEscape(line, i);
    if (escape.lone_surrogate != 0) return i;
    i += escape.n_bytes;
  }
  return std::string_view::npos;
}

std::string RepairJson(std::string_view line, Utf8Policy policy) {
  std::string repaired;
  for (size_t i = 0; i < line.size();) {
    if (line[i] == '\\') {
      const Escape escape = ReadEscape(line, i);
      if (escape.lone_surrogate != 0) {
        AppendSurrogate(escape.lone_surrogate, policy, &repaired);
      } else if (escape.is_mark) {
        repaired.append(kMark).append(kMark);
      } else {
        repaired.append(line, i, escape.n_bytes);
      }
      i += escape.n_bytes;
      continue;
    }
    const size_t n_bytes = Utf8CharLength(line, i);
    if (n_bytes == 0) {
      AppendNamed(static_cast<unsigned char>(line[i++]), &repaired);
      continue;
    }
    if (line.substr(i, n_bytes) == kMark) repaired.append(kMark);
    repaired.append(line, i, n_bytes);
    i += n_bytes;
  }
  return repaired;
}

void AppendRestored(std::string_view repaired, std::string* out) {
  while (true) {
    const size_t mark = repaired.find(kMark);
    out->append(repaired.substr(0, mark));
    if (mark == std::string_view::npos) return;
    repaired.remove_prefix(mark + kMark.size());
    if (repaired.starts_with(kMark)) {
      out->append(kMark);
      repaired.remove_prefix(kMark.size());
    } else {
      const auto lead = static_cast<unsigned char>(repaired[0]),
                 trail = static_cast<unsigned char>(repaired[1]);
      out->push_back(static_cast<char>((lead - 0xC4) << 6 | (trail & 0x3F)));
      repaired.remove_prefix(2);
    }
  }
}

}  // namespace tok
