// train/bpe/merged_text.h: pieces as the tokens that merges make of them: where a training goes on that has begun before.
//
// Cost: that of encoding each different piece twice. Memory beside the result: 4 bytes a piece, and for each thread 48 bytes a
// byte of the longest piece; where the budget has less room than that, fewer threads.
#ifndef TOK_SRC_TRAIN_BPE_MERGED_TEXT_H_
#define TOK_SRC_TRAIN_BPE_MERGED_TEXT_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "src/base/scratch_memory.h"
#include "src/train/bpe/symbol_text.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

// Appends what a piece is before merging. Called by several threads.
using SpellPiece = std::function<void(std::string_view piece, std::vector<TokenId>* tokens)>;

// By the merge list of `spec`. The text is from `scratch` (null: the heap). *n_tokens: in different pieces. Errors: those of the
// merge table; TOK-E030 for too long a text, and for a piece that the budget has no room to merge.
absl::StatusOr<SymbolText> MergePieces(const PieceCounts& counts, const SpellPiece& spell,
                                       const TokenizerSpec& spec, unsigned n_threads, ScratchMemory* scratch,
                                       uint64_t* n_tokens);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_MERGED_TEXT_H_
