// corpus/block_reader.h: inputs cut into blocks of whole documents, in order.
//
// Model: plain files are mapped and lent out block by block; pipes and compressed files are read into a
// buffer per block. Under kFile a block is a whole file, read by whoever works on it. With shards, a document
// belongs to shard floor(n_shards * begin / total), where begin is its offset in all inputs end to end,
// decompressed: the answer depends on the inputs alone. Errors: as tok/corpus.h. Memory: one block, or the
// largest document. Threads: one reader per thread; progress may be read from any.
#ifndef TOK_SRC_CORPUS_BLOCK_READER_H_
#define TOK_SRC_CORPUS_BLOCK_READER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/base/byte_stream.h"
#include "src/base/file.h"
#include "src/corpus/text_block.h"
#include "tok/corpus.h"

namespace tok {

struct BlockReaderOptions {
  size_t n_block_bytes = size_t{1} << 20;  // a block ends with the first document that reaches this
  uint64_t n_max_document_bytes = 0;       // 0: no limit
  LongText long_text = LongText::kError;   // for those that can be mapped
  uint32_t n_shards = 1;
  std::vector<uint64_t> file_sizes;  // decompressed; needed for n_shards > 1 (MeasureInputs)
};

// Decompressed sizes of inputs: plain files by their metadata, compressed ones by reading them.
absl::StatusOr<std::vector<uint64_t>> MeasureInputs(const std::vector<std::string>& paths);

class BlockReader {
 public:
  BlockReader(std::vector<std::string> paths, DocumentSplit split, BlockReaderOptions options);

  // False at the end of the last input.
  absl::StatusOr<bool> Next(TextBlock* block);

  // Bytes of the files (before decompression) handed out, and in all; 0 when a pipe is among them.
  uint64_t n_bytes_read() const { return n_bytes_read_.load(std::memory_order_relaxed); }
  uint64_t n_bytes_total() const { return n_bytes_total_; }

 private:
  absl::Status OpenNext();
  absl::StatusOr<bool> NextMapped(TextBlock* block);
  absl::StatusOr<bool> NextStreamed(TextBlock* block);
  absl::Status TooLong(uint64_t byte_begin) const;
  size_t CutAtShard(std::string_view bytes) const;
  uint32_t ShardOf(uint64_t byte_begin) const;
  void Account(uint64_t n_file_bytes);

  std::vector<std::string> paths_;
  DocumentSplit split_;
  BlockReaderOptions options_;
  uint64_t n_inputs_bytes_ = 0;  // sum of file_sizes

  size_t next_file_ = 0;
  bool is_open_ = false;
  uint64_t file_base_ = 0;  // offset of the open file in all inputs
  uint64_t position_ = 0;   // of the next block in the open file
  std::shared_ptr<const MappedFile> mapped_;
  std::unique_ptr<ByteStream> stream_;
  std::string pending_;  // read from stream_ but not handed out
  bool stream_ended_ = false;

  std::atomic<uint64_t> n_bytes_read_{0};
  uint64_t n_finished_bytes_ = 0;  // of files done
  uint64_t n_bytes_total_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_CORPUS_BLOCK_READER_H_
