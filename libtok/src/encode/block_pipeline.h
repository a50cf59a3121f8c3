// encode/block_pipeline.h: inputs through read, work, number, format, write; the skeleton of all file jobs.
//
// Model: a job is a block of documents. Jobs are worked on and formatted by any thread at any time; numbering and
// writing see them one by one in input order. A block too large to be one among many is worked on when its turn to be
// written comes, with all threads; a whole file is not even read before. The first error in input order ends the run;
// what comes before it has been written, so that this does not depend on how the input was cut into blocks.
// Memory: the text in flight times what its ids and their formatted form can take stays below n_memory_bytes, except
// that one block is always let through. A document above n_memory_bytes is TOK-E030, or as BlockReaderOptions::long_text says.
// Threads: callbacks marked "any thread" run concurrently on different jobs.
#ifndef TOK_SRC_ENCODE_BLOCK_PIPELINE_H_
#define TOK_SRC_ENCODE_BLOCK_PIPELINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "src/base/parallel_pipeline.h"
#include "src/corpus/block_reader.h"
#include "src/corpus/text_block.h"
#include "tok/encode_files.h"

namespace tok {

struct BlockJob : PipelineItem {
  TextBlock block;
  BlockDocuments documents;
  uint64_t first_document = 0;  // known from numbering on, as is first_line
  uint64_t first_line = 0;      // LFs before the block
  bool is_skipped = false;      // read, but neither worked on nor written
  // The first document that failed, with its place within that document. Work fills both, and leaves results for the
  // documents before it.
  absl::Status status;
  size_t failed_document = SIZE_MAX;
  bool is_large = false;
  bool is_valid = true;            // no error before this block
  uint64_t n_bytes_in_flight = 0;  // its share of the budget for text
};

struct BlockCallbacks {
  std::function<std::unique_ptr<BlockJob>()> make_job;
  std::function<bool(uint32_t shard)> skips_shard;               // may be empty
  std::function<uint64_t(uint32_t shard)> n_documents_of_shard;  // of skipped ones; may be empty
  std::function<void(BlockJob*)> work;           // any thread; sets status and failed_document on failure
  std::function<void(BlockJob*)> format;         // any thread; may be empty
  std::function<absl::Status(BlockJob*)> write;  // in order
  // Work, format and write of a large block, in order, on n_threads threads; sets status as work does, and returns
  // errors of writing.
  std::function<absl::Status(BlockJob*, unsigned n_threads)> write_large;
};

// Documents from this size on gain from being encoded in parts.
inline constexpr size_t kParallelDocument = size_t{2} << 20;

// How many parts of a document may be in memory at once.
size_t PartsAtOnce(const FileJobOptions& options, unsigned n_threads);

// Of text, about, for a batch encoder: BlockReaderOptions::n_block_bytes is what a block is at most.
inline constexpr size_t kBatchBlock = size_t{8} << 20;

absl::Status RunBlocks(const std::vector<std::string>& inputs, const FileJobOptions& options,
                       BlockReaderOptions reader_options, const BlockCallbacks& callbacks);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_BLOCK_PIPELINE_H_
