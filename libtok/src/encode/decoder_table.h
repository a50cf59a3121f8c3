// encode/decoder_table.h: one byte string per id in one block of memory, the heart of fast decoding.
//
// Cost: 8 bytes an id plus the strings; AppendPlain copies 16 bytes at a time.
// Errors: TOK-E030 if the strings exceed 256 MiB.
// Threads: immutable once built.
#ifndef TOK_SRC_ENCODE_DECODER_TABLE_H_
#define TOK_SRC_ENCODE_DECODER_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

class TokenTable {
 public:
  enum Flag : uint32_t {
    kMissing = 1u << 31,       // no such id
    kSpecial = 1u << 30,       // dropped by skip_special
    kByte = 1u << 29,          // a byte token: its string is the raw byte
    kLeadingSpace = 1u << 28,  // SentencePiece: the piece begins with U+2581
  };

  explicit TokenTable(size_t n_ids);
  // Every id with the vocabulary's bytes; absent ids are missing. Requires n_ids >= vocabulary.size().
  absl::Status AssignAll(const Vocabulary& vocabulary);
  absl::Status Set(TokenId id, std::string_view bytes, uint32_t flags);
  void AddFlags(TokenId id, uint32_t flags) { entries_[id].size_and_flags |= flags; }

  size_t n_ids() const { return entries_.size(); }
  // kMissing for any id beyond the table.
  uint32_t Flags(TokenId id) const {
    return id < entries_.size() ? entries_[id].size_and_flags & ~kSizeMask : uint32_t{kMissing};
  }
  std::string_view Bytes(TokenId id) const {
    if (id >= entries_.size()) return {};
    return std::string_view(blob_.data() + entries_[id].begin, entries_[id].size_and_flags & kSizeMask);
  }

  // Appends the strings of the longest prefix of `ids` that have none of `stop_flags`; returns its length.
  size_t AppendPlain(std::span<const TokenId> ids, uint32_t stop_flags, std::string* out) const;

 private:
  static constexpr uint32_t kSizeMask = (1u << 28) - 1;
  static constexpr size_t kCopy =
      16;  // bytes that a copy may read beyond a string and write beyond its place

  struct Entry {
    uint32_t begin = 0;
    uint32_t size_and_flags = kMissing;
  };
  absl::Status CheckSize(uint64_t n_bytes) const;

  std::vector<Entry> entries_;
  std::string blob_ = std::string(kCopy, '\0');  // strings, then kCopy bytes to read beyond the last
};

// What decoding makes of an id that does not exist: TOK-E012, or nothing under UnknownIdPolicy::kSkip.
absl::Status MissingId(TokenId id, uint64_t position, const DecodeOptions& options);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_TABLE_H_
