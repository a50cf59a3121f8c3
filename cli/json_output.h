// cli/json_output.h: JSON on standard output.
#ifndef TOK_CLI_JSON_OUTPUT_H_
#define TOK_CLI_JSON_OUTPUT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok::cli {

using Json = nlohmann::ordered_json;

// One line, and the exit code kExitOk. Invalid UTF-8 becomes U+FFFD. Errors: TOK-E003, TOK-E060.
absl::StatusOr<int> PrintJson(const Json& json);
// The same for plain text.
absl::StatusOr<int> PrintText(std::string_view text);

}  // namespace tok::cli

#endif  // TOK_CLI_JSON_OUTPUT_H_
