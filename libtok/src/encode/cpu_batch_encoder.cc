#include "src/encode/cpu_batch_encoder.h"

#include <algorithm>
#include <vector>

#include "src/base/status_macros.h"
#include "src/encode/batch_support.h"
#include "src/encode/document_jobs.h"
#include "src/encode/tokenizer_impl.h"

namespace tok {
namespace {

// Hands ids on in chunks that are not too large.
class ChunkWriter {
 public:
  ChunkWriter(const BatchOptions& options, size_t max_ids, const IdChunkSink& sink)
      : options_(options), max_ids_(max_ids), sink_(sink) {}

  // Document first_document + d has the ids ids[offsets[d] .. offsets[d+1]); those of a failed one are left out.
  // `continues`: the first one has had some before.
  absl::Status Write(size_t first_document, bool continues, std::span<const TokenId> ids,
                     std::span<const uint64_t> offsets, std::span<const absl::Status> statuses) {
    size_t d = 0;
    for (uint64_t begin = 0; d < statuses.size();) {
      const size_t first = d;
      const bool first_continues = continues;
      const uint64_t limit = begin + max_ids_;
      uint64_t end = begin;
      offsets_ = {0};
      // As many documents as have room, the last one perhaps in part. What is left out is between chunks.
      do {
        if (statuses[d].ok()) end = std::min(offsets[d + 1], limit);
        offsets_.push_back(static_cast<int64_t>(end - begin));
        continues = statuses[d].ok() && end < offsets[d + 1];
        if (!continues) ++d;
      } while (!continues && d < statuses.size() && end == offsets[d] && end < limit);
      TOK_RETURN_IF_ERROR(Send(first_document + first, first_continues, ids.subspan(begin, end - begin),
                               statuses.subspan(first, offsets_.size() - 1)));
      begin = continues ? end : offsets[d];
    }
    return absl::OkStatus();
  }

  absl::Status WriteOne(size_t document, bool continues, std::span<const TokenId> ids,
                        const absl::Status& status) {
    const uint64_t offsets[] = {0, ids.size()};
    return Write(document, continues, ids, offsets, {&status, 1});
  }

 private:
  // Of the documents whose ends are offsets_.
  absl::Status Send(size_t first_document, bool continues, std::span<const TokenId> ids,
                    std::span<const absl::Status> statuses) {
    IdChunk chunk;
    chunk.first_document = first_document;
    chunk.continues = continues;
    chunk.offsets = offsets_;
    chunk.statuses = statuses;
    if (options_.narrow_ids) {
      narrow_ids_.resize(ids.size());
      std::ranges::transform(ids, narrow_ids_.begin(), [](TokenId id) { return static_cast<uint16_t>(id); });
      chunk.narrow_ids = narrow_ids_;
    } else {
      chunk.ids = ids;
    }
    return sink_(chunk);
  }

  const BatchOptions& options_;
  const size_t max_ids_;
  const IdChunkSink& sink_;
  std::vector<int64_t> offsets_;  // of the chunk, as are these
  std::vector<uint16_t> narrow_ids_;
};

class CpuBatchEncoder final : public BatchEncoder {
 public:
  CpuBatchEncoder(const Tokenizer& tokenizer, unsigned n_threads, const CpuBatchSizes& sizes)
      : tokenizer_(tokenizer), impl_(TokenizerImpl::Of(tokenizer_)), n_threads_(n_threads), sizes_(sizes) {}

  absl::Status Encode(const DocumentBatch& batch, const BatchOptions& options,
                      const IdChunkSink& sink) override {
    TOK_RETURN_IF_ERROR(CheckBatch(tokenizer_, batch, options));
    ChunkWriter chunks(options, sizes_.n_chunk_ids, sink);
    for (size_t d = 0; d < batch.size();) {
      if (batch.Document(d).size() > sizes_.n_window_bytes) {
        TOK_RETURN_IF_ERROR(EncodeLong(batch, d, options, &chunks));
        ++d;
      } else {
        const size_t end = WindowEnd(batch, d);
        TOK_RETURN_IF_ERROR(EncodeWindow(batch, d, end, options, &chunks));
        d = end;
      }
    }
    return absl::OkStatus();
  }

  const Tokenizer& tokenizer() const override { return tokenizer_; }

 private:
  size_t WindowEnd(const DocumentBatch& batch, size_t first) const {
    // Documents without text take memory too.
    constexpr size_t kBytesPerDocument = sizeof(std::string_view) + sizeof(uint64_t) + sizeof(absl::Status);
    size_t end = first;
    for (size_t n_bytes = 0; end < batch.size(); ++end) {
      n_bytes += batch.Document(end).size() + kBytesPerDocument;
      if (n_bytes > sizes_.n_window_bytes && end > first) break;
    }
    return end;
  }

  absl::Status EncodeWindow(const DocumentBatch& batch, size_t first, size_t end, const BatchOptions& options,
                            ChunkWriter* chunks) const {
    std::vector<std::string_view> documents;
    documents.reserve(end - first);
    for (size_t d = first; d < end; ++d) documents.push_back(batch.Document(d));
    std::vector<absl::Status> statuses(documents.size());
    TOK_ASSIGN_OR_RETURN(const RaggedIds ids,
                         impl_.EncodeEachDocument(documents, options, n_threads_, statuses));
    return chunks->Write(first, /*continues=*/false, ids.ids, ids.offsets, statuses);
  }

  absl::Status EncodeLong(const DocumentBatch& batch, size_t d, const BatchOptions& options,
                          ChunkWriter* chunks) const {
    TOK_RETURN_IF_ERROR(AskWhetherToGoOn(options));
    bool continues = false;
    absl::Status written;
    const auto write = [&](std::span<std::vector<TokenId>> parts) {
      for (const std::vector<TokenId>& part : parts) {
        written = chunks->WriteOne(d, continues, part, absl::OkStatus());
        if (!written.ok()) break;
        continues = true;
      }
      return written;
    };
    const size_t n_parts_at_once = std::max<size_t>(1, sizes_.n_window_bytes / kJobBytes);
    const absl::Status status =
        impl_.EncodeInParts(batch.Document(d), options, n_threads_, n_parts_at_once, write);
    if (!written.ok() || ErrorCodeOf(status) == ErrorCode::kInterrupted) return status;
    if (status.ok() && continues) return absl::OkStatus();
    return chunks->WriteOne(d, continues, {}, status);
  }

  const Tokenizer tokenizer_;
  const TokenizerImpl& impl_;
  const unsigned n_threads_;
  const CpuBatchSizes sizes_;
};

}  // namespace

std::unique_ptr<BatchEncoder> MakeCpuBatchEncoder(const Tokenizer& tokenizer, unsigned n_threads,
                                                  const CpuBatchSizes& sizes) {
  return std::make_unique<CpuBatchEncoder>(tokenizer, n_threads, sizes);
}

std::unique_ptr<BatchEncoder> BatchEncoder::OnCpu(const Tokenizer& tokenizer, unsigned n_threads) {
  return MakeCpuBatchEncoder(tokenizer, n_threads, {});
}

}  // namespace tok
