#include "src/train/bpe/merged_text.h"

#include <algorithm>
#include <span>
#include <variant>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"

namespace tok {
namespace {

constexpr size_t kPiecesAtOnce = 512, kBlocksPerThread = 4;  // few: a budget does not know of them

// Of neighbouring pieces: piece i of them ends at ends[i] in `tokens`.
struct Block {
  std::vector<TokenId> tokens;
  std::vector<size_t> ends;
};

class PieceMerger {
 public:
  PieceMerger(const PieceCounts& counts, const SpellPiece& spell, const MergeTable& merges)
      : counts_(counts), spell_(spell), merges_(merges) {}

  size_t n_blocks() const { return counts_.n_unique() / kPiecesAtOnce + 1; }

  Block Merge(size_t b) const {
    Block block;
    MergeScratch scratch;
    std::vector<TokenId> tokens;
    const size_t end = std::min(counts_.n_unique(), (b + 1) * kPiecesAtOnce);
    for (size_t i = b * kPiecesAtOnce; i < end; ++i) {
      tokens.clear();
      spell_(counts_[i].bytes, &tokens);
      MergeSymbols(merges_, &tokens, &scratch);
      block.tokens.insert(block.tokens.end(), tokens.begin(), tokens.end());
      block.ends.push_back(block.tokens.size());
    }
    return block;
  }

 private:
  const PieceCounts& counts_;
  const SpellPiece& spell_;
  const MergeTable& merges_;
};

}  // namespace

// Merged once to know how long they become, and again to be written: what is between them is in no memory.
absl::StatusOr<SymbolText> MergePieces(const PieceCounts& counts, const SpellPiece& spell,
                                       const TokenizerSpec& spec, unsigned n_threads, ScratchMemory* scratch,
                                       uint64_t* n_tokens) {
  TOK_ASSIGN_OR_RETURN(const MergeTable merges,
                       BuildMergeListTable(std::get<BpeModelSpec>(spec.model), spec.vocabulary));
  const PieceMerger merger(counts, spell, merges);
  ScratchVector<uint32_t> lengths(counts.n_unique(), scratch);
  ParallelFor(merger.n_blocks(), n_threads, [&](size_t b) {
    size_t begin = 0, i = b * kPiecesAtOnce;
    for (const size_t end : merger.Merge(b).ends) {
      lengths[i++] = PieceLength(end - begin);
      begin = end;
    }
  });
  TOK_ASSIGN_OR_RETURN(SymbolTextBuilder builder, PlanPieces(counts, lengths, scratch, n_tokens));
  const size_t n_at_once = kBlocksPerThread * n_threads;
  for (size_t first = 0; first < merger.n_blocks(); first += n_at_once) {
    std::vector<Block> blocks(std::min(n_at_once, merger.n_blocks() - first));
    ParallelFor(blocks.size(), n_threads, [&](size_t b) { blocks[b] = merger.Merge(first + b); });
    for (size_t b = 0; b < blocks.size(); ++b) {
      size_t begin = 0, i = (first + b) * kPiecesAtOnce;
      for (const size_t end : blocks[b].ends) {
        const std::span<const TokenId> tokens = std::span(blocks[b].tokens).subspan(begin, end - begin);
        if (tokens.size() > 1) {
          std::copy(tokens.begin(), tokens.end(), builder.Add(tokens.size(), counts[i].count).begin());
        }
        begin = end;
        ++i;
      }
    }
  }
  return builder.Finish();
}

}  // namespace tok
