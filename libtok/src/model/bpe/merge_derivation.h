// model/bpe/merge_derivation.h: how BPE makes one token: the rules that merging its own characters applies.
//
// Model: inside a piece, merges across the border of a final token never happen, so what happens inside is what
// merging the token's own characters does. The rule it ends with is the token's canonical one: in any text the token
// comes from that rule or not at all.
// Cost: RulesOf is one MergeSymbols over the token's characters; Create builds the mode's merge table.
// Threads: one at a time; RulesOf uses scratch of its own.
#ifndef TOK_SRC_MODEL_BPE_MERGE_DERIVATION_H_
#define TOK_SRC_MODEL_BPE_MERGE_DERIVATION_H_

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/bpe/sentencepiece_merges.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

class MergeDerivation {
 public:
  // `spec` has a BPE model and outlives the result. Errors: those of the model's merge table.
  static absl::StatusOr<MergeDerivation> Create(const TokenizerSpec& spec);

  // In the order of merging; none for a token that is one character, and for one that its characters do not lead to.
  // In SentencePiece mode a side from the vocabulary's size on is a character that is no piece. Valid until the next
  // call.
  std::span<const MergeRule> RulesOf(TokenId id);

  const MergeTable& table() const { return sentencepiece_ ? sentencepiece_->table() : table_; }

 private:
  explicit MergeDerivation(const TokenizerSpec& spec);
  absl::Status BuildTable();
  // kNoToken if there is none.
  TokenId SymbolOf(std::string_view character, bool is_first, bool is_last) const;

  const TokenizerSpec* spec_;
  const BpeModelSpec* model_;
  MergeTable table_;                                  // unless SentencePiece's
  std::optional<SentencePieceMerges> sentencepiece_;  // its table, and its symbols
  std::vector<TokenId> symbols_;
  std::vector<MergeRule> rules_;
  MergeScratch scratch_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_MERGE_DERIVATION_H_
