#include "cli/json_output.h"

#include "cli/exit_codes.h"
#include "tok/output.h"

namespace tok::cli {

absl::StatusOr<int> PrintText(std::string_view text) {
  const absl::StatusOr<std::unique_ptr<Output>> output = Output::Open("-");
  if (!output.ok()) return output.status();
  absl::Status status = (*output)->Write(text);
  if (status.ok()) status = (*output)->Commit();
  if (!status.ok()) return status;
  return kExitOk;
}

absl::StatusOr<int> PrintJson(const Json& json) {
  return PrintText(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace tok::cli
