// model/bpe/sentencepiece_merges.h: the rules of a SentencePiece BPE vocabulary as a table over pairs of symbols.
//
// Model: SentencePiece merges any two neighbours whose concatenation is a piece, highest score first. A symbol is a
// piece or one character, so the rules are all ways to split each piece into two of those: the table lists them, and
// no string is hashed while encoding. Symbols are piece ids; characters that are no piece but part of one are
// numbered behind them; all other characters share the symbol Other(), which has no rule.
// Cost: Build is O(bytes * log n) for sorting, plus one rule per split found, at most one per byte.
// Errors: TOK-E021 for pieces that are not UTF-8.
// Threads: immutable.
#ifndef TOK_SRC_MODEL_BPE_SENTENCEPIECE_MERGES_H_
#define TOK_SRC_MODEL_BPE_SENTENCEPIECE_MERGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "src/model/bpe/character_table.h"
#include "src/model/bpe/merge_table.h"
#include "tok/status.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

class SentencePieceMerges {
 public:
  static absl::StatusOr<SentencePieceMerges> Build(const Vocabulary& vocabulary);

  // Ranks are shared by pieces of equal score: the leftmost pair then goes first.
  const MergeTable& table() const { return table_; }
  // The symbol of a character (not above U+10FFFF).
  TokenId SymbolOf(char32_t c) const {
    const TokenId symbol = symbols_.Find(c);
    return symbol == kNoToken ? other_ : symbol;
  }
  // Every symbol from here on is a character that is no piece.
  TokenId first_character_symbol() const { return n_pieces_; }
  TokenId Other() const { return other_; }
  const CharacterTable& symbols() const { return symbols_; }  // without Other()
  // The characters that are no piece, in order of their symbols.
  const std::vector<char32_t>& characters() const { return characters_; }
  // False only if no piece holds these two characters, given by their symbols, side by side: then no merge ever
  // crosses them, and the text may be cut between them.
  bool MayJoin(TokenId left, TokenId right) const {
    return neighbours_.contains(uint64_t{left} << 32 | right);
  }

 private:
  struct Entry {
    std::string bytes;
    TokenId symbol;
    uint32_t longest_prefix, longest_suffix;  // entry that is the longest proper one; kNoEntry if none
  };
  static constexpr uint32_t kNoEntry = 0xFFFFFFFFu;

  SentencePieceMerges() = default;
  absl::Status AddCharacters(const Vocabulary& vocabulary);
  void AddNeighbours(std::string_view piece);
  static void LinkPrefixes(std::vector<Entry>* entries);
  static void LinkSuffixes(std::vector<Entry>* entries);
  absl::Status BuildTable(const std::vector<Entry>& entries, const std::vector<uint32_t>& ranks);

  MergeTable table_;
  TokenId n_pieces_ = 0, other_ = 0;
  CharacterTable symbols_;
  std::vector<char32_t> characters_;  // that are no piece: symbol n_pieces_ + i
  absl::flat_hash_set<uint64_t> neighbours_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_SENTENCEPIECE_MERGES_H_
