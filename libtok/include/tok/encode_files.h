// tok/encode_files.h: whole corpora to ids or counts: read, encoded by many threads, written in order.
//
// Model: inputs are read document by document (tok/corpus.h), encoded in blocks by a pool of threads, and written in
// order, so the output is the same for any number of threads. Outputs appear whole or not at all.
// Shards: with n_shards > 0 the output PATH is the files PATH.00000-of-0000N to PATH.(N-1)-of-0000N, whose contents
// one after another are the unsharded output (for binary formats: the ids). A document goes to the shard that its
// place in the inputs decides. PATH.manifest.jsonl says what the job is and which shards are done; with `resume` a
// later run of the same job writes only those that are missing, and refuses (TOK-E040) if tokenizer, options or
// inputs have changed.
// Errors: the first failing document in input order, as "FILE:LINE: byte N"; its place is in the (decompressed)
// input file. TOK-E030 for a document above n_memory_bytes. What readers, the tokenizer and writers report passes
// through.
// An output that is also an input is TOK-E040, however the two are spelled.
// Memory: what is in flight (text, ids, output) stays below about n_memory_bytes; the tokenizer with its caches, and
// about 1 MiB per thread to work in, are not counted. A document too large to share the budget is worked on when
// nothing else large is in memory, and adds its own text (of a plain file: pages of the mapping); where it cannot be
// encoded in parts (with offsets, for one), its ids and output too.
// On a batch encoder (tok/batch_encoder.h), a GPU's for example, blocks are larger, and several are encoded at once; outputs and
// errors are the same. The memory it works in is not counted.
// Threads: each call uses n_threads of its own; calls may run side by side.
// Example:
//   tok::EncodeFilesOptions options;
//   options.split = *tok::DocumentSplit::Parse("lines");
//   auto report = tok::EncodeFiles(*tokenizer, {"a.txt", "b.txt.zst"}, "ids.u32", options);
#ifndef TOK_ENCODE_FILES_H_
#define TOK_ENCODE_FILES_H_

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tok/batch_encoder.h"
#include "tok/corpus.h"
#include "tok/id_files.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

// Readable from another thread while a job runs. Bytes of the input files, before decompression; total 0: unknown.
struct FileJobProgress {
  std::atomic<uint64_t> n_bytes_read{0};
  std::atomic<uint64_t> n_bytes_total{0};
};

struct FileJobOptions {
  DocumentSplit split;
  EncodeOptions encode;
  unsigned n_threads = 0;       // 0: all that affinity and the cgroup quota allow
  uint64_t n_memory_bytes = 0;  // 0: 1 GiB for what is in flight, no limit for one document
  FileJobProgress* progress = nullptr;
};

struct EncodeFilesOptions : FileJobOptions {
  IdFormat format = IdFormat::kIds;
  OffsetUnit offsets = OffsetUnit::kNone;  // kJsonl only
  uint32_t n_shards = 0;                   // 0: one file
  bool resume = false;
  // Of the same tokenizer, not owned; null: encode on the threads of the call. TOK-E040 with offsets, which it does not have.
  BatchEncoder* batch_encoder = nullptr;
};

struct EncodeFilesReport {
  uint64_t n_documents = 0, n_bytes = 0, n_ids = 0;  // of this run
  uint32_t n_shards_kept = 0;                        // done by an earlier run
};

// "-" is standard input or output.
absl::StatusOr<EncodeFilesReport> EncodeFiles(const Tokenizer& tokenizer,
                                              const std::vector<std::string>& inputs,
                                              const std::string& output, const EncodeFilesOptions& options);

// Of all documents of one file. Bytes are those of the documents; chars are code points (an invalid byte or part is
// one, as above); words are runs of characters outside White_Space.
struct FileCounts {
  uint64_t n_documents = 0, n_bytes = 0, n_chars = 0, n_words = 0;
  std::vector<uint64_t> n_tokens;  // one per tokenizer
};

// One entry per input, in order. Ids are counted, not stored.
absl::StatusOr<std::vector<FileCounts>> CountFiles(std::span<const Tokenizer> tokenizers,
                                                   const std::vector<std::string>& inputs,
                                                   const FileJobOptions& options);

}  // namespace tok

#endif  // TOK_ENCODE_FILES_H_
