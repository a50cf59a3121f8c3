// model/sentencepiece_output.h: how SentencePiece turns the segmentation of its models into ids.
//
// Rules: unknown characters next to each other become one unknown id, unless the model has byte fallback: then each
// becomes its bytes, of which the last carries the character's span and the others an empty span at its begin.
// Threads: a SentencePieceIds is immutable; a SentencePieceOutput belongs to one call.
#ifndef TOK_SRC_MODEL_SENTENCEPIECE_OUTPUT_H_
#define TOK_SRC_MODEL_SENTENCEPIECE_OUTPUT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/byte_trie.h"
#include "src/model/piece_model.h"
#include "tok/status.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

// Bytes that SentencePiece takes for one character at text[position]: what the lead byte says, bounded by the end.
inline size_t SentencePieceCharLength(std::string_view text, size_t position) {
  constexpr uint8_t kLengths[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};
  return std::min<size_t>(kLengths[static_cast<unsigned char>(text[position]) >> 4], text.size() - position);
}

// True for the kinds of token that SentencePiece looks for in text.
inline bool IsSentencePieceMatchable(TokenKind kind) {
  return kind == TokenKind::kNormal || kind == TokenKind::kUserDefined || kind == TokenKind::kUnused;
}

// "<0x0A>" for byte 10.
std::string ByteTokenSpelling(unsigned char byte);

// The ids that stand for what the vocabulary cannot spell.
class SentencePieceIds {
 public:
  // Errors: TOK-E021 if a byte token is missing under byte fallback, or if there is neither fallback nor unknown.
  static absl::StatusOr<SentencePieceIds> Create(const Vocabulary& vocabulary, bool byte_fallback);
  SentencePieceIds() { bytes_.fill(kNoToken); }
  // `bytes` are all there if `byte_fallback`; `unknown` may be kNoToken.
  SentencePieceIds(TokenId unknown, bool byte_fallback, const std::array<TokenId, 256>& bytes)
      : byte_fallback_(byte_fallback), unknown_(unknown), bytes_(bytes) {}

  bool byte_fallback() const { return byte_fallback_; }
  TokenId unknown() const { return unknown_; }  // kNoToken if none
  TokenId byte(unsigned char value) const { return bytes_[value]; }

 private:
  bool byte_fallback_ = false;
  TokenId unknown_ = kNoToken;
  std::array<TokenId, 256> bytes_;
};

// User-defined symbols of a vocabulary, for SentencePiece's longest prefix match.
absl::StatusOr<ByteTrie> MakeUserDefinedTrie(const Vocabulary& vocabulary);

class SentencePieceOutput {
 public:
  SentencePieceOutput(const SentencePieceIds& ids, std::string_view text, std::vector<PieceToken>* tokens)
      : ids_(ids), text_(text), tokens_(tokens) {}

  void Known(TokenId id, size_t begin, size_t end) {
    tokens_->push_back({id, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    after_unknown_ = false;
  }

  void Unknown(size_t begin, size_t end) {
    if (ids_.byte_fallback()) {
      for (size_t i = begin; i + 1 < end; ++i) Known(ByteAt(i), begin, begin);
      Known(ByteAt(end - 1), begin, end);
    } else if (after_unknown_) {
      tokens_->back().end = static_cast<uint32_t>(end);
    } else {
      Known(ids_.unknown(), begin, end);
      after_unknown_ = true;
    }
  }

 private:
  TokenId ByteAt(size_t i) const { return ids_.byte(static_cast<unsigned char>(text_[i])); }

  const SentencePieceIds& ids_;
  std::string_view text_;
  std::vector<PieceToken>* tokens_;
  bool after_unknown_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_SENTENCEPIECE_OUTPUT_H_
