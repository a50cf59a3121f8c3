#include "cli/name_value.h"

namespace tok::cli {

absl::StatusOr<NameValue> ParseNameValue(const std::string& option, const std::string& text,
                                         const std::string& form, const std::string& remedy) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return MakeError(ErrorCode::kUsage, option + " " + text, "is not " + form, remedy);
  }
  return NameValue{text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace tok::cli
