// encode/shard_writer.h: the outputs of one encoding job: one file, or shards that a later run can complete.
//
// Model: shards are written in order; each is committed, then entered in the manifest, before the next begins. What
// an earlier run of the same job finished is kept and not written again.
#ifndef TOK_SRC_ENCODE_SHARD_WRITER_H_
#define TOK_SRC_ENCODE_SHARD_WRITER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/corpus/block_reader.h"
#include "src/corpus/id_writer.h"
#include "src/corpus/shard_manifest.h"
#include "tok/encode_files.h"

namespace tok {

class ShardWriter {
 public:
  // Sets what the reader must know to assign documents to shards.
  absl::Status Open(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
                    const std::string& output, const EncodeFilesOptions& options, BlockReaderOptions* reader);

  bool IsKept(uint32_t shard) const { return kept_.contains(shard); }
  uint64_t KeptDocuments(uint32_t shard) const { return kept_.at(shard).n_documents; }
  uint32_t n_kept() const { return static_cast<uint32_t>(kept_.size()); }

  // Shards come in order.
  absl::Status Write(uint32_t shard, std::string_view bytes, std::span<const uint64_t> ends);
  // A part of a document; Write of its last bytes, with its end, completes it.
  absl::Status WritePart(uint32_t shard, std::string_view bytes);
  absl::Status Commit();
  // After an error: what standard output was to get before it is still written. Returns `error`.
  absl::Status Abandon(const absl::Status& error);

 private:
  absl::Status OpenShards(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
                          const EncodeFilesOptions& options);
  absl::Status FinishShardsBefore(uint32_t shard);
  absl::Status MoveTo(uint32_t shard);
  std::string PathOf(uint32_t shard) const;

  std::string output_;
  IdFormat format_ = IdFormat::kIds;
  bool is_sharded_ = false;
  uint32_t n_shards_ = 1;
  std::vector<uint64_t> text_sizes_;
  std::map<uint32_t, ShardRecord> kept_;
  uint32_t shard_ = 0;  // the one being written
  std::unique_ptr<IdWriter> writer_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_SHARD_WRITER_H_
