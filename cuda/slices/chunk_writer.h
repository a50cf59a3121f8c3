// cuda/slices/chunk_writer.h: ids of a slice, from the device and from the host, to a sink in chunks.
//
// Ids are handed on from where they lie, in chunks of at most max_ids; only where few of them lie between documents of the host are
// they copied, so that there are not as many chunks as such documents.
#ifndef TOK_CUDA_SLICES_CHUNK_WRITER_H_
#define TOK_CUDA_SLICES_CHUNK_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cuda/slices/host_documents.h"
#include "tok/batch_encoder.h"
#include "tok/status.h"

namespace tok::cuda {

// Id: TokenId or uint16_t.
template <typename Id>
class ChunkWriter {
 public:
  ChunkWriter(size_t max_ids, const IdChunkSink& sink)
      : max_ids_(static_cast<int64_t>(max_ids)), sink_(sink) {}

  // Document first_document + i has ids[offsets[i], offsets[i + 1]), or is one of the host's, which are in order.
  // `continues`: the first one has had some before.
  absl::Status Write(size_t first_document, bool continues, const Id* ids, std::span<const int64_t> offsets,
                     std::span<const HostDocument> host_documents);

 private:
  // Neighbouring documents whose ids lie side by side.
  struct Run {
    size_t first_document;
    const Id* ids;
    std::span<const int64_t> offsets;  // into ids, not always from 0
    std::span<const absl::Status> statuses;

    int64_t n_ids() const { return offsets.back() - offsets.front(); }
  };

  absl::Status Add(const Run& run);
  // What was copied.
  absl::Status Flush();
  absl::Status Send(const Run& run);
  absl::Status SendChunk(size_t first_document, bool continues, std::span<const Id> ids,
                         std::span<const int64_t> offsets, std::span<const absl::Status> statuses);

  const int64_t max_ids_;
  const IdChunkSink& sink_;
  bool continues_ = false;  // the document that comes next
  // Copied documents.
  size_t first_copied_ = 0;
  std::vector<Id> copied_ids_;
  std::vector<int64_t> copied_offsets_ = {0};
  std::vector<absl::Status> copied_statuses_;
  // Kept for their memory.
  std::vector<int64_t> chunk_offsets_;
  std::vector<absl::Status> ok_statuses_;
  std::vector<Id> host_ids_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_SLICES_CHUNK_WRITER_H_
