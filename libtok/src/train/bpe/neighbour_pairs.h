// train/bpe/neighbour_pairs.h: the pairs of neighbouring tokens of a text, one after the other, for several threads.
#ifndef TOK_SRC_TRAIN_BPE_NEIGHBOUR_PAIRS_H_
#define TOK_SRC_TRAIN_BPE_NEIGHBOUR_PAIRS_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "src/train/bpe/pair_key.h"
#include "src/train/bpe/symbol_text.h"

namespace tok {

// Places [begin, end) of a text; begin is behind a piece end.
struct PlaceRange {
  uint32_t begin, end;
};

// Who goes through a text has a table for each part of it: more threads than this would take memory, and the time to add their
// tables up, rather than save any.
inline constexpr unsigned kMostParts = 8;

// The text in at most n parts, and no more than kMostParts, of about the same size, cut at piece ends.
inline std::vector<PlaceRange> CutText(const SymbolText& text, unsigned n) {
  n = std::min(n, kMostParts);
  std::vector<PlaceRange> ranges;
  const auto n_places = static_cast<uint32_t>(text.size());
  uint32_t begin = 1;
  for (unsigned part = 1; part <= n && begin < n_places; ++part) {
    auto end = static_cast<uint32_t>(uint64_t{n_places} * part / n);
    end = std::max(end, begin);
    while (end < n_places && text.data()[end - 1] != SymbolText::kPieceEnd) ++end;
    ranges.push_back({begin, end});
    begin = end;
  }
  return ranges;
}

// Calls use(place, PairKey(left, right), weight) for each two neighbours in a piece; `place` is the left one's. lengths[t]:
// places of token t.
template <typename Use>
void ForEachPair(const SymbolText& text, PlaceRange range, std::span<const uint32_t> lengths,
                 const Use& use) {
  const uint32_t* symbols = text.data();
  SymbolText::WeightCursor weights(text);
  for (uint32_t place = range.begin; place < range.end;) {
    const uint32_t left = symbols[place];
    if (left == SymbolText::kPieceEnd) {
      ++place;
      continue;
    }
    const uint32_t next = place + lengths[left];
    const uint32_t right = symbols[next];
    if (right != SymbolText::kPieceEnd) use(place, PairKey(left, right), weights.At(place));
    place = next;
  }
}

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_NEIGHBOUR_PAIRS_H_
