#include "src/base/file_identity.h"

#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <utility>

#include "src/base/strings.h"

namespace tok {
namespace {

using Identity = std::pair<dev_t, ino_t>;

std::optional<Identity> IdentityOf(const std::string& path, int standard_descriptor) {
  struct stat info {};
  const int result = path == "-" ? fstat(standard_descriptor, &info) : stat(path.c_str(), &info);
  if (result != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return Identity(info.st_dev, info.st_ino);
}

}  // namespace

absl::Status CheckNotReplaced(const std::vector<std::string>& inputs,
                              const std::vector<std::string>& outputs) {
  std::map<Identity, const std::string*> read;
  for (const std::string& input : inputs) {
    if (const auto identity = IdentityOf(input, STDIN_FILENO)) read.emplace(*identity, &input);
  }
  for (const std::string& output : outputs) {
    const auto identity = IdentityOf(output, STDOUT_FILENO);
    const auto found = identity ? read.find(*identity) : read.end();
    if (found == read.end()) continue;
    const std::string& input = *found->second;
    return MakeError(ErrorCode::kUsage, output == "-" ? "<stdout>" : output,
                     input == output ? "is input and output at once"
                                     : Concat("is also the input ", input == "-" ? "<stdin>" : input),
                     "choose another -o");
  }
  return absl::OkStatus();
}

}  // namespace tok
