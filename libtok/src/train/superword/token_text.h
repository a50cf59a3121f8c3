// train/superword/token_text.h: a corpus as the tokens that the merges of stage 1 make of its pieces.
//
// Model: pieces are encoded one by one, each thread into blocks of its own; the blocks, in no particular order, become one
// SymbolText whose places are tokens. Pieces of one token are left out.
// Memory: 4 bytes a token; with a budget, what does not fit lies in nameless files.
#ifndef TOK_SRC_TRAIN_SUPERWORD_TOKEN_TEXT_H_
#define TOK_SRC_TRAIN_SUPERWORD_TOKEN_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "src/base/scratch_memory.h"
#include "src/train/bpe/symbol_text.h"
#include "src/train/memory_budget.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

struct TokenText {
  SymbolText text;
  uint64_t n_tokens = 0;
  uint64_t n_bytes = 0, n_documents = 0;
};

// `tokenizer` is byte-level BPE. The text is from `scratch` (null: the heap). Errors: those of CutCorpus, and TOK-E030 for more
// than 2^32 tokens.
absl::StatusOr<TokenText> EncodeCorpus(const std::vector<std::string>& inputs, const Tokenizer& tokenizer,
                                       const PieceRules& rules, const CountPiecesOptions& options,
                                       const MemoryBudget& budget, ScratchMemory* scratch);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_SUPERWORD_TOKEN_TEXT_H_
