#include "cli/sizes.h"

#include <charconv>
#include <cstdio>
#include <limits>

namespace tok::cli {

absl::StatusOr<uint64_t> ParseSize(std::string_view option, std::string_view text) {
  uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit(rest, static_cast<size_t>(text.data() + text.size() - rest));
  const absl::Status bad =
      MakeError(ErrorCode::kUsage, option, "'" + std::string(text) + "' is not an amount of memory",
                "write a number with K, M, G or T, for example 2G");
  if (error != std::errc()) return bad;
  unsigned shift = 0;
  if (!unit.empty()) {
    constexpr std::string_view kUnits = "KMGT";
    const size_t which = kUnits.find(static_cast<char>(unit[0] & ~0x20));
    if (which == std::string_view::npos) {
      if (unit != "B") return bad;
    } else {
      shift = 10 * (static_cast<unsigned>(which) + 1);
      unit.remove_prefix(1);
      if (!unit.empty() && unit != "B" && unit != "iB") return bad;
    }
  }
  if (value == 0 || value > std::numeric_limits<uint64_t>::max() >> shift) return bad;
  return value << shift;
}

std::string FormatBytes(uint64_t n_bytes) {
  constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(n_bytes);
  size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < std::size(kUnits); ++unit) value /= 1000;
  char text[32];
  std::snprintf(text, sizeof(text), unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

}  // namespace tok::cli
