// model/bpe/char_bpe.h: BPE over characters (or over an incomplete byte alphabet), with Hugging Face's rules for
// affixes, unknown characters and byte fallback.
//
// Source: the behaviour of the BPE model of Hugging Face `tokenizers` 0.23 (differential tests hold us to it).
// Text that is not cut by any splitter goes through MakeDirect() instead, where its ids follow from parts of it.
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_BPE_CHAR_BPE_H_
#define TOK_SRC_MODEL_BPE_CHAR_BPE_H_

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/bpe/character_table.h"
#include "src/model/bpe/direct_bpe.h"
#include "src/model/bpe/first_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"

namespace tok {

class CharBpe final : public PieceModel, public FirstSymbols {
 public:
  // `joins`: tables().joins of the same model, which has them only if text may be cut.
  CharBpe(const BpeModelSpec& spec, const Vocabulary& vocabulary, VocabularyAlphabet alphabet,
          MergeTable merges, std::optional<JoinFilter> joins);

  std::unique_ptr<PieceScratch> MakeScratch() const override;
  absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                      std::vector<PieceToken>* tokens) const override;
  std::string Name() const override;
  const MergeTable& merges() const override { return merges_; }
  absl::Status FindFirstSymbols(std::string_view piece, PieceScratch* scratch,
                                std::vector<PieceToken>* symbols) const override;
  ModelTables tables() const override {
    return {.merges = &merges_, .joins = joins_.has_value() ? &*joins_ : nullptr};
  }
  std::optional<DirectModel> MakeDirect(std::string_view blank) const override;

 private:
  struct Scratch;
  bool CutsExactly() const;
  bool FallBackToBytes(std::string_view spelling, uint32_t begin, uint32_t end,
                       std::vector<PieceToken>* symbols) const;

  Vocabulary vocabulary_;
  VocabularyAlphabet alphabet_;
  MergeTable merges_;
  std::string continuing_prefix_, word_suffix_;
  std::string unk_token_;
  TokenId unk_id_ = kNoToken;
  bool has_unk_ = false, fuse_unk_ = false, byte_fallback_ = false, ignore_merges_ = false;
  std::array<TokenId, 256> fallback_ids_;
  CharacterTable characters_;        // without affixes
  std::optional<JoinFilter> joins_;  // if text may be cut: see MakeDirect
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_CHAR_BPE_H_
