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

constexpr size_t kPiecesAtOnce = 4096;

// Of neighbouring pieces: piece i of them ends at ends[i] in `tokens`.
struct Block {
  std::vector<TokenId> tokens;
  std::vector<size_t> ends;

  // Calls use(i, tokens of piece i) for those that have pairs.
  template <typename Use>
  void ForEachPiece(const Use& use) const {
    size_t begin = 0;
    for (size_t i = 0; i < ends.size(); begin = ends[i++]) {
      if (ends[i] - begin > 1) use(i, std::span(tokens).subspan(begin, ends[i] - begin));
    }
  }
};

}  // namespace

absl::StatusOr<SymbolText> MergePieces(const PieceCounts& counts, const SpellPiece& spell,
                                       const TokenizerSpec& spec, unsigned n_threads, uint64_t* n_tokens) {
  TOK_ASSIGN_OR_RETURN(const MergeTable merges,
                       BuildMergeListTable(std::get<BpeModelSpec>(spec.model), spec.vocabulary));
  std::vector<Block> blocks(counts.n_unique() / kPiecesAtOnce + 1);
  ParallelFor(blocks.size(), n_threads, [&](size_t b) {
    MergeScratch scratch;
    std::vector<TokenId> tokens;
    const size_t end = std::min(counts.n_unique(), (b + 1) * kPiecesAtOnce);
    for (size_t i = b * kPiecesAtOnce; i < end; ++i) {
      tokens.clear();
      spell(counts[i].bytes, &tokens);
      MergeSymbols(merges, &tokens, &scratch);
      blocks[b].tokens.insert(blocks[b].tokens.end(), tokens.begin(), tokens.end());
      blocks[b].ends.push_back(blocks[b].tokens.size());
    }
  });
  const auto for_each_piece = [&](const auto& use) {
    for (size_t b = 0; b < blocks.size(); ++b) {
      blocks[b].ForEachPiece([&](size_t i, std::span<const TokenId> tokens) {
        use(tokens, counts[b * kPiecesAtOnce + i].count);
      });
    }
  };
  SymbolTextBuilder builder;
  for (const Block& block : blocks) *n_tokens += block.tokens.size();
  for_each_piece([&](auto tokens, uint64_t count) { builder.Plan(tokens.size(), count); });
  TOK_RETURN_IF_ERROR(builder.Begin());
  for_each_piece([&](auto tokens, uint64_t count) {
    std::copy(tokens.begin(), tokens.end(), builder.Add(tokens.size(), count).begin());
  });
  return builder.Finish();
}

}  // namespace tok
