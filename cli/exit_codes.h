// cli/exit_codes.h: what the exit status of tok says; part of its contract with scripts.
#ifndef TOK_CLI_EXIT_CODES_H_
#define TOK_CLI_EXIT_CODES_H_

#include "tok/status.h"

namespace tok::cli {

enum ExitCode : int {
  kExitOk = 0,
  kExitData = 1,      // an input or tokenizer is malformed, or something cannot be read or written
  kExitUsage = 2,     // the command line makes no sense
  kExitNotFound = 3,  // a file or bundled name does not exist
  kExitLimit = 4,     // a stated limit was exceeded
  kExitMismatch = 5,  // a verification or comparison found a difference
  kExitInterrupt = 130,
};

// The same error, but a fault of the command line (kExitUsage) whatever its code says.
absl::Status AsUsage(absl::Status status);

int ExitCodeOf(const absl::Status& status);

}  // namespace tok::cli

#endif  // TOK_CLI_EXIT_CODES_H_
