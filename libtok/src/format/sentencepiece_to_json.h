// format/sentencepiece_to_json.h: SentencePiece models in the terms of Hugging Face's tokenizer.json.
//
// Model: the white space rules become Replace and Prepend, the charsmap becomes Precompiled, BPE scores a list of
// merges, user-defined symbols and control pieces added tokens. A symbol is matched behind the normalizer, where
// SentencePiece's models match it, so that it does not cut the text before the dummy prefix is set.
// BPE: SentencePiece merges any neighbours that form a piece. A piece is only ever formed by the pair that merging
// its own characters ends with (see model/bpe/merge_derivation.h), so one merge a piece, by score, gives the same ids;
// of equal scores the leftmost goes first, which a list can say only where the order of the two cannot matter.
// Errors: TOK-E026 names what tokenizer.json cannot say; TOK-E030 for pieces made to be slow.
// Cost: one merging of each BPE piece. Threads: pure functions.
#ifndef TOK_SRC_FORMAT_SENTENCEPIECE_TO_JSON_H_
#define TOK_SRC_FORMAT_SENTENCEPIECE_TO_JSON_H_

#include <vector>

#include "src/model/bpe/merge_table.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// True for a tokenizer with SentencePiece's own normalizer, model or decoder.
bool HasSentencePieceRules(const TokenizerSpec& spec);

// The same tokenizer without those. What Hugging Face's reading of it may do differently is added to its warnings.
absl::StatusOr<TokenizerSpec> WithoutSentencePieceRules(const TokenizerSpec& spec);

// The rule that makes each piece, by id; none for user-defined symbols and for pieces that merging does not reach.
// Pieces marked unused count as pieces. `spec` may hold scores or a list of merges; of scores a side may be no piece (see
// MergeDerivation).
absl::StatusOr<std::vector<MergeRule>> CanonicalRules(const TokenizerSpec& spec);

// The canonical rules by score as a list, in the order in which they apply. Errors: as above.
absl::StatusOr<std::vector<Merge>> MergesByScore(const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_SENTENCEPIECE_TO_JSON_H_
