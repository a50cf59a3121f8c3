// encode/long_document_writer.h: one document into a file of ids, part by part, so that its ids never are in memory as a whole.
//
// Errors: those of ShardWriter, which are returned and kept, to be told from those of encoding.
// Threads: parts are formatted on n_threads; calls come from one thread at a time.
#ifndef TOK_SRC_ENCODE_LONG_DOCUMENT_WRITER_H_
#define TOK_SRC_ENCODE_LONG_DOCUMENT_WRITER_H_

#include <cstdint>
#include <span>
#include <string>

#include "src/encode/shard_writer.h"
#include "tok/id_files.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

class LongDocumentWriter {
 public:
  LongDocumentWriter(ShardWriter* writer, uint32_t shard, IdFormat format, uint64_t document,
                     unsigned n_threads);

  absl::Status Write(std::span<const std::span<const TokenId>> parts);
  // The same of ids that are cut into parts here.
  absl::Status Write(std::span<const TokenId> ids);
  absl::Status End();

  uint64_t n_ids() const { return n_ids_; }
  const absl::Status& status() const { return status_; }

 private:
  ShardWriter* const writer_;
  const uint32_t shard_;
  const IdFormat format_;
  const unsigned n_threads_;
  std::string text_;  // not written yet
  uint64_t n_ids_ = 0;
  absl::Status status_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_LONG_DOCUMENT_WRITER_H_
