#include "src/train/bpe/merge_reference.h"

#include <map>
#include <utility>

namespace tok {
namespace {

using Pair = std::pair<uint32_t, uint32_t>;

std::map<Pair, uint64_t> CountAllPairs(const std::vector<WeightedPiece>& pieces) {
  std::map<Pair, uint64_t> counts;
  for (const WeightedPiece& piece : pieces) {
    for (size_t i = 0; i + 1 < piece.tokens.size(); ++i) {
      counts[{piece.tokens[i], piece.tokens[i + 1]}] += piece.count;
    }
  }
  return counts;
}

void ReplaceInAll(std::vector<WeightedPiece>* pieces, Pair pair, uint32_t token) {
  for (WeightedPiece& piece : *pieces) {
    std::vector<uint32_t> merged;
    for (size_t i = 0; i < piece.tokens.size(); ++i) {
      const bool found = i + 1 < piece.tokens.size() && Pair(piece.tokens[i], piece.tokens[i + 1]) == pair;
      merged.push_back(found ? token : piece.tokens[i]);
      i += found ? 1 : 0;
    }
    piece.tokens = std::move(merged);
  }
}

}  // namespace

std::vector<TokenMerge> MergesByRecounting(std::vector<WeightedPiece>* pieces, uint32_t n_symbols,
                                           const MergeEngine::Options& options) {
  std::vector<TokenMerge> merges;
  while (merges.size() < options.max_merges) {
    // Pairs come in increasing order: of equal counts the first one stays.
    TokenMerge best{0, 0, 0};
    for (const auto& [pair, count] : CountAllPairs(*pieces)) {
      if (count <= best.count || (options.is_vetoed && options.is_vetoed(pair.first, pair.second))) continue;
      best = {pair.first, pair.second, count};
    }
    if (best.count < options.min_count) break;
    if (options.on_merge) options.on_merge(best.left, best.right);
    ReplaceInAll(pieces, {best.left, best.right}, n_symbols + static_cast<uint32_t>(merges.size()));
    merges.push_back(best);
  }
  return merges;
}

}  // namespace tok
