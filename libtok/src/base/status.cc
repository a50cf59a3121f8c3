#include "tok/status.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr std::string_view kPrefix = "TOK-E";
constexpr size_t kCodeWidth = 8;  // "TOK-E012"

absl::StatusCode CanonicalCode(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone: return absl::StatusCode::kOk;
    case ErrorCode::kNotFound: return absl::StatusCode::kNotFound;
    case ErrorCode::kUnreadable: return absl::StatusCode::kPermissionDenied;
    case ErrorCode::kWriteFailed: return absl::StatusCode::kUnavailable;
    case ErrorCode::kBadFormat:
    case ErrorCode::kBadVocabulary:
    case ErrorCode::kBadMerges:
    case ErrorCode::kUnknownFormat: return absl::StatusCode::kDataLoss;
    case ErrorCode::kUnsupportedFeature:
    case ErrorCode::kLossyConversion: return absl::StatusCode::kUnimplemented;
    case ErrorCode::kLimit:
    case ErrorCode::kPatternLimit: return absl::StatusCode::kResourceExhausted;
    case ErrorCode::kMismatch: return absl::StatusCode::kFailedPrecondition;
    case ErrorCode::kCancelled:
    case ErrorCode::kInterrupted: return absl::StatusCode::kCancelled;
    case ErrorCode::kInternal: return absl::StatusCode::kInternal;
    default: return absl::StatusCode::kInvalidArgument;
  }
}

}  // namespace

absl::Status MakeError(ErrorCode code, std::string_view place, std::string_view fact,
                       std::string_view remedy) {
  std::string message = absl::StrFormat("%s%03d ", AbslView(kPrefix), static_cast<int>(code));
  if (!place.empty()) message += Concat(place, ": ");
  message += fact;
  if (!remedy.empty()) message += Concat("; ", remedy);
  return absl::Status(CanonicalCode(code), message);
}

ErrorCode ErrorCodeOf(const absl::Status& status) {
  if (status.ok()) return ErrorCode::kNone;
  std::string_view message(status.message().data(), status.message().size());
  int number = 0;
  if (message.size() < kCodeWidth || message.substr(0, kPrefix.size()) != kPrefix ||
      !absl::SimpleAtoi(AbslView(message.substr(kPrefix.size(), kCodeWidth - kPrefix.size())), &number)) {
    return ErrorCode::kInternal;
  }
  return static_cast<ErrorCode>(number);
}

absl::Status AtPlace(std::string_view place, const absl::Status& status) {
  if (status.ok()) return status;
  std::string_view message(status.message().data(), status.message().size());
  if (ErrorCodeOf(status) == ErrorCode::kInternal && message.substr(0, kPrefix.size()) != kPrefix) {
    return MakeError(ErrorCode::kInternal, place, message);
  }
  return absl::Status(status.code(),
                      Concat(message.substr(0, kCodeWidth + 1), place, ": ", message.substr(kCodeWidth + 1)));
}

}  // namespace tok
