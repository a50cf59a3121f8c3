// model/bpe/byte_bpe.h: byte-level BPE over a vocabulary with all 256 bytes: GPT-2 and everything after it.
//
// Model: the bytes of a piece are the first symbols; merging does the rest. In rank mode and with ignore_merges a piece
// that is a token is that token: which matters for tokens that merging does not reach, and those are few.
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_BPE_BYTE_BPE_H_
#define TOK_SRC_MODEL_BPE_BYTE_BPE_H_

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/model/bpe/first_symbols.h"
#include "src/model/bpe/join_filter.h"
#include "src/model/bpe/merge_lanes.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "src/split/word_places.h"

namespace tok {

class ByteBpe final : public PieceModel, public PieceEncoder, public FirstSymbols {
 public:
  struct Scratch final : PieceScratch {
    std::vector<TokenId> symbols;
    MergeScratch merge;
    MergeLanes lanes;
    std::vector<uint64_t> joins;  // bits: neighbours that may be joined
  };

  // `unmerged`: the tokens that pieces are though merging does not reach them.
  struct Tables {
    MergeTable merges;
    BytePairs byte_pairs;
    JoinFilter joins;
    std::vector<TokenId> unmerged;
    uint32_t first_superword = kNoRank;  // what FirstSuperword says
  };
  // `byte_ids` and `tables` belong to `vocabulary`.
  ByteBpe(const Vocabulary& vocabulary, const std::array<TokenId, 256>& byte_ids, Tables tables);

  // The ids of `piece`, valid until the scratch is used again. Of a part of a piece (cut by NextCuts) merges alone
  // decide, though it be a token that they do not reach.
  const std::vector<TokenId>& EncodeIds(std::string_view piece, bool is_part, Scratch* scratch) const;

  bool PartsDiffer() const override { return parts_differ_; }
  size_t NextCuts(std::string_view piece, size_t readable, size_t begin, size_t base,
                  std::span<size_t> cuts) const override {
    return joins_.NextCuts(piece, readable, begin, base, cuts);
  }
  size_t NextWordCuts(std::string_view piece, size_t begin, std::span<size_t> cuts) const override {
    return cuts_words_ ? NextWordPlaces(piece, begin, cuts) : 0;
  }
  const PieceEncoder* piece_encoder() const override { return this; }

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<Scratch>(); }
  absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                      std::vector<PieceToken>* tokens) const override;
  std::string Name() const override;
  bool TokensTile() const override { return true; }
  const MergeTable& merges() const override { return merges_; }
  absl::Status FindFirstSymbols(std::string_view piece, PieceScratch* scratch,
                                std::vector<PieceToken>* symbols) const override;
  ModelTables tables() const override { return {&merges_, &byte_pairs_, &joins_, &unmerged_}; }

 private:
  // The token that a whole piece is by itself, though merging does not reach it; kNoToken for nearly all.
  TokenId UnmergedToken(const Piece& piece) const;
  void EncodeGroup(std::span<const Piece> pieces, PieceScratch* piece_scratch, std::vector<TokenId>* ids,
                   std::span<uint32_t> ends) const override;

  Vocabulary vocabulary_;
  std::array<TokenId, 256> byte_ids_;
  MergeTable merges_;
  BytePairs byte_pairs_;
  JoinFilter joins_;
  bool cuts_words_;  // no merge makes a token with a word place inside
  std::vector<TokenId> unmerged_;
  absl::flat_hash_map<std::string_view, TokenId> unmerged_by_bytes_;  // views into the vocabulary
  bool parts_differ_ = false;
};

// The ids of the 256 single bytes; false if one is missing.
bool FindByteIds(const Vocabulary& vocabulary, std::array<TokenId, 256>* byte_ids);
// The tokens that the merges of their own bytes do not end in, in order of id.
std::vector<TokenId> FindUnmergedTokens(const Vocabulary& vocabulary,
                                        const std::array<TokenId, 256>& byte_ids, const MergeTable& merges);

// The rank of the first merge that makes a token with a word place inside; kNoRank if there is none.
uint32_t FirstSuperword(const MergeTable& merges, const Vocabulary& vocabulary);

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_BYTE_BPE_H_
