// cli/documents.h: documents kept in memory, each with the place it came from, for verbs that encode them in batches.
#ifndef TOK_CLI_DOCUMENTS_H_
#define TOK_CLI_DOCUMENTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tok/corpus.h"
#include "tok/tokenizer.h"

namespace tok::cli {

class DocumentBatch {
 public:
  explicit DocumentBatch(DocumentSplit split) : split_(std::move(split)) {}

  void Add(const std::string& path, const Document& document);
  void Clear();
  const std::vector<std::string>& texts() const { return texts_; }
  uint64_t n_bytes() const { return n_bytes_; }

  // "FILE:LINE".
  std::string PlaceOf(size_t document) const;
  // Errors have the place in the file.
  absl::StatusOr<RaggedIds> Encode(const Tokenizer& tokenizer, const EncodeOptions& options,
                                   unsigned n_threads) const;
  // Encodes one by one, on this thread, into *ids, which only ever holds those of one document.
  absl::Status EncodeEach(const Tokenizer& tokenizer, const EncodeOptions& options, std::vector<TokenId>* ids,
                          uint64_t* n_tokens) const;
  // What encoding some of the documents reported, with the place in the file: which it was is found by encoding them again,
  // one by one.
  absl::Status WithPlace(const absl::Status& status, const Tokenizer& tokenizer,
                         const EncodeOptions& options) const;
  // What encoding this document reported, with its place in the file.
  absl::Status ErrorIn(size_t document, const absl::Status& status) const;

 private:
  struct Place {
    size_t path;
    uint64_t line, byte_begin;
  };
  DocumentSplit split_;
  std::vector<std::string> paths_;  // of documents in a row, once each
  std::vector<Place> places_;
  std::vector<std::string> texts_;
  uint64_t n_bytes_ = 0;
};

// Calls `use` with batches of about n_bytes of the documents of all inputs; the last may be empty. A progress bar says `verb`.
absl::Status ForEachBatch(const std::string& verb, const std::vector<std::string>& paths,
                          const DocumentSplit& split, Utf8Policy utf8, uint64_t n_bytes,
                          const std::function<absl::Status(const DocumentBatch&)>& use);

}  // namespace tok::cli

#endif  // TOK_CLI_DOCUMENTS_H_
