#include "src/encode/block_batch.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "src/base/status_macros.h"

namespace tok {
namespace {

absl::Status WrongChunks() {
  return MakeError(ErrorCode::kInternal, "batch encoder",
                   "its chunks are not those of the documents in order");
}

bool AreSideBySide(std::span<const Document> documents) {
  for (size_t d = 1; d < documents.size(); ++d) {
    if (documents[d - 1].text.data() + documents[d - 1].text.size() != documents[d].text.data()) return false;
  }
  return true;
}

// A batch of documents, copied only where there is something between them.
class JoinedDocuments {
 public:
  explicit JoinedDocuments(std::span<const Document> documents) {
    offsets_.reserve(documents.size() + 1);
    offsets_.push_back(0);
    for (const Document& document : documents)
      offsets_.push_back(offsets_.back() + static_cast<int64_t>(document.text.size()));
    if (documents.empty()) return;
    if (AreSideBySide(documents)) {
      text_ = documents.front().text.data();
      return;
    }
    copy_.reserve(static_cast<size_t>(offsets_.back()));
    for (const Document& document : documents) copy_ += document.text;
    text_ = copy_.data();
  }
  JoinedDocuments(const JoinedDocuments&) = delete;
  JoinedDocuments& operator=(const JoinedDocuments&) = delete;

  DocumentBatch batch() const { return {text_, offsets_}; }

 private:
  std::string copy_;
  const char* text_ = nullptr;
  std::vector<int64_t> offsets_;
};

// Appends ids [begin, end) of a chunk.
void AppendIds(const IdChunk& chunk, bool narrow_ids, int64_t begin, int64_t end, std::vector<TokenId>* out) {
  const auto append = [&](auto ids) { out->insert(out->end(), ids.begin() + begin, ids.begin() + end); };
  narrow_ids ? append(chunk.narrow_ids) : append(chunk.ids);
}

// Puts the chunks of a batch together, up to the first document that fails.
class ChunkCollector {
 public:
  ChunkCollector(bool narrow_ids, IdDocuments* out) : narrow_ids_(narrow_ids), out_(*out) {
    out_.ids.clear();
    out_.ends.clear();
  }

  // The error of a document is returned, so that no more are encoded for nothing.
  absl::Status Take(const IdChunk& chunk) {
    const size_t n_taken = out_.ends.size();
    if ((chunk.continues && n_taken == 0) || chunk.first_document + chunk.continues != n_taken ||
        chunk.offsets.size() != chunk.size() + 1) {
      return WrongChunks();
    }
    if (chunk.continues && chunk.size() > 0) out_.ends.pop_back();
    const auto failed = std::ranges::find_if(chunk.statuses, [](const auto& status) { return !status.ok(); });
    const auto n_good = static_cast<size_t>(failed - chunk.statuses.begin());
    const uint64_t n_before = out_.ids.size();
    AppendIds(chunk, narrow_ids_, 0, chunk.offsets[n_good], &out_.ids);
    for (size_t i = 0; i < n_good; ++i) {
      out_.ends.push_back(n_before + static_cast<uint64_t>(chunk.offsets[i + 1]));
    }
    if (n_good == chunk.size()) return absl::OkStatus();
    has_failed_ = true;
    return *failed;
  }

  // After an error: leaves whole documents alone, fewer than n_documents. Returns how many.
  size_t Cut(size_t n_documents) {
    size_t n_whole = out_.ends.size();
    if (!has_failed_ && n_whole > 0) --n_whole;  // which was perhaps to go on
    out_.ends.resize(std::min(n_whole, n_documents - 1));
    out_.ids.resize(out_.ends.empty() ? 0 : out_.ends.back());
    return out_.ends.size();
  }

 private:
  bool has_failed_ = false;  // a document
  const bool narrow_ids_;
  IdDocuments& out_;
};

}  // namespace

absl::Status EncodeBlock(BatchEncoder* encoder, std::span<const Document> documents,
                         const BatchOptions& options, IdDocuments* out, size_t* failed) {
  ChunkCollector collector(options.narrow_ids, out);
  if (documents.empty()) return absl::OkStatus();
  const JoinedDocuments joined(documents);
  absl::Status status =
      encoder->Encode(joined.batch(), options, [&](const IdChunk& chunk) { return collector.Take(chunk); });
  if (status.ok() && out->ends.size() != documents.size()) status = WrongChunks();
  if (!status.ok()) *failed = collector.Cut(documents.size());
  return status;
}

absl::Status EncodeLongDocument(BatchEncoder* encoder, std::string_view text, const BatchOptions& options,
                                const IdsSink& sink) {
  const int64_t offsets[] = {0, static_cast<int64_t>(text.size())};
  std::vector<TokenId> widened;
  bool is_begun = false;
  const auto take = [&](const IdChunk& chunk) -> absl::Status {
    if (chunk.size() != 1 || chunk.first_document != 0 || chunk.continues != is_begun) return WrongChunks();
    is_begun = true;
    TOK_RETURN_IF_ERROR(chunk.statuses[0]);
    if (!options.narrow_ids) return sink(chunk.ids);
    widened.assign(chunk.narrow_ids.begin(), chunk.narrow_ids.end());
    return sink(widened);
  };
  TOK_RETURN_IF_ERROR(encoder->Encode({text.data(), offsets}, options, take));
  return is_begun ? absl::OkStatus() : WrongChunks();
}

}  // namespace tok
