#include "cli/table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace tok::cli {
namespace {

// Columns as a terminal shows them, near enough: continuation bytes take none.
size_t Width(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool LooksLikeNumber(const std::string& text) {
  return text.find_first_not_of("0123456789.-") == std::string::npos;
}

}  // namespace

std::string FormatTable(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  if (rows.empty()) return text;
  const size_t n_columns = rows[0].size();
  std::vector<size_t> widths(n_columns, 0);
  std::vector<bool> is_number(n_columns, true);
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < n_columns; ++c) {
      widths[c] = std::max(widths[c], Width(rows[r][c]));
      is_number[c] = is_number[c] && (r == 0 || LooksLikeNumber(rows[r][c]));
    }
  }
  for (const std::vector<std::string>& row : rows) {
    std::string line;
    for (size_t c = 0; c < n_columns; ++c) {
      const std::string padding(widths[c] - Width(row[c]), ' ');
      line += (c == 0 ? "" : "  ") + (is_number[c] ? padding + row[c] : row[c] + padding);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string Shortest(double value) {
  std::array<char, 32> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

std::string Fixed(double value, int n_digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%.*f", n_digits, value);
  return buffer;
}

}  // namespace tok::cli
