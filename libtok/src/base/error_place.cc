#include "src/base/error_place.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr std::string_view kByte = "byte ";

}  // namespace

std::string BytePlace(uint64_t byte) { return Concat(kByte, byte); }

std::optional<ErrorAtByte> FindBytePlace(const absl::Status& status) {
  std::string_view message = StdView(status.message());
  const size_t place = message.find(' ');  // behind the code
  if (status.ok() || place == std::string_view::npos || message.substr(place + 1, kByte.size()) != kByte)
    return std::nullopt;
  message.remove_prefix(place + 1 + kByte.size());
  const size_t n_digits = std::min(message.find_first_not_of("0123456789"), message.size());
  ErrorAtByte found{};
  if (!absl::SimpleAtoi(AbslView(message.substr(0, n_digits)), &found.byte)) return std::nullopt;
  if (message.substr(n_digits, 2) != ": ") return std::nullopt;
  found.rest = message.substr(n_digits + 2);
  return found;
}

absl::Status MoveToByte(const absl::Status& status, uint64_t byte) {
  const std::optional<ErrorAtByte> at = FindBytePlace(status);
  if (!at.has_value()) return status;
  const std::string_view message = StdView(status.message());
  const std::string_view code = message.substr(0, message.find(' ') + 1);
  return absl::Status(status.code(), Concat(code, BytePlace(byte), ": ", at->rest));
}

}  // namespace tok
