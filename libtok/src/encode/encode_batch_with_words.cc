// Many documents on many threads, with spans and words.
//
// Model: threads take up chunks of documents of about kChunkBytes together, in order, and each keeps what it found; in the end
// the chunks are put one after the other. A chunk that fails ends the taking up, so that the first that failed is known: all
// before it have been taken up.
#include <mutex>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/document_jobs.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 17;

struct Chunk {
  size_t first = 0, last = 0;  // documents
  RaggedEncodings found;       // offsets: ends of its documents, in it
  absl::Status status;
};

std::vector<Chunk> ChunksOf(std::span<const std::string_view> documents) {
  std::vector<Chunk> chunks;
  for (size_t first = 0, last = 0; first < documents.size(); first = last) {
    size_t n_bytes = 0;
    while (last < documents.size() && n_bytes < kChunkBytes) n_bytes += documents[last++].size() + 1;
    chunks.emplace_back();
    chunks.back().first = first;
    chunks.back().last = last;
  }
  return chunks;
}

template <typename Item>
void Append(std::vector<Item>&& from, std::vector<Item>* to) {
  to->insert(to->end(), from.begin(), from.end());
  std::vector<Item>().swap(from);
}

void AppendEncoding(Encoding&& from, Encoding* to) {
  Append(std::move(from.ids), &to->ids);
  Append(std::move(from.spans), &to->spans);
  Append(std::move(from.words), &to->words);
}

void Reserve(size_t n_ids, Encoding* encoding) {
  encoding->ids.reserve(n_ids);
  encoding->spans.reserve(n_ids);
  encoding->words.reserve(n_ids);
}

absl::Status EncodeChunk(const Tokenizer& tokenizer, std::span<const std::string_view> documents,
                         const EncodeOptions& options, OffsetUnit unit, Chunk* chunk) {
  for (size_t d = chunk->first; d < chunk->last; ++d) {
    absl::StatusOr<Encoding> encoding = tokenizer.EncodeWithWords(documents[d], options, unit);
    if (!encoding.ok()) return AtPlace(Concat("document ", d), encoding.status());
    AppendEncoding(*std::move(encoding), &chunk->found.flat);
    chunk->found.offsets.push_back(chunk->found.flat.ids.size());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RaggedEncodings> Tokenizer::EncodeBatchWithWords(std::span<const std::string_view> documents,
                                                                const EncodeOptions& options, OffsetUnit unit,
                                                                unsigned n_threads) const {
  std::vector<Chunk> chunks = ChunksOf(documents);
  std::mutex mutex;  // of what follows
  size_t n_taken = 0;
  bool has_failed = false;
  const auto take_up = [&]() -> Chunk* {
    const std::lock_guard<std::mutex> lock(mutex);
    if (has_failed || n_taken == chunks.size()) return nullptr;
    Chunk* const chunk = &chunks[n_taken++];
    chunk->status = AskWhetherToGoOn(options);
    has_failed = !chunk->status.ok();
    return has_failed ? nullptr : chunk;
  };
  const unsigned n_workers = ThreadsFor(chunks.size(), n_threads);
  ParallelFor(n_workers, n_workers, [&](size_t) {
    while (Chunk* const chunk = take_up()) {
      chunk->status = EncodeChunk(*this, documents, options, unit, chunk);
      if (chunk->status.ok()) continue;
      const std::lock_guard<std::mutex> lock(mutex);
      has_failed = true;
    }
  });
  size_t n_ids = 0;
  for (const Chunk& chunk : chunks) {
    TOK_RETURN_IF_ERROR(chunk.status);
    n_ids += chunk.found.flat.ids.size();
  }
  RaggedEncodings all;
  Reserve(n_ids, &all.flat);
  all.offsets.reserve(documents.size() + 1);
  all.offsets = {0};
  for (Chunk& chunk : chunks) {
    const uint64_t n_before = all.flat.ids.size();
    for (const uint64_t end : chunk.found.offsets) all.offsets.push_back(n_before + end);
    AppendEncoding(std::move(chunk.found.flat), &all.flat);
  }
  return all;
}

}  // namespace tok
