#include "src/corpus/shard_manifest.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "src/base/append_file.h"
#include "src/base/file.h"
#include "src/base/file_error.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_companions.h"
#include "tok/id_files.h"

namespace tok {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kSchema = 1;
constexpr int64_t kNanoseconds = 1'000'000'000;

absl::Status NotAManifest(const std::string& path, uint64_t line) {
  return MakeError(ErrorCode::kBadInput, Concat(path, ":", line), "is not a manifest of shards",
                   "remove it, or start the job without --resume");
}

// Integers and strings only, typed checks on each: the file is as untrusted as any other.
template <typename T>
bool Get(const Json& object, const char* key, T* value) {
  const auto found = object.find(key);
  if (found == object.end()) return false;
  if constexpr (std::is_same_v<T, std::string>) {
    if (!found->is_string()) return false;
  } else if (!found->is_number_integer() || (std::is_unsigned_v<T> && !found->is_number_unsigned())) {
    return false;
  }
  *value = found->template get<T>();
  return true;
}

bool ParseJob(const Json& line, ShardJob* job) {
  int schema = 0;
  if (!line.is_object() || !Get(line, "schema", &schema) || schema != kSchema ||
      !Get(line, "n_shards", &job->n_shards) || job->n_shards == 0 || job->n_shards > kMaxShards) {
    return false;
  }
  if (!line.contains("options") || !line["options"].is_object() || !line.contains("inputs") ||
      !line["inputs"].is_array()) {
    return false;
  }
  for (const auto& [name, value] : line["options"].items()) {
    if (!value.is_string()) return false;
    job->options[name] = value.get<std::string>();
  }
  for (const Json& input : line["inputs"]) {
    ShardInput parsed;
    if (!input.is_object() || !Get(input, "path", &parsed.path) || !Get(input, "bytes", &parsed.n_bytes) ||
        !Get(input, "modified_ns", &parsed.modified_ns) || !Get(input, "text_bytes", &parsed.n_text_bytes)) {
      return false;
    }
    job->inputs.push_back(std::move(parsed));
  }
  return true;
}

bool ParseShard(const Json& line, uint32_t n_shards, ShardManifest* manifest) {
  uint32_t shard = 0;
  ShardRecord record;
  if (!line.is_object() || !Get(line, "shard", &shard) || shard >= n_shards ||
      !Get(line, "bytes", &record.n_bytes) || !Get(line, "index_bytes", &record.n_index_bytes) ||
      !Get(line, "documents", &record.n_documents) || !Get(line, "ids", &record.n_ids)) {
    return false;
  }
  manifest->shards[shard] = record;
  return true;
}

std::string ShardLine(uint32_t shard, const ShardRecord& record) {
  const Json line = {{"shard", shard},
                     {"bytes", record.n_bytes},
                     {"index_bytes", record.n_index_bytes},
                     {"documents", record.n_documents},
                     {"ids", record.n_ids}};
  return line.dump() + "\n";
}

bool HasSize(const std::string& path, uint64_t n_bytes) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         static_cast<uint64_t>(info.st_size) == n_bytes;
}

}  // namespace

std::string ManifestPath(const std::string& output) { return output + ".manifest.jsonl"; }

std::string ShardPath(const std::string& output, uint32_t shard, uint32_t n_shards) {
  return output + absl::StrFormat(".%05d-of-%05d", shard, n_shards);
}

std::string_view OutputOfShard(std::string_view path) {
  constexpr std::string_view kShape = ".ddddd-of-ddddd";  // as ShardPath writes it
  if (path.size() < kShape.size()) return {};
  const std::string_view output = path.substr(0, path.size() - kShape.size());
  const std::string_view suffix = path.substr(output.size());
  const bool is_shard = std::equal(suffix.begin(), suffix.end(), kShape.begin(), [](char c, char shape) {
    return shape == 'd' ? c >= '0' && c <= '9' : c == shape;
  });
  return is_shard ? output : std::string_view();
}

absl::StatusOr<std::vector<ShardInput>> IdentifyInputs(const std::vector<std::string>& paths) {
  std::vector<ShardInput> inputs;
  for (const std::string& path : paths) {
    struct stat info {};
    if (path != "-" && stat(path.c_str(), &info) != 0) return ReadError(path, errno);
    if (path == "-" || !S_ISREG(info.st_mode)) {
      return MakeError(ErrorCode::kUsage, path == "-" ? "<stdin>" : path, "cannot be read a second time",
                       "shards need input files");
    }
    inputs.push_back({path, static_cast<uint64_t>(info.st_size),
                      int64_t{info.st_mtim.tv_sec} * kNanoseconds + info.st_mtim.tv_nsec, 0});
  }
  return inputs;
}

absl::StatusOr<std::optional<ShardManifest>> ReadManifest(const std::string& path) {
  absl::StatusOr<std::string> content = ReadFile(path);
  if (ErrorCodeOf(content.status()) == ErrorCode::kNotFound) return std::optional<ShardManifest>();
  if (!content.ok()) return content.status();
  ShardManifest manifest;
  uint64_t number = 0;
  std::string_view rest = *content;
  for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    const Json line = Json::parse(rest.substr(0, end), nullptr, false);
    rest.remove_prefix(end + 1);
    ++number;
    const bool ok =
        number == 1 ? ParseJob(line, &manifest.job) : ParseShard(line, manifest.job.n_shards, &manifest);
    if (!ok) return NotAManifest(path, number);
  }
  if (number == 0) return NotAManifest(path, 1);
  return std::optional<ShardManifest>(std::move(manifest));
}

absl::Status WriteManifest(const std::string& path, const ShardManifest& manifest) {
  const ShardJob& job = manifest.job;
  Json line = {{"schema", kSchema},
               {"n_shards", job.n_shards},
               {"options", Json::object()},
               {"inputs", Json::array()}};
  for (const auto& [name, value] : job.options) line["options"][name] = value;
  for (const ShardInput& input : job.inputs) {
    line["inputs"].push_back({{"path", input.path},
                              {"bytes", input.n_bytes},
                              {"modified_ns", input.modified_ns},
                              {"text_bytes", input.n_text_bytes}});
  }
  std::string lines = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  for (const auto& [shard, record] : manifest.shards) lines += ShardLine(shard, record);
  return WriteFileAtomically(path, lines);
}

absl::Status AddToManifest(const std::string& path, uint32_t shard, const ShardRecord& record) {
  return AppendDurably(path, ShardLine(shard, record));
}

absl::Status CheckSameJob(const std::string& path, const ShardJob& before, const ShardJob& now) {
  const auto differs = [&path](std::string_view what, std::string_view was, std::string_view is) {
    return MakeError(ErrorCode::kUsage, path, Concat(what, " was ", was, " and is now ", is),
                     "resume with the same command line, or start again without --resume");
  };
  if (before.n_shards != now.n_shards) {
    return differs("the number of shards", Concat(before.n_shards), Concat(now.n_shards));
  }
  for (const auto& [name, value] : now.options) {
    const auto found = before.options.find(name);
    const std::string was = found == before.options.end() ? "nothing" : Concat("'", found->second, "'");
    if (found == before.options.end() || found->second != value)
      return differs(name, was, Concat("'", value, "'"));
  }
  if (before.options.size() != now.options.size()) return differs("the list of options", "longer", "shorter");
  if (before.inputs.size() != now.inputs.size()) {
    return differs("the number of inputs", Concat(before.inputs.size()), Concat(now.inputs.size()));
  }
  for (size_t i = 0; i < now.inputs.size(); ++i) {
    const ShardInput &was = before.inputs[i], &is = now.inputs[i];
    if (was.path != is.path) return differs(Concat("input ", i + 1), was.path, is.path);
    if (was.n_bytes != is.n_bytes) {
      return differs(is.path, Concat(was.n_bytes, " bytes"), Concat(is.n_bytes, " bytes"));
    }
    if (was.modified_ns != is.modified_ns) return differs(is.path, "one version", "a later or earlier one");
  }
  return absl::OkStatus();
}

bool IsShardIntact(const std::string& path, const ShardRecord& record) {
  return HasSize(path, record.n_bytes) &&
         (record.n_index_bytes == 0 || HasSize(IndexPath(path), record.n_index_bytes));
}

std::vector<std::string> FilesOfShards(const std::string& output, uint32_t n_shards) {
  std::vector<std::string> paths = {ManifestPath(output)};
  for (uint32_t shard = 0; shard < n_shards; ++shard) {
    paths.push_back(ShardPath(output, shard, n_shards));
    paths.push_back(IndexPath(paths.back()));
  }
  return paths;
}

void RemoveShards(const std::string& output, uint32_t n_shards) {
  for (const std::string& path : FilesOfShards(output, n_shards)) unlink(path.c_str());
}

}  // namespace tok
