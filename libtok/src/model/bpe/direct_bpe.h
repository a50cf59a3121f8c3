// model/bpe/direct_bpe.h: character-level BPE of pieces cut out of the document itself, before any normalizer.
//
// Model: where all that a normalizer does is to write another character for the blank, the first symbols of a piece can be
// read off the document's own bytes, the blank's symbol standing where a blank is. Nothing is copied, and the piece cache
// has the document's bytes as keys.
// A character that is no token becomes the ids that stand for what the vocabulary cannot spell: those of its bytes, or the
// unknown token. Nothing merges with those.
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_BPE_DIRECT_BPE_H_
#define TOK_SRC_MODEL_BPE_DIRECT_BPE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "src/model/bpe/character_table.h"
#include "src/model/bpe/join_filter.h"
#include "src/model/bpe/merge_lanes.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"

namespace tok {

class DirectBpe final : public PieceEncoder {
 public:
  struct Parts {
    // Symbols are ids, or numbers from n_ids on for characters that are no token but part of one: untold[symbol - n_ids].
    CharacterTable characters;
    TokenId n_ids;
    std::vector<char32_t> untold;
    MergeTable merges;
    JoinFilter joins;
    std::array<TokenId, 256> byte_ids;  // of a character that is no token
    TokenId unknown = kNoToken;         // if not kNoToken: its id instead
  };
  // The scratch of the model that this was made from derives from this one.
  struct Scratch : PieceScratch {
    std::vector<TokenId> symbols;  // of several pieces
    MergeScratch merge;
    std::vector<TokenId> long_piece;
    MergeLanes lanes;
  };

  // `blank`: the character that the normalizer writes for a blank.
  DirectBpe(Parts parts, std::string_view blank);

  bool PartsDiffer() const override { return false; }
  size_t NextCuts(std::string_view piece, size_t readable, size_t begin, size_t base,
                  std::span<size_t> cuts) const override {
    return parts_.joins.NextCuts(piece, readable, begin, base, cuts);
  }

 private:
  void EncodeGroup(std::span<const Piece> pieces, PieceScratch* piece_scratch, std::vector<TokenId>* ids,
                   std::span<uint32_t> ends) const override;
  // Writes the ids of what is no token in place of symbols from `begin` on.
  void SpellUntold(size_t begin, std::vector<TokenId>* ids) const;
  void AppendFirstSymbols(std::string_view piece, std::vector<TokenId>* symbols) const;
  void AppendCharacter(char32_t c, std::string_view bytes, std::vector<TokenId>* symbols) const;
  void AppendUnknown(std::string_view bytes, std::vector<TokenId>* ids) const;

  const Parts parts_;
  std::array<TokenId, 128>
      ascii_;  // symbols; kNoToken where there is none, and for a blank that has more than one
  std::vector<TokenId> blank_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_DIRECT_BPE_H_
