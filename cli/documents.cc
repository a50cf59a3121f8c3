#include "cli/documents.h"

#include <filesystem>
#include <memory>
#include <string_view>

#include "cli/progress.h"

namespace tok::cli {

namespace {

// Of all files; 0 where one does not say, as a pipe.
uint64_t SizeOnDisk(const std::vector<std::string>& paths) {
  uint64_t n_bytes = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(path, error);
    if (error) return 0;
    n_bytes += size;
  }
  return n_bytes;
}

}  // namespace

void DocumentBatch::Add(const std::string& path, const Document& document) {
  if (paths_.empty() || paths_.back() != path) paths_.push_back(path);
  places_.push_back({paths_.size() - 1, document.line, document.byte_begin});
  texts_.emplace_back(document.text);
  n_bytes_ += document.text.size();
}

void DocumentBatch::Clear() {
  paths_.clear();
  places_.clear();
  texts_.clear();
  n_bytes_ = 0;
}

std::string DocumentBatch::PlaceOf(size_t document) const {
  const Place& place = places_[document];
  const std::string& path = paths_[place.path];
  return (path == "-" ? "<stdin>" : path) + ":" + std::to_string(place.line);
}

absl::Status DocumentBatch::ErrorIn(size_t document, const absl::Status& status) const {
  const Place& place = places_[document];
  return AtDocument(paths_[place.path], split_, {texts_[document], document, place.line, place.byte_begin},
                    status);
}

absl::StatusOr<RaggedIds> DocumentBatch::Encode(const Tokenizer& tokenizer, const EncodeOptions& options,
                                                unsigned n_threads) const {
  const std::vector<std::string_view> views(texts_.begin(), texts_.end());
  absl::StatusOr<RaggedIds> ids = tokenizer.EncodeBatch(views, options, n_threads);
  if (!ids.ok()) return WithPlace(ids.status(), tokenizer, options);
  return ids;
}

absl::Status DocumentBatch::WithPlace(const absl::Status& status, const Tokenizer& tokenizer,
                                      const EncodeOptions& options) const {
  if (status.ok()) return status;
  std::vector<TokenId> scratch;
  uint64_t n_tokens = 0;
  if (absl::Status placed = EncodeEach(tokenizer, options, &scratch, &n_tokens); !placed.ok()) return placed;
  return status;
}

absl::Status DocumentBatch::EncodeEach(const Tokenizer& tokenizer, const EncodeOptions& options,
                                       std::vector<TokenId>* ids, uint64_t* n_tokens) const {
  for (size_t d = 0; d < texts_.size(); ++d) {
    ids->clear();
    if (absl::Status status = tokenizer.EncodeTo(texts_[d], options, ids); !status.ok())
      return ErrorIn(d, status);
    *n_tokens += ids->size();
  }
  return absl::OkStatus();
}

absl::Status ForEachBatch(const std::string& verb, const std::vector<std::string>& paths,
                          const DocumentSplit& split, Utf8Policy utf8, uint64_t n_bytes,
                          const std::function<absl::Status(const DocumentBatch&)>& use) {
  DocumentBatch batch(split);
  FileJobProgress progress;
  progress.n_bytes_total = SizeOnDisk(paths);
  const ProgressBar bar(verb, &progress);
  uint64_t n_bytes_before = 0;  // of the files that are behind
  for (const std::string& path : paths) {
    const absl::StatusOr<std::unique_ptr<DocumentSource>> source = OpenDocuments(path, split, utf8);
    if (!source.ok()) return source.status();
    for (Document document;;) {
      const absl::StatusOr<bool> found = (*source)->Next(&document);
      if (!found.ok()) return found.status();
      if (!*found) break;
      progress.n_bytes_read = n_bytes_before + (*source)->bytes_read();
      batch.Add(path, document);
      if (batch.n_bytes() < n_bytes) continue;
      if (absl::Status status = use(batch); !status.ok()) return status;
      batch.Clear();
    }
    n_bytes_before += (*source)->bytes_read();
  }
  return use(batch);
}

}  // namespace tok::cli
