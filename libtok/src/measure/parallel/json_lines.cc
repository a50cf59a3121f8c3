#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/json_field.h"
#include "src/corpus/text_block.h"
#include "src/measure/parallel/readers.h"
#include "src/unicode/utf8.h"
#include "tok/corpus.h"

namespace tok {
namespace {

// Two or three small letters, then subtags: "de", "zh-cn", "eng_Latn".
bool LooksLikeLanguage(std::string_view key) {
  size_t i = 0;
  while (i < key.size() && std::islower(static_cast<unsigned char>(key[i]))) ++i;
  if (i < 2 || i > 3 || key == "id") return false;
  while (i < key.size()) {
    if (key[i] != '-' && key[i] != '_') return false;
    const size_t begin = ++i;
    while (i < key.size() && std::isalnum(static_cast<unsigned char>(key[i]))) ++i;
    if (i == begin || i - begin > 8) return false;
  }
  return true;
}

class JsonLinesReader {
 public:
  JsonLinesReader(const ParallelFile& file, std::optional<ParallelFields> fields, Utf8Policy utf8,
                  ParallelBuilder* builder)
      : path_(file.path), fields_(std::move(fields)), utf8_(utf8), builder_(builder) {}

  absl::Status Read() {
    DocumentSplit split;
    split.kind = DocumentSplit::Kind::kLines;
    TOK_ASSIGN_OR_RETURN(const std::unique_ptr<DocumentSource> source, OpenDocuments(path_, split));
    file_ = builder_->AddFile(path_);
    for (Document document;;) {
      TOK_ASSIGN_OR_RETURN(const bool is_there, source->Next(&document));
      if (!is_there) break;
      std::string_view line = document.text;
      if (document.line == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (!is_decided_) TOK_RETURN_IF_ERROR(Decide(line, document.line));
      TOK_RETURN_IF_ERROR(fields_ ? ReadRecord(line, document.line) : ReadRow(line, document.line));
    }
    if (is_decided_) return absl::OkStatus();
    return MakeError(ErrorCode::kBadInput, InputName(path_), "holds no records",
                     "name a file of parallel text");
  }

 private:
  absl::Status BadLine(uint64_t line, std::string_view fact, std::string_view remedy) const {
    return MakeError(ErrorCode::kBadInput, Concat(InputName(path_), ":", line), fact, remedy);
  }

  // A line that the parser does not take: named for its bytes where these are the reason.
  absl::Status Unreadable(std::string_view line, uint64_t line_number, std::string_view fact,
                          std::string_view remedy) const {
    const size_t invalid = FindInvalidUtf8(line);
    if (utf8_ != Utf8Policy::kError || invalid == std::string_view::npos)
      return BadLine(line_number, fact, remedy);
    return MakeError(ErrorCode::kInvalidUtf8, Concat(InputName(path_), ":", line_number),
                     Concat("byte ", invalid, " of the line begins no valid UTF-8"),
                     "repair the file, or ask for --utf8 replace or bytes");
  }

  // What the first record is.
  absl::Status Decide(std::string_view line, uint64_t line_number) {
    is_decided_ = true;
    if (fields_) return absl::OkStatus();
    for (const ParallelFields& known :
         {ParallelFields(), ParallelFields{.language = "code", .id = "article", .text = "text"}}) {
      std::string ignored;
      const auto has = [&](const std::string& field) {
        return extractor_.AppendKey(line, field, utf8_, &ignored, &ignored);
      };
      if (has(known.language) && has(known.id) && has(known.text)) {
        fields_ = known;
        return absl::OkStatus();
      }
    }
    std::vector<std::pair<std::string, std::string>> strings;
    std::string fact;
    if (!extractor_.AppendStrings(line, utf8_, &strings, &fact))
      return Unreadable(line, line_number, fact, "give one JSON object a line");
    const auto n_languages = std::count_if(strings.begin(), strings.end(),
                                           [](const auto& field) { return LooksLikeLanguage(field.first); });
    if (n_languages > 0) return absl::OkStatus();
    return BadLine(line_number, "has no fields \"lang\", \"id\" and \"text\", and no languages as keys",
                   "name the fields that hold language, item and text");
  }

  absl::Status ReadRecord(std::string_view line, uint64_t line_number) {
    language_.clear();
    id_.assign("record\n");
    record_.clear();
    std::string fact;
    if (!extractor_.AppendKey(line, fields_->language, utf8_, &language_, &fact) ||
        !extractor_.AppendKey(line, fields_->id, utf8_, &id_, &fact) ||
        !extractor_.AppendField(line, fields_->text, utf8_, &record_, &fact)) {
      return Unreadable(line, line_number, fact,
                        Concat("each line is an object with ", fields_->language, ", ", fields_->id, " and ",
                               fields_->text));
    }
    if (language_.empty()) return BadLine(line_number, "the language has no name", "give its code");
    return builder_->Add(builder_->Language(language_, file_), builder_->ItemNamed(id_), record_, file_,
                         line_number);
  }

  // A row of languages is an item of its own.
  absl::Status ReadRow(std::string_view line, uint64_t line_number) {
    row_.clear();
    std::string fact;
    if (!extractor_.AppendStrings(line, utf8_, &row_, &fact))
      return Unreadable(line, line_number, fact, "give one JSON object a line");
    const uint64_t item = builder_->NewItems(1);
    for (const auto& [key, text] : row_) {
      if (!LooksLikeLanguage(key)) continue;
      TOK_RETURN_IF_ERROR(builder_->Add(builder_->Language(key, file_), item, text, file_, line_number));
    }
    return absl::OkStatus();
  }

  const std::string path_;
  std::optional<ParallelFields> fields_;  // nothing: rows
  const Utf8Policy utf8_;
  ParallelBuilder* const builder_;
  bool is_decided_ = false;
  uint32_t file_ = 0;
  JsonFieldExtractor extractor_;
  std::string language_, id_, record_;
  std::vector<std::pair<std::string, std::string>> row_;
};

}  // namespace

absl::Status ReadJsonLines(const ParallelFile& file, const std::optional<ParallelFields>& fields,
                           Utf8Policy utf8, ParallelBuilder* builder) {
  return JsonLinesReader(file, fields, utf8, builder).Read();
}

}  // namespace tok
