// tok/batch_encoder.h: the ids of many documents that lie side by side, in chunks, from whatever encodes best.
//
// Model: text and where its documents begin come in, as Arrow's LargeString has them; ids and where theirs begin go to a sink,
// chunk by chunk, with a status per document. Where the encoding is done, on the CPU (BatchEncoder::OnCpu) or on a GPU, cannot be
// seen: ids and errors are those of Tokenizer::Encode for each document.
// Shapes and units: offsets are in bytes of text, n_documents + 1 of them, the first not always 0; in a chunk, in ids, from 0.
// Chunks follow each other without a gap. A document may go on in the next chunk: of n chunks that it is in, all but the first
// say so. Every document is in at least one chunk, one without ids too; no chunk is without documents; where chunks end
// is not promised.
// Errors: a document that cannot be encoded has its status and is no error of the call. Errors of the call: TOK-E040 for offsets
// that decrease or are negative, for narrow_ids where ids are wider, and for options that do not go with the tokenizer, all
// before the first chunk; TOK-E061 when goes_on says stop; those of the sink, as they are; of a device, what it reports.
// The chunks before an error are good.
// Cost: that of encoding, and one pass over the offsets. Memory: bounded whatever the batch is: OnCpu works on about 64 MiB of text
// at a time, on long documents in parts, and a chunk has at most 16 MiB of ids. A longer document that cannot be cut
// (Tokenizer::EncodeParallel) adds all of its ids.
// Threads: Encode may be called from several threads at once; each call's sink runs on one thread at a time. The text must stay as
// it is until Encode returns. goes_on is asked by one thread of the call at a time: of calls side by side, each asks its own.
// Determinism: the ids and the status of a document are the same for any threads, batches and machines; how many ids one that
// fails has had before, is not promised.
// Example:
//   std::unique_ptr<tok::BatchEncoder> encoder = tok::BatchEncoder::OnCpu(*tokenizer);
//   const std::vector<int64_t> offsets = {0, 5, 11};
//   const absl::Status status = encoder->Encode({"Hello world", offsets}, {}, [&](const tok::IdChunk& chunk) {
//     for (size_t i = 0; i < chunk.size(); ++i) Use(chunk.first_document + i, chunk.Document(i), chunk.statuses[i]);
//     return absl::OkStatus();
//   });
#ifndef TOK_BATCH_ENCODER_H_
#define TOK_BATCH_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/types.h"

namespace tok {

// Document d is text[offsets[d] .. offsets[d+1]).
struct DocumentBatch {
  const char* text = nullptr;
  std::span<const int64_t> offsets;  // n_documents + 1, or none at all

  size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::string_view Document(size_t d) const {
    return {text + offsets[d], static_cast<size_t>(offsets[d + 1] - offsets[d])};
  }
};

struct BatchOptions : EncodeOptions {
  bool narrow_ids = false;  // as u16; TOK-E040 if the vocabulary does not fit
};

// Ids of some documents, in order. Valid while the sink runs.
struct IdChunk {
  size_t first_document = 0;             // its number in the batch
  bool continues = false;                // the first document goes on from the chunk before
  std::span<const TokenId> ids;          // or, with BatchOptions::narrow_ids,
  std::span<const uint16_t> narrow_ids;  // these
  std::span<const int64_t> offsets;      // size() + 1, from 0: into ids or narrow_ids
  // size(); a document that failed has no ids, one that continues no more than it had.
  std::span<const absl::Status> statuses;

  size_t size() const { return statuses.size(); }
  // Of the documents in the chunk, the one with number i there.
  std::span<const TokenId> Document(size_t i) const { return Part(ids, i); }
  std::span<const uint16_t> NarrowDocument(size_t i) const { return Part(narrow_ids, i); }

 private:
  template <typename Id>
  std::span<const Id> Part(std::span<const Id> all, size_t i) const {
    return all.subspan(static_cast<size_t>(offsets[i]), static_cast<size_t>(offsets[i + 1] - offsets[i]));
  }
};

using IdChunkSink = std::function<absl::Status(const IdChunk&)>;

class BatchEncoder {
 public:
  virtual ~BatchEncoder() = default;

  // Returns when all documents are through, or the sink fails, whose status is returned.
  virtual absl::Status Encode(const DocumentBatch& batch, const BatchOptions& options,
                              const IdChunkSink& sink) = 0;
  virtual const Tokenizer& tokenizer() const = 0;

  // n_threads as for Tokenizer::EncodeBatch. The tokenizer is copied, which costs nothing.
  static std::unique_ptr<BatchEncoder> OnCpu(const Tokenizer& tokenizer, unsigned n_threads = 0);
};

// Whether GPUs do the tokenizer (docs/gpu.md), whatever there is here. Errors: TOK-E022 and TOK-E030, naming what they do not do.
absl::Status CheckForGpu(const Tokenizer& tokenizer);

}  // namespace tok

#endif  // TOK_BATCH_ENCODER_H_
