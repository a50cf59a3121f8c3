// tok/vocabulary.h: the immutable map between token ids and their bytes.
//
// Model: ids 0 .. size()-1, possibly with gaps (kind kAbsent). Bytes are what the MODEL matches: for byte-level
// vocabularies the reader has translated the GPT-2 byte alphabet to raw bytes; other vocabularies keep the file's
// spelling (U+2581, "##", "<0x0A>"), which the decoder undoes. Several ids may share the same bytes only if all but
// one are unmatchable.
// Shapes and units: Bytes() views stay valid as long as the Vocabulary lives; scores are natural-log
// probabilities (Unigram) or minus the rank (SentencePiece BPE), 0 elsewhere.
// Cost: Find O(length), one hash probe; everything else O(1). Memory: about 16 bytes per token plus its bytes.
// Threads: immutable and shareable. Copying shares the storage.
#ifndef TOK_VOCABULARY_H_
#define TOK_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/types.h"

namespace tok {

enum class TokenKind : uint8_t {
  kAbsent = 0,   // a gap: no such id
  kNormal,       // produced by the model
  kUnknown,      // stands for text the model cannot spell
  kControl,      // never produced from text (<s>, </s>, padding)
  kUserDefined,  // SentencePiece: always matched whole
  kUnused,       // SentencePiece: never an output, split again
  kByte,         // one raw byte for byte fallback; Bytes() is its spelling "<0x0A>"
  kAdded,        // exists only as an added token, outside the model
  kLiteral,  // in a byte-level vocabulary: spelled with characters outside the byte alphabet, so the model
             // can never produce it; decodes to its spelling
};

// Whether a model may find a token of this kind by its bytes.
constexpr bool IsMatchable(TokenKind kind) {
  return kind != TokenKind::kAbsent && kind != TokenKind::kAdded && kind != TokenKind::kLiteral;
}

class Vocabulary {
 public:
  Vocabulary();

  // Number of id slots: one more than the largest id.
  size_t size() const { return kinds_.size(); }
  // Number of ids that are not gaps.
  size_t n_tokens() const { return n_tokens_; }

  bool Contains(TokenId id) const { return id < size() && kinds_[id] != TokenKind::kAbsent; }
  TokenKind Kind(TokenId id) const { return id < size() ? kinds_[id] : TokenKind::kAbsent; }
  // Requires id < size(); empty for gaps.
  std::string_view Bytes(TokenId id) const {
    return std::string_view(blob_.data() + offsets_[id], offsets_[id + 1] - offsets_[id]);
  }
  double Score(TokenId id) const { return scores_.empty() ? 0.0 : scores_[id]; }
  bool HasScores() const { return !scores_.empty(); }
  size_t max_token_bytes() const { return max_token_bytes_; }

  // The id with exactly these bytes, of a kind that IsMatchable; kNoToken if none.
  TokenId Find(std::string_view bytes) const;

  // Flat storage, for the frozen image: offsets has size()+1 entries into blob.
  std::span<const uint32_t> offsets() const { return offsets_; }
  std::string_view blob() const { return blob_; }
  std::span<const TokenKind> kinds() const { return kinds_; }
  std::span<const double> scores() const { return scores_; }
  std::span<const TokenId> hash_slots() const { return slots_; }

  // Borrows flat storage kept alive by `owner` (a mapped image). Checks every bound; slots may be empty (rebuilt).
  static absl::StatusOr<Vocabulary> FromStorage(std::span<const uint32_t> offsets, std::string_view blob,
                                                std::span<const TokenKind> kinds,
                                                std::span<const double> scores,
                                                std::span<const TokenId> slots,
                                                std::shared_ptr<const void> owner);

 private:
  friend class VocabularyBuilder;

  std::span<const uint32_t> offsets_;
  std::string_view blob_;
  std::span<const TokenKind> kinds_;
  std::span<const double> scores_;
  std::span<const TokenId> slots_;  // open addressing, power of two, kNoToken = empty
  size_t n_tokens_ = 0;
  size_t max_token_bytes_ = 0;
  std::shared_ptr<const void> owner_;
};

// Collects tokens in any order, then builds. One use.
class VocabularyBuilder {
 public:
  // Errors: TOK-E021 if the id is taken or above kMaxTokenId.
  absl::Status Add(TokenId id, std::string_view bytes, TokenKind kind = TokenKind::kNormal,
                   double score = 0.0);
  bool Contains(TokenId id) const;
  size_t n_tokens() const { return entries_.size(); }

  // Errors: TOK-E021 if two matchable tokens have the same bytes; TOK-E030 if hundreds of tokens share a hash.
  absl::StatusOr<Vocabulary> Build() &&;

 private:
  struct Entry {
    TokenId id;
    TokenKind kind;
    uint64_t begin;
    uint32_t n_bytes;
    double score;
  };
  std::vector<Entry> entries_;
  std::vector<bool> taken_;
  std::string bytes_;
  bool has_scores_ = false;
};

}  // namespace tok

#endif  // TOK_VOCABULARY_H_
