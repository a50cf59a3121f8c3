#include <array>
#include <utility>

#include "src/base/strings.h"
#include "tok/id_files.h"

namespace tok {
namespace {

constexpr std::array<std::pair<IdFormat, std::string_view>, 5> kNames = {{{IdFormat::kIds, "ids"},
                                                                          {IdFormat::kJsonl, "jsonl"},
                                                                          {IdFormat::kU16, "u16"},
                                                                          {IdFormat::kU32, "u32"},
                                                                          {IdFormat::kNpy, "npy"}}};

}  // namespace

std::string_view IdFormatName(IdFormat format) {
  for (const auto& [candidate, name] : kNames) {
    if (candidate == format) return name;
  }
  return {};
}

std::vector<std::string> IdFormatNames() {
  std::vector<std::string> names;
  for (const auto& [format, name] : kNames) names.emplace_back(name);
  return names;
}

absl::StatusOr<IdFormat> ParseIdFormat(std::string_view name) {
  for (const auto& [format, candidate] : kNames) {
    if (candidate == name) return format;
  }
  return MakeError(ErrorCode::kUsage, "format", Concat("\"", name, "\" is unknown"),
                   "use ids, jsonl, u16, u32 or npy");
}

bool IsBinary(IdFormat format) {
  return format == IdFormat::kU16 || format == IdFormat::kU32 || format == IdFormat::kNpy;
}

}  // namespace tok
