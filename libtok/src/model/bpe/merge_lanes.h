// model/bpe/merge_lanes.h: the merge loop for many short pieces side by side.
//
// Model: what MergeSymbols does, with pieces of at most kMaxSymbols bytes in lanes that take turns. A merge makes two new
// pairs whose rules lie anywhere in a table of megabytes: they are prefetched, and by the time it is the lane's turn
// again they have arrived. One piece alone would wait for memory at every merge. All lanes run the same steps however
// long their pieces are: loops of unpredictable length cost more than the symbols they would save.
// Cost: per merge one minimum of kMaxSymbols numbers and two look-ups; no allocation.
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
  static constexpr unsigned kMaxSymbols = 16;

  void Clear(const MergeTable& table) {
    n_lanes_ = 0;
    empty_slot_ = table.EmptySlot();
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
  static constexpr size_t kPlaces = kMaxSymbols + 2;
  static constexpr uint32_t kBehindAll = uint32_t{1} << kMaxSymbols;
  struct Lane {
    // Of the pair of a symbol and the next one: rank and byte in one number, in the order in which pairs merge. Signed,
    // because that is what vectors compare fast.
    int32_t keys[kPlaces];
    TokenId merged[kPlaces];
    TokenId symbols[kPlaces];
    uint32_t live;  // bit i: a symbol begins at byte i
    // The pairs that the last merge made: places, and the slot where the search for their rules begins.
    struct Pair {
      uint32_t left, right, home;
    } changed[2];
  };
  static int32_t KeyOf(uint32_t rank, unsigned byte) {
    return static_cast<int32_t>((rank << 4 | (byte & 15)) ^ 0x80000000u);
  }
  // A lane of `n` symbols; `rule_at(i)` has the rank and the merged symbol of symbols i and i + 1.
  template <typename SymbolAt, typename RuleAt>
  void AddLane(unsigned n, SymbolAt symbol_at, RuleAt rule_at);
  static void LookUp(const MergeTable& table, const Lane::Pair& pair, Lane* lane);
  // One merge; false if there is none left.
  static bool MergeBest(const MergeTable& table, uint32_t empty_slot, Lane* lane);

  size_t n_lanes_ = 0, empty_slot_ = 0;
  std::array<Lane, kMaxLanes> lanes_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_MERGE_LANES_H_
