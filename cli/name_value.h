// cli/name_value.h: options whose values are NAME=VALUE.
#ifndef TOK_CLI_NAME_VALUE_H_
#define TOK_CLI_NAME_VALUE_H_

#include <string>

#include "tok/status.h"

namespace tok::cli {

struct NameValue {
  std::string name, value;  // not empty; the value may hold more of "="
};

// `form`: "NAME=PATH"; `remedy`: "name the language, as in --lang eng=a.txt". Errors: TOK-E040.
absl::StatusOr<NameValue> ParseNameValue(const std::string& option, const std::string& text,
                                         const std::string& form, const std::string& remedy);

}  // namespace tok::cli

#endif  // TOK_CLI_NAME_VALUE_H_
