// model/schemes/token_matcher.h: which tokens of a vocabulary a place of a piece can begin or end with.
//
// Model: tries over the tokens that the model may produce from text. With a continuing prefix (WordPiece's ##) a token that
// begins the piece and one that goes on are of two sets. What no token spells becomes byte tokens, the unknown token, or
// nothing, as the tokenizer's own model has it.
// Cost: up to as many steps a byte as the longest token has bytes, at most kMaxSchemeTokenBytes. Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_SCHEMES_TOKEN_MATCHER_H_
#define TOK_SRC_MODEL_SCHEMES_TOKEN_MATCHER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "src/base/byte_trie.h"
#include "src/model/piece_model.h"
#include "src/model/sentencepiece_output.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

// The longest token that a scheme looks for: it bounds the work a byte of text.
inline constexpr size_t kMaxSchemeTokenBytes = 1024;

class TokenMatcher {
 public:
  enum class Direction : uint8_t { kForward, kBackward };

  // A token of a piece: bytes [begin, end); n_bytes 0: there is none.
  struct Match {
    size_t n_bytes = 0;
    TokenId id = kNoToken;
  };

  // Of spec.vocabulary and spec.model. Errors: TOK-E022 for a model whose tokens end words by a suffix, TOK-E021 for a
  // vocabulary that contradicts itself, TOK-E030 for tokens above kMaxSchemeTokenBytes.
  static absl::StatusOr<TokenMatcher> Create(const TokenizerSpec& spec, Direction direction);

  // The longest token that ends at `limit` or before and begins at `begin`.
  Match LongestAt(std::string_view piece, size_t begin, size_t limit) const {
    const ByteTrie::Match match = TrieAt(begin).LongestPrefix(piece.substr(begin, limit - begin));
    return {match.n_bytes, match.value};
  }
  // The longest token that ends at `end`. Of a matcher made backward.
  Match LongestBefore(std::string_view piece, size_t end) const;
  // visit(end, id) for every token that begins at `begin`, shorter ones first.
  template <typename Visit>
  void ForEachAt(std::string_view piece, size_t begin, Visit visit) const {
    const ByteTrie& trie = TrieAt(begin);
    if (trie.empty()) return;
    ByteTrie::State state = ByteTrie::kRoot;
    for (size_t end = begin; end < piece.size();) {
      state = trie.Step(state, static_cast<unsigned char>(piece[end++]));
      if (state == ByteTrie::kDead) return;
      const uint32_t id = trie.Value(state);
      if (id != ByteTrie::kNoValue) visit(end, id);
    }
  }

  // Bytes of the character at `at`: one, where bytes are the alphabet.
  size_t CharLength(std::string_view piece, size_t at) const {
    return bytes_are_characters_ ? 1 : SentencePieceCharLength(piece, at);
  }
  // Whether every piece can be spelled by its bytes.
  bool SpellsAllBytes() const { return spells_all_bytes_; }

  const SentencePieceIds& unspelled() const { return unspelled_; }
  // Text without tokens vanishes, as in a BPE model without unknown token; otherwise, without one, it is an error.
  bool DropsUnspelled() const { return drops_unspelled_; }
  // Unknown characters side by side are one unknown token.
  bool FusesUnspelled() const { return fuses_unspelled_; }

 private:
  const ByteTrie& TrieAt(size_t begin) const {
    return begin == 0 || !has_continuing_ ? initial_ : continuing_;
  }
  static Match MatchBackward(const ByteTrie& trie, std::string_view piece, size_t begin, size_t end);

  ByteTrie initial_, continuing_;
  bool has_continuing_ = false, bytes_are_characters_ = false, spells_all_bytes_ = false;
  bool drops_unspelled_ = false, fuses_unspelled_ = true;
  SentencePieceIds unspelled_;
};

// Takes the tokens of one piece from the left to the right, and what none spells.
class SchemeOutput {
 public:
  SchemeOutput(const TokenMatcher& matcher, std::string_view piece, std::vector<PieceToken>* tokens)
      : matcher_(matcher), output_(matcher.unspelled(), piece, tokens) {}

  void Known(TokenId id, size_t begin, size_t end) { output_.Known(id, begin, end); }
  void Unknown(size_t begin, size_t end) {
    const SentencePieceIds& ids = matcher_.unspelled();
    if (!ids.byte_fallback() && ids.unknown() == kNoToken) {
      lost_text_ = true;
    } else if (!ids.byte_fallback() && !matcher_.FusesUnspelled()) {
      output_.Known(ids.unknown(), begin, end);
    } else {
      output_.Unknown(begin, end);
    }
  }
  // Some text has no id.
  bool lost_text() const { return lost_text_; }

 private:
  const TokenMatcher& matcher_;
  SentencePieceOutput output_;
  bool lost_text_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_SCHEMES_TOKEN_MATCHER_H_
