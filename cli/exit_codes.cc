#include "cli/exit_codes.h"

#include "absl/strings/cord.h"

namespace tok::cli {
namespace {
constexpr char kUsagePayload[] = "tok/cli/usage";
}  // namespace

absl::Status AsUsage(absl::Status status) {
  status.SetPayload(kUsagePayload, absl::Cord());
  return status;
}

int ExitCodeOf(const absl::Status& status) {
  if (status.GetPayload(kUsagePayload).has_value()) return kExitUsage;
  switch (ErrorCodeOf(status)) {
    case ErrorCode::kNone: return kExitOk;
    case ErrorCode::kNotFound: return kExitNotFound;
    case ErrorCode::kUsage: return kExitUsage;
    case ErrorCode::kLimit:
    case ErrorCode::kPatternLimit: return kExitLimit;
    case ErrorCode::kMismatch: return kExitMismatch;
    case ErrorCode::kCancelled: return kExitOk;  // only ever: the reader of standard output has seen enough
    case ErrorCode::kInterrupted: return kExitInterrupt;
    default: return kExitData;
  }
}

}  // namespace tok::cli
