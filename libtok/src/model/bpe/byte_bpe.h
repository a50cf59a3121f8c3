// model/bpe/byte_bpe.h: byte-level BPE over a vocabulary with all 256 bytes: GPT-2 and everything after it.
//
// Model: the bytes of a piece are the first symbols; MergeSymbols does the rest. In rank mode and with ignore_merges
// a piece that is a token is that token, even one that merging cannot reach.
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_BPE_BYTE_BPE_H_
#define TOK_SRC_MODEL_BPE_BYTE_BPE_H_

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/bpe/join_filter.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"

namespace tok {

class ByteBpe final : public PieceModel, public PieceEncoder {
 public:
  struct Scratch final : PieceScratch {
    std::vector<TokenId> symbols;
    MergeScratch merge;
  };

  // `byte_ids`, `merges` and `joins` belong to `vocabulary`.
  ByteBpe(const Vocabulary& vocabulary, const std::array<TokenId, 256>& byte_ids, MergeTable merges,
          JoinFilter joins, bool whole_pieces)
      : vocabulary_(vocabulary),
        byte_ids_(byte_ids),
        merges_(std::move(merges)),
        joins_(std::move(joins)),
        whole_pieces_(whole_pieces) {}

  // The ids of `piece`, valid until the scratch is used again. Of a part of a piece (cut by joins()) merges alone
  // decide, though it be a token that they do not reach.
  const std::vector<TokenId>& EncodeIds(std::string_view piece, bool is_part, Scratch* scratch) const;

  // Where a token of a text ends that begins at byte `begin`. Never beyond `limit`: a forged image may hold merges whose
  // product is longer than its parts, and nothing but spans depends on it.
  size_t EndOf(TokenId id, size_t begin, size_t limit) const {
    return std::min(begin + vocabulary_.Bytes(id).size(), limit);
  }

  void EncodeTogether(std::span<const Piece> pieces, PieceScratch* scratch, std::vector<TokenId>* ids,
                      std::span<uint32_t> ends) const override;
  size_t NextCut(std::string_view piece, size_t begin) const override { return joins_.NextCut(piece, begin); }
  const PieceEncoder* piece_encoder() const override { return this; }

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<Scratch>(); }
  absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                      std::vector<PieceToken>* tokens) const override;
  std::string Name() const override;
  const MergeTable* merges() const override { return &merges_; }
  const JoinFilter* joins() const override { return &joins_; }

 private:
  Vocabulary vocabulary_;
  std::array<TokenId, 256> byte_ids_;
  MergeTable merges_;
  JoinFilter joins_;
  bool whole_pieces_;
};

// The ids of the 256 single bytes; false if one is missing.
bool FindByteIds(const Vocabulary& vocabulary, std::array<TokenId, 256>* byte_ids);

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_BYTE_BPE_H_
