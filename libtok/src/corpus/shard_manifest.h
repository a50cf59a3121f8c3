// corpus/shard_manifest.h: what a sharded job is and which of its shards are done, in a file beside the shards.
//
// Model: JSON lines. The first says what the job is; each shard that is in its place adds one. A line cut off by a
// crash is no line. A shard counts as done if its line is there and its files have the sizes the line gives.
// Errors: TOK-E014 for a file that is no manifest, TOK-E040 for one of another job.
#ifndef TOK_SRC_CORPUS_SHARD_MANIFEST_H_
#define TOK_SRC_CORPUS_SHARD_MANIFEST_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"

namespace tok {

struct ShardInput {
  std::string path;
  uint64_t n_bytes = 0;       // on disk
  int64_t modified_ns = 0;    // since 1970
  uint64_t n_text_bytes = 0;  // decompressed
};

// Two runs are the same job if all of this is equal.
struct ShardJob {
  std::map<std::string, std::string> options;
  std::vector<ShardInput> inputs;
  uint32_t n_shards = 1;
};

struct ShardRecord {
  uint64_t n_bytes = 0, n_index_bytes = 0;
  uint64_t n_documents = 0, n_ids = 0;
};

struct ShardManifest {
  ShardJob job;
  std::map<uint32_t, ShardRecord> shards;
};

std::string ManifestPath(const std::string& output);
std::string ShardPath(const std::string& output, uint32_t shard, uint32_t n_shards);
// The output of which `path` is a shard by its name; empty if it is none.
std::string_view OutputOfShard(std::string_view path);

// The inputs' sizes and times. Errors: TOK-E001, E002; TOK-E040 for standard input and pipes, which cannot be read again.
absl::StatusOr<std::vector<ShardInput>> IdentifyInputs(const std::vector<std::string>& paths);

// Nothing if the file does not exist.
absl::StatusOr<std::optional<ShardManifest>> ReadManifest(const std::string& path);
// Whole or not at all: what a resumed run begins with, so that it never appends to a line that a crash cut off.
absl::Status WriteManifest(const std::string& path, const ShardManifest& manifest);
absl::Status AddToManifest(const std::string& path, uint32_t shard, const ShardRecord& record);

// OK if `now` is the job of the manifest; otherwise TOK-E040 that names the first difference. Inputs' n_text_bytes
// do not count (they follow from the rest).
absl::Status CheckSameJob(const std::string& path, const ShardJob& before, const ShardJob& now);

// Whether the files of a shard are there with the recorded sizes.
bool IsShardIntact(const std::string& path, const ShardRecord& record);

// All that a job of n_shards may write. The manifest comes first: without it no shard counts.
std::vector<std::string> FilesOfShards(const std::string& output, uint32_t n_shards);

// Removes what an earlier job left, in that order.
void RemoveShards(const std::string& output, uint32_t n_shards);

}  // namespace tok

#endif  // TOK_SRC_CORPUS_SHARD_MANIFEST_H_
