#include "src/corpus/id_companions.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "src/base/strings.h"
#include "src/corpus/shard_manifest.h"

namespace tok {
namespace {

constexpr std::string_view kIndexSuffix = ".idx";

// The file whose index `path` is by its name, or nothing.
std::string_view IndexedPath(std::string_view path) {
  return path.ends_with(kIndexSuffix) ? path.substr(0, path.size() - kIndexSuffix.size())
                                      : std::string_view();
}

// Whether the last number of an index may be how many ids there are in so many bytes.
bool MayBeIndexOf(const std::string& path, uintmax_t n_bytes) {
  uint64_t last;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  if (size <= 0 || size % std::streamoff{sizeof(last)} != 0) return false;
  file.seekg(size - std::streamoff{sizeof(last)});
  return file.read(reinterpret_cast<char*>(&last), sizeof(last)) && last <= n_bytes;
}

std::string Normal(std::string_view path) { return std::filesystem::path(path).lexically_normal().string(); }

}  // namespace

std::string IndexPath(const std::string& ids) { return Concat(ids, kIndexSuffix); }

std::vector<std::string> WithoutCompanions(const std::vector<std::string>& paths, IdFormat format) {
  absl::flat_hash_set<std::string> given, manifests;
  for (const std::string& path : paths) {
    given.insert(Normal(path));
    if (const std::string_view output = OutputOfShard(path); !output.empty())
      manifests.insert(Normal(ManifestPath(std::string(output))));
  }
  std::vector<std::string> ids;
  std::copy_if(paths.begin(), paths.end(), std::back_inserter(ids), [&](const std::string& path) {
    const std::string_view indexed = IsBinary(format) ? IndexedPath(path) : std::string_view();
    const bool is_index = !indexed.empty() && given.contains(Normal(indexed));
    return !is_index && !manifests.contains(Normal(path));
  });
  return ids;
}

absl::Status CheckIsNoIndex(const std::string& path) {
  const std::string ids(IndexedPath(path));
  std::error_code ignored;
  if (ids.empty() || !std::filesystem::is_regular_file(ids, ignored)) return absl::OkStatus();
  if (!MayBeIndexOf(path, std::filesystem::file_size(ids, ignored))) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, path,
                   Concat("says where the documents of ", ids, " end and holds no ids"),
                   Concat("give ", ids, ": its index is read with it"));
}

}  // namespace tok
