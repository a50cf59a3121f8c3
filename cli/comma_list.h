// cli/comma_list.h: options whose values are lists, separated by commas.
#ifndef TOK_CLI_COMMA_LIST_H_
#define TOK_CLI_COMMA_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tok/status.h"

namespace tok::cli {

// Without empty ones and without the blanks around them.
std::vector<std::string> SplitAtCommas(const std::string& list);

// Of an option that was given: errors TOK-E040 for a list of nothing.
absl::StatusOr<std::vector<std::string>> ParseNames(const std::string& option, const std::string& list);
// Whole numbers. Errors: TOK-E040, as above too.
absl::StatusOr<std::vector<uint32_t>> ParseNumbers(const std::string& option, const std::string& list);

}  // namespace tok::cli

#endif  // TOK_CLI_COMMA_LIST_H_
