#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/block_reader.h"
#include "tok/corpus.h"

namespace tok {
namespace {

class BlockDocumentSource final : public DocumentSource {
 public:
  BlockDocumentSource(std::string path, DocumentSplit split, Utf8Policy utf8)
      : path_(std::move(path)), split_(std::move(split)), utf8_(utf8), reader_({path_}, split_, {}) {}

  absl::StatusOr<bool> Next(Document* document) override {
    while (next_ == current_.documents.size()) {
      if (!current_.error.ok()) {
        return AtPlace(Concat(InputName(path_), ":", current_.error_line + n_lines_), current_.error);
      }
      n_documents_ += current_.documents.size();
      n_lines_ += current_.n_lines;
      current_.documents.clear();
      current_.n_lines = 0;
      next_ = 0;
      TOK_ASSIGN_OR_RETURN(const bool found, reader_.Next(&block_));
      if (!found) return false;
      TOK_RETURN_IF_ERROR(LoadBlock(path_, 0, &block_));
      SplitBlock(block_, split_, utf8_, &current_);
    }
    *document = current_.documents[next_++];
    document->index += n_documents_;
    document->line += n_lines_;
    return true;
  }
  uint64_t bytes_read() const override { return reader_.n_bytes_read(); }
  uint64_t bytes_total() const override { return reader_.n_bytes_total(); }

 private:
  std::string path_;
  DocumentSplit split_;
  Utf8Policy utf8_;
  BlockReader reader_;
  TextBlock block_;
  BlockDocuments current_;
  size_t next_ = 0;
  uint64_t n_documents_ = 0, n_lines_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<DocumentSource>> OpenDocuments(std::string_view path,
                                                              const DocumentSplit& split, Utf8Policy utf8) {
  return std::make_unique<BlockDocumentSource>(std::string(path), split, utf8);
}

}  // namespace tok
