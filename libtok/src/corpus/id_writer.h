// corpus/id_writer.h: encoded documents into one file of ids, with document ends beside binary ones.
//
// Model: FormatDocuments turns ids into the bytes of a format and runs on any thread; an IdWriter puts those
// bytes into the file in order. Binary files get PATH.idx (see tok/id_files.h); standard output, devices and
// pipes get the ids alone. A .npy header needs the number of ids: it is filled in last, or, where that is
// impossible, the ids wait in a temporary file. Errors: TOK-E003. Threads: one writer per thread.
#ifndef TOK_SRC_CORPUS_ID_WRITER_H_
#define TOK_SRC_CORPUS_ID_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/spool.h"
#include "tok/id_files.h"
#include "tok/output.h"
#include "tok/types.h"

namespace tok {

// Documents in a row: document d is ids[ends[d-1] .. ends[d]).
struct IdDocuments {
  std::vector<TokenId> ids;
  std::vector<uint64_t> ends;
  std::vector<Span> offsets;  // empty, or one per id: only kJsonl writes them
  bool has_offsets = false;
};

// One document in parts: Begin, ids in any number of parts, End.
void BeginDocument(IdFormat format, uint64_t document, std::string* out);
// kU16 requires ids below 65536.
void AppendIdsPart(std::span<const TokenId> ids, IdFormat format, bool is_first, std::string* out);
void EndDocument(IdFormat format, std::string* out);

// The bytes of `documents`; the first has the number `first_document`. kU16 requires ids below 65536.
void FormatDocuments(const IdDocuments& documents, IdFormat format, uint64_t first_document,
                     std::string* out);

class IdWriter {
 public:
  static absl::StatusOr<std::unique_ptr<IdWriter>> Open(const std::string& path, IdFormat format);
  // `bytes` of FormatDocuments; `ends` of the same documents.
  absl::Status Write(std::string_view bytes, std::span<const uint64_t> ends);
  // A part of a document that a later Write of its last bytes, with its end, completes.
  absl::Status WritePart(std::string_view bytes);
  // The index first: a file of ids that is there has its index.
  absl::Status Commit();

  uint64_t n_bytes() const { return n_bytes_; }
  uint64_t n_documents() const { return n_documents_; }
  uint64_t n_ids() const { return n_ids_; }

 private:
  IdWriter() = default;
  IdFormat format_ = IdFormat::kIds;
  std::unique_ptr<Output> output_, index_;
  std::unique_ptr<Spool> spool_;
  uint64_t n_bytes_ = 0, n_documents_ = 0, n_ids_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_CORPUS_ID_WRITER_H_
