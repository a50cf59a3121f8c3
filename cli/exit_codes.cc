#include "cli/exit_codes.h"

namespace tok::cli {

int ExitCodeOf(const absl::Status& status) {
  switch (ErrorCodeOf(status)) {
    case ErrorCode::kNone: return kExitOk;
    case ErrorCode::kNotFound: return kExitNotFound;
    case ErrorCode::kUsage: return kExitUsage;
    case ErrorCode::kLimit:
    case ErrorCode::kPatternLimit: return kExitLimit;
    case ErrorCode::kMismatch: return kExitMismatch;
    case ErrorCode::kCancelled: return kExitOk;  // only ever: the reader of standard output has seen enough
    default: return kExitData;
  }
}

}  // namespace tok::cli
