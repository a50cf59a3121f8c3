#include "src/model/bpe/merge_lanes.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <limits>

// The minimum of sixteen numbers is a few instructions with AVX2 and twenty without. (gcc 12 chooses the clone before
// ThreadSanitizer is ready, which ends the program.)
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_THREAD__)
#define TOK_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define TOK_VECTOR_CLONES
#endif

namespace tok {
namespace {

constexpr int32_t kNoPair = std::numeric_limits<int32_t>::max();

// Of sixteen numbers, or thirty-two.
template <unsigned kNumbers>
inline int32_t Minimum(const int32_t* numbers) {
  using Four = int32_t __attribute__((vector_size(16)));
  using Eight = int32_t __attribute__((vector_size(32)));
  Eight eight, other;
  std::memcpy(&eight, numbers, sizeof(eight));
  for (unsigned from = 8; from < kNumbers; from += 8) {
    std::memcpy(&other, numbers + from, sizeof(other));
    eight = eight < other ? eight : other;
  }
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
  lane.is_wide = n > kNarrow;
  std::fill_n(lane.keys, kNarrow + 2, kNoPair);
  if (lane.is_wide) std::fill_n(lane.keys + kNarrow + 2, kWide - kNarrow, kNoPair);
  lane.live = ((uint64_t{2} << n) - 1) | uint64_t{1} << kBehindAll;
  for (unsigned i = 0; i < n; ++i) lane.symbols[i + 1] = symbol_at(i);
  for (unsigned i = 0; i + 1 < n; ++i) {
    const auto& rule = rule_at(i);
    lane.keys[i + 1] = KeyOf(rule.rank, i + 1);
    lane.merged[i + 1] = rule.merged;
  }
  lane.symbols[0] = lane.symbols[kBehindAll] = kNoToken;
  for (Lane::Pair& pair : lane.changed) pair = {0, nothing_};
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
  const MergeRule& rule = table.Finish(pair.search);
  lane->keys[pair.place] = KeyOf(rule.rank, pair.place);
  lane->merged[pair.place] = rule.merged;
}

inline void MergeLanes::LookUpAll(const MergeTable& table, const Unfinished& unfinished) {
  for (size_t i = 0; i < unfinished.n; ++i) {
    LookUp(table, unfinished.lanes[i]->changed[0], unfinished.lanes[i]);
    LookUp(table, unfinished.lanes[i]->changed[1], unfinished.lanes[i]);
  }
}

// Nothing here branches on what is as good as random: where in the piece the pair is.
template <unsigned kWidth>
inline bool MergeLanes::MergeBest(const MergeTable& table, const MergeTable::Search& nothing, Lane* lane) {
  const int32_t best = Minimum<kWidth>(lane->keys + 1);
  if (best >= KeyOf(kRankLimit, 0)) return false;
  const unsigned place = PlaceOf(best);
  const uint64_t before = lane->live & ((uint64_t{1} << place) - 1);
  const uint64_t behind = lane->live & (~uint64_t{1} << place), after = behind & (behind - 1);
  // None of the three is 0, because of the first and the last bit: what <bit> offers would look.
  const auto gone = static_cast<unsigned>(__builtin_ctzll(behind));
  const auto previous = 63 - static_cast<unsigned>(__builtin_clzll(before));
  const auto next = static_cast<unsigned>(__builtin_ctzll(after));
  lane->live ^= behind ^ after;
  const TokenId merged = lane->merged[place];
  lane->symbols[place] = merged;
  lane->keys[gone] = kNoPair;
  const auto search = [&](TokenId left, TokenId right, bool exists) {
    MergeTable::Search found = table.Begin(left, right);
    found.bucket = nothing.bucket + ((found.bucket - nothing.bucket) & -std::ptrdiff_t{exists});
    MergeTable::Prefetch(found);
    return found;
  };
  lane->changed[0] = {previous, search(lane->symbols[previous], merged, previous != 0)};
  lane->changed[1] = {place, search(merged, lane->symbols[next], next != kBehindAll)};
  return true;
}

template <unsigned kWidth>
inline void MergeLanes::MergeBestOfAll(const MergeTable& table, const MergeTable::Search& nothing,
                                       Unfinished* unfinished) {
  for (size_t i = unfinished->n; i-- > 0;) {
    if (!MergeBest<kWidth>(table, nothing, unfinished->lanes[i]))
      unfinished->lanes[i] = unfinished->lanes[--unfinished->n];
  }
}

TOK_VECTOR_CLONES void MergeLanes::Merge(const MergeTable& table) {
  Unfinished narrow, wide;
  for (size_t i = 0; i < n_lanes_; ++i) {
    Unfinished& unfinished = lanes_[i].is_wide ? wide : narrow;
    unfinished.lanes[unfinished.n++] = &lanes_[i];
  }
  // In two rounds: numbers stored one by one cannot be loaded as a vector right behind.
  while (narrow.n + wide.n > 0) {
    LookUpAll(table, narrow);
    LookUpAll(table, wide);
    MergeBestOfAll<kNarrow>(table, nothing_, &narrow);
    MergeBestOfAll<kWide>(table, nothing_, &wide);
  }
}

void MergeLanes::AppendTo(std::vector<TokenId>* ids, size_t lane) const {
  constexpr uint64_t kSymbols = (uint64_t{1} << kBehindAll) - 2;
  for (uint64_t live = lanes_[lane].live & kSymbols; live != 0; live &= live - 1) {
    ids->push_back(lanes_[lane].symbols[std::countr_zero(live)]);
  }
}

}  // namespace tok
