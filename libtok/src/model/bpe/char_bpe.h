// model/bpe/char_bpe.h: BPE over characters (or over an incomplete byte alphabet), with Hugging Face's rules for
// affixes, unknown characters and byte fallback.
//
// Source: the behaviour of the BPE model of Hugging Face `tokenizers` 0.23 (differential tests hold us to it).
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_BPE_CHAR_BPE_H_
#define TOK_SRC_MODEL_BPE_CHAR_BPE_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"

namespace tok {

class CharBpe final : public PieceModel {
 public:
  CharBpe(const BpeModelSpec& spec, const Vocabulary& vocabulary, VocabularyAlphabet alphabet,
          MergeTable merges);

  std::unique_ptr<PieceScratch> MakeScratch() const override;
  absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                      std::vector<PieceToken>* tokens) const override;
  std::string Name() const override;
  ModelTables tables() const override { return {.merges = &merges_}; }

 private:
  struct Scratch;
  absl::Status FirstSymbols(std::string_view piece, Scratch* scratch) const;
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
  std::array<TokenId, 128> ascii_ids_;  // of plain ASCII characters without affixes
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_CHAR_BPE_H_
