// model/bpe/merge_lanes.h: the merge loop for many short pieces side by side.
//
// Model: what MergeSymbols does, with pieces of at most kMaxSymbols bytes in lanes that take turns. A merge makes two new
// pairs whose rules lie anywhere in a table of megabytes: they are prefetched, and by the time it is the lane's turn
// again they have arrived. One piece alone would wait for memory at every merge. All lanes of a width (16 symbols or 32)
// run the same steps however long their pieces are: loops of unpredictable length cost more than the symbols they would
// save.
// Cost: per merge one minimum of 16 or 32 numbers and two look-ups; no allocation.
// Threads: lanes belong to one thread.
#ifndef TOK_SRC_MODEL_BPE_MERGE_LANES_H_
#define TOK_SRC_MODEL_BPE_MERGE_LANES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "src/model/bpe/byte_pairs.h"
#include "src/model/bpe/merge_table.h"
#include "tok/types.h"

namespace tok {

class MergeLanes {
 public:
  static constexpr size_t kMaxLanes = 32;
  static constexpr unsigned kMaxSymbols = 32;

  void Clear(const MergeTable& table) {
    n_lanes_ = 0;
    nothing_ = table.BeginNothing();
  }
  // A piece of 1 to kMaxSymbols bytes; byte_ids[b] is the symbol of byte b. At most kMaxLanes times.
  void Add(const BytePairs& byte_pairs, const std::array<TokenId, 256>& byte_ids, std::string_view piece);
  // The same of 1 to kMaxSymbols symbols of any kind.
  void Add(const MergeTable& table, std::span<const TokenId> symbols);
  void Merge(const MergeTable& table);
  // Appends the symbols that are left of a lane.
  void AppendTo(std::vector<TokenId>* ids, size_t lane) const;

 private:
  // A symbol stays where its first byte is: byte i at place i + 1. Places of bytes that were merged into it are dead. Place
  // 0 and the last one hold no symbol: what the first and the last of a piece have as neighbours.
  static constexpr unsigned kNarrow = 16, kWide = kMaxSymbols;
  static constexpr unsigned kPlaces = kMaxSymbols + 2, kBehindAll = kPlaces - 1;
  struct Lane {
    // Of the pair of a symbol and the next one: rank and place in one number, in the order in which pairs merge. Signed,
    // because that is what vectors compare fast. Of narrow lanes the places of kNarrow bytes only.
    int32_t keys[kPlaces];
    TokenId merged[kPlaces];
    TokenId symbols[kPlaces];
    uint64_t live;  // bit i: a symbol is at place i; and the bits of place 0 and the last one
    // The pairs that the last merge made: the places of their left symbols, and the searches for their rules.
    struct Pair {
      unsigned place;
      MergeTable::Search search;
    } changed[2];
    bool is_wide;
  };
  // Lanes that still merge.
  struct Unfinished {
    size_t n = 0;
    Lane* lanes[kMaxLanes];
  };
  // No pair begins at place kMaxSymbols.
  static int32_t KeyOf(uint32_t rank, unsigned place) {
    static_assert(kMaxSymbols == 32 && kRankLimit < uint32_t{1} << 27);
    return static_cast<int32_t>((rank << 5 | place) ^ 0x80000000u);
  }
  static unsigned PlaceOf(int32_t key) { return static_cast<unsigned>(key) % kMaxSymbols; }
  // A lane of `n` symbols; `rule_at(i)` has the rank and the merged symbol of symbols i and i + 1.
  template <typename SymbolAt, typename RuleAt>
  void AddLane(unsigned n, SymbolAt symbol_at, RuleAt rule_at);
  static void LookUp(const MergeTable& table, const Lane::Pair& pair, Lane* lane);
  static void LookUpAll(const MergeTable& table, const Unfinished& unfinished);
  // One merge; false if there is none left.
  template <unsigned kWidth>
  static bool MergeBest(const MergeTable& table, const MergeTable::Search& nothing, Lane* lane);
  template <unsigned kWidth>
  static void MergeBestOfAll(const MergeTable& table, const MergeTable::Search& nothing,
                             Unfinished* unfinished);

  size_t n_lanes_ = 0;
  MergeTable::Search nothing_ = {};
  std::array<Lane, kMaxLanes> lanes_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_MERGE_LANES_H_
