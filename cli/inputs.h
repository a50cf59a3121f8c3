// cli/inputs.h: input arguments to paths: globs expanded, standard input when there are none.
#ifndef TOK_CLI_INPUTS_H_
#define TOK_CLI_INPUTS_H_

#include <string>
#include <vector>

#include "tok/status.h"

namespace tok::cli {

// In the order given; the files of one glob sorted by name. A file whose name looks like a glob is that file.
// Errors: TOK-E001 for a pattern that matches nothing.
absl::StatusOr<std::vector<std::string>> ExpandInputs(const std::vector<std::string>& arguments);

}  // namespace tok::cli

#endif  // TOK_CLI_INPUTS_H_
