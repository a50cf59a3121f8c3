#include "src/model/bpe/merge_lanes.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <limits>

// The minimum of sixteen numbers is three instructions with AVX2 and twenty without.
#if defined(__x86_64__) && defined(__GLIBC__)
#define TOK_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define TOK_VECTOR_CLONES
#endif

namespace tok {
namespace {

constexpr int32_t kNoPair = std::numeric_limits<int32_t>::max();

// Of sixteen numbers.
inline int32_t Minimum(const int32_t* numbers) {
  using Four = int32_t __attribute__((vector_size(16)));
  using Eight = int32_t __attribute__((vector_size(32)));
  Eight low, high;
  std::memcpy(&low, numbers, sizeof(low));
  std::memcpy(&high, numbers + 8, sizeof(high));
  const Eight eight = low < high ? low : high;
  const Four front = __builtin_shufflevector(eight, eight, 0, 1, 2, 3);
  const Four back = __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  Four least = front < back ? front : back;
  const Four crossed = __builtin_shufflevector(least, least, 2, 3, 0, 1);
  least = least < crossed ? least : crossed;
  return std::min(least[0], least[1]);
}

}  // namespace

template <typename SymbolAt, typename RuleAt>
void MergeLanes::AddLane(unsigned n, SymbolAt symbol_at, RuleAt rule_at) {
  Lane& lane = lanes_[n_lanes_++];
  std::fill(std::begin(lane.keys), std::end(lane.keys), kNoPair);
  lane.live = (uint32_t{1} << n) - 1;
  for (unsigned i = 0; i < n; ++i) lane.symbols[i + 1] = symbol_at(i);
  for (unsigned i = 0; i + 1 < n; ++i) {
    const auto& rule = rule_at(i);
    lane.keys[i + 1] = KeyOf(rule.rank, i);
    lane.merged[i + 1] = rule.merged;
  }
  lane.symbols[0] = lane.symbols[kMaxSymbols + 1] = kNoToken;
  for (Lane::Pair& pair : lane.changed) pair = {0, 0, static_cast<uint32_t>(empty_slot_)};
}

void MergeLanes::Add(const BytePairs& byte_pairs, const std::array<TokenId, 256>& byte_ids,
                     std::string_view piece) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(piece.data());
  AddLane(
      static_cast<unsigned>(piece.size()), [&](unsigned i) { return byte_ids[bytes[i]]; },
      [&](unsigned i) -> const BytePairs::Rule& { return byte_pairs.Of(bytes[i], bytes[i + 1]); });
}

void MergeLanes::Add(const MergeTable& table, std::span<const TokenId> symbols) {
  AddLane(
      static_cast<unsigned>(symbols.size()), [&](unsigned i) { return symbols[i]; },
      [&](unsigned i) -> const MergeRule& { return table.Find(symbols[i], symbols[i + 1]); });
}

inline void MergeLanes::LookUp(const MergeTable& table, const Lane::Pair& pair, Lane* lane) {
  const MergeRule& rule = table.FindFrom(pair.home, lane->symbols[pair.left], lane->symbols[pair.right]);
  lane->keys[pair.left] = KeyOf(rule.rank, pair.left - 1);
  lane->merged[pair.left] = rule.merged;
}

// Nothing here branches on what is as good as random: where in the piece the pair is.
inline bool MergeLanes::MergeBest(const MergeTable& table, uint32_t empty_slot, Lane* lane) {
  const int32_t best = Minimum(lane->keys + 1);
  if (best >= KeyOf(kRankLimit, 0)) return false;
  const unsigned bit = static_cast<unsigned>(best) % kMaxSymbols, place = bit + 1;
  const uint32_t before = lane->live & ((uint32_t{1} << bit) - 1);
  const uint32_t behind = lane->live & (~uint32_t{1} << bit), after = behind & (behind - 1);
  const auto gone = static_cast<unsigned>(std::countr_zero(behind | kBehindAll));
  lane->live &= ~(uint32_t{1} << gone);
  lane->symbols[place] = lane->merged[place];
  lane->keys[gone + 1] = kNoPair;
  const auto pair = [&](unsigned left, unsigned right, uint32_t exists) -> Lane::Pair {
    const uint32_t chosen = exists != 0 ? ~0u : 0u;
    const auto home = static_cast<uint32_t>(table.Home(lane->symbols[left], lane->symbols[right]));
    return {left, right, (home & chosen) | (empty_slot & ~chosen)};
  };
  const auto previous = static_cast<unsigned>(std::bit_width(before));
  const auto next = static_cast<unsigned>(std::countr_zero(after | kBehindAll)) + 1;
  lane->changed[0] = pair(previous, place, before);
  lane->changed[1] = pair(place, next, after);
  table.Prefetch(lane->changed[0].home);
  table.Prefetch(lane->changed[1].home);
  return true;
}

TOK_VECTOR_CLONES void MergeLanes::Merge(const MergeTable& table) {
  Lane* unfinished[kMaxLanes];
  size_t n = n_lanes_;
  for (size_t i = 0; i < n; ++i) unfinished[i] = &lanes_[i];
  // In two rounds: numbers stored one by one cannot be loaded as a vector right behind.
  while (n > 0) {
    for (size_t i = 0; i < n; ++i) {
      LookUp(table, unfinished[i]->changed[0], unfinished[i]);
      LookUp(table, unfinished[i]->changed[1], unfinished[i]);
    }
    for (size_t i = n; i-- > 0;) {
      if (!MergeBest(table, static_cast<uint32_t>(empty_slot_), unfinished[i]))
        unfinished[i] = unfinished[--n];
    }
  }
}

void MergeLanes::AppendTo(std::vector<TokenId>* ids, size_t lane) const {
  for (uint32_t live = lanes_[lane].live; live != 0; live &= live - 1) {
    ids->push_back(lanes_[lane].symbols[std::countr_zero(live) + 1]);
  }
}

}  // namespace tok
