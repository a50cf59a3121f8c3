#include "cli/inputs.h"

#include <glob.h>

#include <filesystem>

namespace tok::cli {
namespace {

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ExpandInputs(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return std::vector<std::string>{"-"};
  std::vector<std::string> paths;
  for (const std::string& argument : arguments) {
    if (argument == "-" || Exists(argument)) {
      paths.push_back(argument);
      continue;
    }
    if (argument.find_first_of("*?[{") == std::string::npos) {
      return MakeError(ErrorCode::kNotFound, argument, "no such file",
                       "check the path; text itself is given on standard input");
    }
    glob_t found{};
    const int result = glob(argument.c_str(), GLOB_BRACE | GLOB_TILDE, nullptr, &found);
    for (size_t i = 0; result == 0 && i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
    globfree(&found);
    if (result != 0) {
      return MakeError(ErrorCode::kNotFound, argument, "no file matches", "check the pattern");
    }
  }
  return paths;
}

}  // namespace tok::cli
