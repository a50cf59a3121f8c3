// tok/corpus.h: documents out of files: whole files, lines, JSON lines, separators, FASTA; plain, .gz or .zst.
//
// Model: a source yields documents in order with their place. `lines` drops the LF only (a CR stays), `lines-lf` keeps it;
// `sep` drops the separator; an empty document stays a document; a final LF or separator begins no new document (an
// empty file is one empty document under kFile and none otherwise). A FASTA record is one document: its sequence lines
// end to end, without the header, which begins with '>', and without line ends; a file without headers is one record. JSON lines of white space alone are no
// documents. Units: Document::text is valid until the next call of Next(). Errors: TOK-E001, E002 for the
// file; TOK-E014 with file and line for malformed JSON or a missing field; TOK-E010 for a JSON line that is
// not UTF-8 or holds half a surrogate pair, unless the policy says replace or bytes. Memory: bounded by the largest document, which has no limit here, plus one buffer; plain files
// are mapped. Threads: one source per thread.
#ifndef TOK_CORPUS_H_
#define TOK_CORPUS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/types.h"

namespace tok {

struct DocumentSplit {
  enum class Kind : uint8_t { kFile, kLines, kLinesLf, kJsonl, kSeparator, kFasta };
  Kind kind = Kind::kFile;
  std::string argument;  // kJsonl: field name (dotted path); kSeparator: the separator

  // "file", "lines", "lines-lf", "fasta", "jsonl:FIELD", "sep:STR" (\n \t \r \0 \\ \xHH escapes in STR). Errors: TOK-E040.
  static absl::StatusOr<DocumentSplit> Parse(std::string_view text);
  // The same spelling, STR as it is.
  std::string Spelling() const;
};

// Undoes the escapes of separators and of files of tokens: \n \t \r \0 \\ and \xHH. Errors: TOK-E040.
absl::StatusOr<std::string> Unescape(std::string_view text);

struct Document {
  std::string_view text;
  uint64_t index = 0;       // over all inputs of the source
  uint64_t line = 0;        // 1-based first line in its file
  uint64_t byte_begin = 0;  // offset in the (decompressed) file; for JSON lines that of the line
};

class DocumentSource {
 public:
  virtual ~DocumentSource() = default;
  // False at the end.
  virtual absl::StatusOr<bool> Next(Document* document) = 0;
  // Bytes consumed and, if known, in total: for progress.
  virtual uint64_t bytes_read() const = 0;
  virtual uint64_t bytes_total() const = 0;
};

// What encoding a document reported, with its place in the file: "FILE:LINE: byte N" instead of "byte N" of the
// document (of a JSON line, whose field is not spelled in the file as it is read: "FILE:LINE: field F: byte N"; of a FASTA
// record, whose lines are joined: "FILE:LINE: sequence: byte N").
absl::Status AtDocument(std::string_view path, const DocumentSplit& split, const Document& document,
                        const absl::Status& status);

// "-" reads standard input. `utf8` is for JSON lines, which have to be decoded: their texts keep invalid bytes for the
// encoder, a lone surrogate as the three bytes that UTF-8 would spell it with, or U+FFFD under kReplace. Texts of other
// splits are the file's bytes.
absl::StatusOr<std::unique_ptr<DocumentSource>> OpenDocuments(std::string_view path,
                                                              const DocumentSplit& split,
                                                              Utf8Policy utf8 = Utf8Policy::kError);

}  // namespace tok

#endif  // TOK_CORPUS_H_
