// Manifests of any bytes: TOK-E014, or one that is written again as it was read, and then grows by a record.
#include "src/corpus/shard_manifest.h"
#include "tests/fuzz/fuzz_util.h"
#include "tests/support/temp_dir.h"

namespace {

bool SameRecords(const tok::ShardManifest& a, const tok::ShardManifest& b) {
  if (a.shards.size() != b.shards.size()) return false;
  for (const auto& [shard, record] : a.shards) {
    const auto found = b.shards.find(shard);
    if (found == b.shards.end() || found->second.n_bytes != record.n_bytes ||
        found->second.n_index_bytes != record.n_index_bytes ||
        found->second.n_documents != record.n_documents || found->second.n_ids != record.n_ids) {
      return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const tok::TempDir folder;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto manifest = tok::ReadManifest(folder.Write("m", bytes));
  if (!manifest.ok()) {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(manifest.status()) == tok::ErrorCode::kBadInput);
    return 0;
  }
  TOK_FUZZ_CHECK(manifest->has_value());
  const tok::ShardManifest& read = **manifest;
  TOK_FUZZ_CHECK(read.job.n_shards > 0);
  for (const auto& [shard, record] : read.shards) TOK_FUZZ_CHECK(shard < read.job.n_shards);

  TOK_FUZZ_CHECK(tok::WriteManifest(folder.File("again"), read).ok());
  const auto again = tok::ReadManifest(folder.File("again"));
  TOK_FUZZ_CHECK(again.ok() && again->has_value() && SameRecords(**again, read));
  TOK_FUZZ_CHECK(tok::CheckSameJob("m", read.job, (*again)->job).ok());

  const tok::ShardRecord last{1, 2, 3, 4};
  const uint32_t shard = read.job.n_shards - 1;
  TOK_FUZZ_CHECK(tok::AddToManifest(folder.File("again"), shard, last).ok());
  const auto longer = tok::ReadManifest(folder.File("again"));
  TOK_FUZZ_CHECK(longer.ok() && longer->has_value() && (*longer)->shards.at(shard).n_ids == last.n_ids);
  return 0;
}
