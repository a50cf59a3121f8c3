// tok/id_files.h: token ids in files: the formats `tok encode` writes and `tok decode` reads.
//
// Model: text formats hold one document a line. Binary formats hold the ids of all documents end to end;
// where documents end stands beside them in FILE.idx: little-endian u64, one per document, counted in ids
// from the start of the file. Without FILE.idx (and on standard input) a binary file is one document.
//   kIds    decimal ids, single spaces, one LF after each document
//   kJsonl  {"doc":0,"ids":[...]} per line; other fields are ignored
//   kU16, kU32  little-endian ids
//   kNpy    NumPy 1.0 array of one dimension; written as '<u4', read as any '<u' or '<i' of 1 to 8 bytes
// Files may be compressed (.gz, .zst by magic).
// Errors: TOK-E001, E002 for the file; TOK-E014 with file, line and byte for what is not an id; TOK-E040 for a FILE.idx
// beside its FILE.
// Threads: one reader per thread.
#ifndef TOK_ID_FILES_H_
#define TOK_ID_FILES_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/types.h"

namespace tok {

enum class IdFormat : uint8_t { kIds, kJsonl, kU16, kU32, kNpy };

// Most shards that the ids of one job may be spread over (tok/encode_files.h).
inline constexpr uint32_t kMaxShards = 99999;

std::string_view IdFormatName(IdFormat format);
std::vector<std::string> IdFormatNames();
// Errors: TOK-E040.
absl::StatusOr<IdFormat> ParseIdFormat(std::string_view name);
bool IsBinary(IdFormat format);

// Old ids to new ones as a NumPy array of int32, -1 where new_ids is kNoToken. Atomic. Errors: TOK-E003.
absl::Status WriteIdMap(const std::string& path, std::span<const TokenId> new_ids);

class IdReader {
 public:
  // "-" is standard input.
  static absl::StatusOr<std::unique_ptr<IdReader>> Open(const std::string& path, IdFormat format);
  virtual ~IdReader() = default;

  // Replaces *ids by the next document, or by its next part where a binary document is longer than max_ids
  // (0: never); *document_ends says whether the document ends there. False at the end of the file.
  virtual absl::StatusOr<bool> Next(uint64_t max_ids, std::vector<TokenId>* ids, bool* document_ends) = 0;
  // Where the ids last read stand: "file:line" or "file: document N".
  virtual std::string place() const = 0;
};

}  // namespace tok

#endif  // TOK_ID_FILES_H_
