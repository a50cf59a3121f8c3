// format/json_to_sentencepiece.h: a Hugging Face tokenizer in SentencePiece's terms, where it has them.
//
// Model: the inverse of sentencepiece_to_json.h, for its own files and for those that `transformers` makes of
// SentencePiece models (Prepend and Replace, or Metaspace). What SentencePiece cannot say is refused; where the two
// read the same rules differently, a warning names the texts.
// BPE: a list of merges becomes scores, one step down a merge. SentencePiece merges any neighbours that form a piece,
// so the scores say the list only if the pair that each piece comes from is the same by both (its canonical rule, see
// model/bpe/merge_derivation.h): it is not for a piece that the list does not reach although two pieces spell it, and
// for one that the list merges from a special token. Pieces that hold a user-defined symbol are left out of that: the
// symbol is cut out of the text first, so that nothing becomes them.
// Errors: TOK-E026 names what a .model cannot say; TOK-E030 for merges made to be slow.
// Cost: two mergings of each BPE piece. Threads: pure functions.
#ifndef TOK_SRC_FORMAT_JSON_TO_SENTENCEPIECE_H_
#define TOK_SRC_FORMAT_JSON_TO_SENTENCEPIECE_H_

#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/vocabulary.h"

namespace tok {

// `spec` has none of SentencePiece's rules. What they may do differently is added to its warnings.
absl::StatusOr<TokenizerSpec> WithSentencePieceRules(const TokenizerSpec& spec);

// `pieces` with scores by which SentencePiece merges as the list of `bpe` does. Kinds are SentencePiece's; `spec` names
// the tokenizer.
absl::StatusOr<Vocabulary> ScoredByMerges(const TokenizerSpec& spec, const BpeModelSpec& bpe,
                                          const Vocabulary& pieces);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_JSON_TO_SENTENCEPIECE_H_
