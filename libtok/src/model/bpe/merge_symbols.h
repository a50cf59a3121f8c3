// model/bpe/merge_symbols.h: the merge loop: symbols in, merged symbols out.
//
// Model: while any neighbours have a rule, the leftmost pair of lowest rank becomes one symbol. That is what the
// agendas of Hugging Face `tokenizers` and tiktoken compute too.
// A symbol is a TokenId, or a PieceToken where the byte range must be known.
// Cost: at most kMaxLinearSymbols: O(n^2) on two small arrays, no allocation. Above: O(n log n) with a heap; 28 bytes
// a symbol.
// Threads: the scratch belongs to one thread.
#ifndef TOK_SRC_MODEL_BPE_MERGE_SYMBOLS_H_
#define TOK_SRC_MODEL_BPE_MERGE_SYMBOLS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "src/base/random_stream.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "tok/types.h"

namespace tok {

inline constexpr size_t kMaxLinearSymbols = 32;

struct MergeScratch {
  // A pair that may merge, best first: rank in the upper, position of the left symbol in the lower half.
  std::vector<uint64_t> agenda;
  std::vector<uint32_t> previous, next;
  std::vector<uint64_t> dropped;  // of the agenda, until something merges
};

void MergeSymbols(const MergeTable& table, std::vector<TokenId>* symbols, MergeScratch* scratch);
// In place, of 1 to kMaxLinearSymbols. Returns how many are left.
size_t MergeFewSymbols(const MergeTable& table, std::span<TokenId> symbols);
void MergeSymbols(const MergeTable& table, std::vector<PieceToken>* symbols, MergeScratch* scratch);
// BPE-dropout: each time that a pair is the best one left, it is passed over with this probability, until another has
// merged. That is how Hugging Face `tokenizers` reads Provilkov et al. (2020). O(n log n / (1 - probability)) expected.
void MergeSymbolsAtRandom(const MergeTable& table, double probability, RandomStream* draws,
                          std::vector<PieceToken>* symbols, MergeScratch* scratch);
// Appends each rule to `applied` as it is applied, for those who ask how a token is made.
void MergeSymbols(const MergeTable& table, std::vector<TokenId>* symbols, MergeScratch* scratch,
                  std::vector<MergeRule>* applied);

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_MERGE_SYMBOLS_H_
