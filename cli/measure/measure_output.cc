#include "cli/measure/measure_output.h"

#include <filesystem>
#include <memory>
#include <system_error>

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "tok/output.h"

namespace tok::cli {

void MeasureOutput::AddTo(CLI::App* parser) {
  AddJsonOption(parser, &json_);
  parser->add_flag("--csv", csv_, "Report as comma-separated values");
  AddOutputOption(parser, &path_);
}

absl::Status MeasureOutput::Check(const std::vector<std::string>& inputs) const {
  if (json_ && csv_) {
    return MakeError(ErrorCode::kUsage, "--json", "and --csv are two forms of one report", "choose one");
  }
  if (path_ == "-") return absl::OkStatus();
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    return MakeError(ErrorCode::kWriteFailed, path_, "its folder does not exist", "make it first");
  }
  return CheckOutputIsNotInput(inputs, path_);
}

absl::StatusOr<int> MeasureOutput::Print(std::string_view json, const TableRows& rows,
                                         std::string_view text) const {
  const absl::StatusOr<std::unique_ptr<Output>> output = Output::Open(path_);
  if (!output.ok()) return output.status();
  absl::Status status = json_  ? (*output)->Write(std::string(json) + "\n")
                        : csv_ ? (*output)->Write(FormatCsv(rows))
                               : (*output)->Write(text);
  if (status.ok()) status = (*output)->Commit();
  if (!status.ok()) return status;
  return kExitOk;
}

std::string FormatCsv(const TableRows& rows) {
  std::string csv;
  for (const std::vector<std::string>& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) {
      if (c > 0) csv += ',';
      if (row[c].find_first_of(",\"\r\n") == std::string::npos) {
        csv += row[c];
        continue;
      }
      csv += '"';
      for (const char byte : row[c]) csv += byte == '"' ? "\"\"" : std::string(1, byte);
      csv += '"';
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace tok::cli
