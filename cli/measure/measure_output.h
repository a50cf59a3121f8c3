// cli/measure/measure_output.h: how a measurement is printed: a table for people, --json or --csv; on standard output, or
// in a file that appears whole or not at all.
#ifndef TOK_CLI_MEASURE_MEASURE_OUTPUT_H_
#define TOK_CLI_MEASURE_MEASURE_OUTPUT_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"

namespace tok::cli {

using TableRows = std::vector<std::vector<std::string>>;  // the first row names the columns

class MeasureOutput {
 public:
  // --json, --csv, -o.
  void AddTo(CLI::App* parser);
  // Before anything is measured: errors TOK-E040, also where the file to write is one of `inputs`.
  absl::Status Check(const std::vector<std::string>& inputs) const;
  bool json() const { return json_; }
  bool csv() const { return csv_; }
  const std::string& path() const { return path_; }

  // `json`: one object, without the line end. `rows`: the CSV. `text`: for people. Returns the exit code.
  absl::StatusOr<int> Print(std::string_view json, const TableRows& rows, std::string_view text) const;

 private:
  bool json_ = false, csv_ = false;
  std::string path_ = "-";
};

// RFC 4180, with LF line ends.
std::string FormatCsv(const TableRows& rows);

}  // namespace tok::cli

#endif  // TOK_CLI_MEASURE_MEASURE_OUTPUT_H_
