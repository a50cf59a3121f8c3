#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/text_block.h"
#include "src/measure/parallel/readers.h"
#include "tok/corpus.h"

namespace tok {
namespace {

// Lines of a file, and how many there are.
absl::StatusOr<uint64_t> ReadLines(const ParallelFile& file, uint64_t first_item, uint64_t n_items,
                                   ParallelBuilder* builder) {
  DocumentSplit split;
  split.kind = DocumentSplit::Kind::kLines;
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<DocumentSource> source, OpenDocuments(file.path, split));
  const uint32_t number = builder->AddFile(file.path);
  const size_t language = builder->Language(file.language, number);
  uint64_t n_lines = 0;
  for (Document document;; ++n_lines) {
    TOK_ASSIGN_OR_RETURN(const bool is_there, source->Next(&document));
    if (!is_there) return n_lines;
    if (n_lines >= n_items) continue;
    std::string_view text = document.text;
    if (n_lines == 0 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.ends_with('\r')) text.remove_suffix(1);
    TOK_RETURN_IF_ERROR(builder->Add(language, first_item + n_lines, text, number, document.line));
  }
}

}  // namespace

absl::Status ReadLineFiles(std::span<const ParallelFile> files, ParallelBuilder* builder) {
  // Files may be pipes: the first says how many items there are while it is read.
  const uint64_t first_item = builder->NewItems(0);
  TOK_ASSIGN_OR_RETURN(const uint64_t n_items, ReadLines(files[0], first_item, UINT64_MAX, builder));
  builder->NewItems(n_items);
  for (const ParallelFile& file : files.subspan(1)) {
    TOK_ASSIGN_OR_RETURN(const uint64_t n_lines, ReadLines(file, first_item, n_items, builder));
    if (n_lines == n_items) continue;
    return MakeError(ErrorCode::kBadInput, InputName(file.path),
                     Concat("has ", n_lines, " lines, but ", InputName(files[0].path), " has ", n_items),
                     "lines of one number must be translations of one another");
  }
  return absl::OkStatus();
}

}  // namespace tok
