// encode/decoder_table.h: one byte string per id in one block of memory, the heart of fast decoding.
//
// Where every id decodes to the vocabulary's own bytes, as in byte-level vocabularies, the table borrows them: loading a
// frozen tokenizer then copies no strings.
// Cost: a byte an id, and 4 bytes an id plus the strings where they are not borrowed; AppendPlain copies 16 bytes at a
// time.
// Errors: TOK-E030 if the strings exceed 4 GiB.
// Threads: immutable once built.
#ifndef TOK_SRC_ENCODE_DECODER_TABLE_H_
#define TOK_SRC_ENCODE_DECODER_TABLE_H_

#include <cstdint>
#include <memory>
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
  using Flags = uint8_t;
  enum Flag : Flags {
    kMissing = 1 << 0,       // no such id
    kSpecial = 1 << 1,       // dropped by skip_special
    kByte = 1 << 2,          // a byte token: its string is the raw byte
    kLeadingSpace = 1 << 3,  // SentencePiece: the piece begins with U+2581
  };

  TokenTable() = default;
  // Every id with the vocabulary's bytes; absent ids are missing.
  static TokenTable Borrow(const Vocabulary& vocabulary);

  // kMissing for any id beyond the table.
  Flags FlagsOf(TokenId id) const { return id < flags_.size() ? flags_[id] : Flags{kMissing}; }
  // Requires an id of the table.
  void AddFlags(TokenId id, Flags flags) { flags_[id] |= flags; }
  std::string_view Bytes(TokenId id) const {
    if (id >= flags_.size()) return {};
    return blob_.substr(offsets_[id], offsets_[id + 1] - offsets_[id]);
  }

  // Appends the strings of the longest prefix of `ids` that have none of `stop_flags`; returns its length.
  size_t AppendPlain(std::span<const TokenId> ids, Flags stop_flags, std::string* out) const;

 private:
  friend class TokenTableBuilder;

  std::vector<Flags> flags_;
  std::span<const uint32_t> offsets_;  // one more than ids, into blob_
  std::string_view blob_;
  std::shared_ptr<const void> owner_;  // of offsets_ and blob_
};

// Collects a table of strings of its own, in order of ids. One use.
class TokenTableBuilder {
 public:
  TokenTableBuilder();
  absl::Status Append(std::string_view bytes, TokenTable::Flags flags);
  TokenTable Build() &&;

 private:
  struct Storage {
    std::vector<uint32_t> offsets = {0};
    std::string blob;
  };
  std::shared_ptr<Storage> storage_;
  std::vector<TokenTable::Flags> flags_;
};

// What decoding makes of an id that does not exist: TOK-E012, or nothing under UnknownIdPolicy::kSkip.
absl::Status MissingId(TokenId id, uint64_t position, const DecodeOptions& options);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_TABLE_H_
