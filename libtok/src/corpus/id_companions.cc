#include "src/corpus/id_companions.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <filesystem>
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

}  // namespace

std::string IndexPath(const std::string& ids) { return Concat(ids, kIndexSuffix); }

std::vector<std::string> WithoutCompanions(const std::vector<std::string>& paths, IdFormat format) {
  const absl::flat_hash_set<std::string_view> given(paths.begin(), paths.end());
  absl::flat_hash_set<std::string> manifests;
  for (const std::string& path : paths) {
    if (const std::string_view output = OutputOfShard(path); !output.empty())
      manifests.insert(ManifestPath(std::string(output)));
  }
  std::vector<std::string> ids;
  std::copy_if(paths.begin(), paths.end(), std::back_inserter(ids), [&](const std::string& path) {
    const std::string_view indexed = IsBinary(format) ? IndexedPath(path) : std::string_view();
    const bool is_index = !indexed.empty() && given.contains(indexed);
    return !is_index && !manifests.contains(path);
  });
  return ids;
}

absl::Status CheckIsNoIndex(const std::string& path) {
  const std::string ids(IndexedPath(path));
  std::error_code ignored;
  if (ids.empty() || !std::filesystem::is_regular_file(ids, ignored)) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, path,
                   Concat("says where the documents of ", ids, " end and holds no ids"),
                   Concat("give ", ids, ": its index is read with it"));
}

}  // namespace tok
