#include "src/model/bpe/merge_lanes.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace tok {
namespace {

constexpr int32_t kNoPair = std::numeric_limits<int32_t>::max();

}  // namespace

template <typename SymbolAt, typename RuleAt>
void MergeLanes::AddLane(unsigned n, SymbolAt symbol_at, RuleAt rule_at) {
  Lane& lane = lanes_[n_lanes_++];
  std::fill(lane.keys, lane.keys + kMaxSymbols, kNoPair);
  lane.live = (uint32_t{1} << n) - 1;
  for (unsigned i = 0; i < n; ++i) lane.symbols[i] = symbol_at(i);
  for (unsigned i = 0; i + 1 < n; ++i) {
    const auto& rule = rule_at(i);
    lane.keys[i] = KeyOf(rule.rank, i);
    lane.merged[i] = rule.merged;
  }
  lane.symbols[kNowhere] = kNoToken;
  for (unsigned pair = 0; pair < 2; ++pair) {
    lane.left[pair] = lane.right[pair] = kNowhere;
    lane.homes[pair] = empty_slot_;
  }
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

void MergeLanes::LookUp(const MergeTable& table, unsigned pair, Lane* lane) {
  const unsigned left = lane->left[pair], right = lane->right[pair];
  const MergeRule& rule = table.FindFrom(lane->homes[pair], lane->symbols[left], lane->symbols[right]);
  lane->keys[left] = KeyOf(rule.rank, left);
  lane->merged[left] = rule.merged;
}

bool MergeLanes::Step(const MergeTable& table, size_t empty_slot, Lane* lane) {
  LookUp(table, 0, lane);
  LookUp(table, 1, lane);
  int32_t best = kNoPair;
  for (unsigned i = 0; i < kMaxSymbols; ++i) best = std::min(best, lane->keys[i]);
  if (best >= KeyOf(kRankLimit, 0)) return false;
  const unsigned place = static_cast<unsigned>(best) % kMaxSymbols;
  const uint32_t behind = lane->live & (~uint32_t{1} << place);
  const auto gone = static_cast<unsigned>(std::countr_zero(behind));
  const uint32_t before = lane->live & ((uint32_t{1} << place) - 1), after = behind & (behind - 1);
  lane->symbols[place] = lane->merged[place];
  lane->live ^= uint32_t{1} << gone;
  lane->keys[gone] = kNoPair;
  lane->keys[place] = kNoPair;
  const unsigned previous = before == 0 ? kNowhere : static_cast<unsigned>(std::bit_width(before)) - 1;
  const unsigned next = after == 0 ? kNowhere : static_cast<unsigned>(std::countr_zero(after));
  const size_t home_before = table.Home(lane->symbols[previous], lane->symbols[place]);
  const size_t home_after = table.Home(lane->symbols[place], lane->symbols[next]);
  lane->homes[0] = before == 0 ? empty_slot : home_before;
  lane->homes[1] = after == 0 ? empty_slot : home_after;
  lane->left[0] = static_cast<uint8_t>(previous);
  lane->right[0] = static_cast<uint8_t>(place);
  lane->left[1] = static_cast<uint8_t>(after == 0 ? kNowhere : place);
  lane->right[1] = static_cast<uint8_t>(next);
  table.Prefetch(lane->homes[0]);
  table.Prefetch(lane->homes[1]);
  return true;
}

void MergeLanes::Merge(const MergeTable& table) {
  uint32_t unfinished = n_lanes_ == 0 ? 0 : ~uint32_t{0} >> (kMaxLanes - n_lanes_);
  while (unfinished != 0) {
    for (uint32_t turn = unfinished; turn != 0; turn &= turn - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(turn));
      if (!Step(table, empty_slot_, &lanes_[i])) unfinished ^= uint32_t{1} << i;
    }
  }
}

void MergeLanes::AppendTo(std::vector<TokenId>* ids, size_t lane) const {
  for (uint32_t live = lanes_[lane].live; live != 0; live &= live - 1) {
    ids->push_back(lanes_[lane].symbols[std::countr_zero(live)]);
  }
}

}  // namespace tok
