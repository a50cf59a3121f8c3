#include "src/model/bpe/merge_symbols.h"

#include <algorithm>
#include <functional>

namespace tok {
namespace {

constexpr uint32_t kNone = 0xFFFFFFFFu;

TokenId IdOf(TokenId symbol) { return symbol; }
TokenId IdOf(const PieceToken& symbol) { return symbol.id; }
TokenId Joined(TokenId, TokenId, TokenId merged) { return merged; }
PieceToken Joined(const PieceToken& left, const PieceToken& right, TokenId merged) {
  return {merged, left.begin, right.end};
}

// What merging reports to, inlined: encoding pays nothing for it.
struct NoReport {
  void operator()(const MergeRule&) const {}
};
struct AppendTo {
  std::vector<MergeRule>* applied;
  void operator()(const MergeRule& rule) const { applied->push_back(rule); }
};

// Whether the best pair is passed over for now.
struct DropsNothing {
  bool operator()() const { return false; }
};
struct DropsAtRandom {
  double probability;
  RandomStream* draws;
  bool operator()() const { return draws->Chance(probability); }
};

template <typename Symbol, typename Report>
size_t MergeLinear(const MergeTable& table, std::span<Symbol> symbols, Report report) {
  uint32_t ranks[kMaxLinearSymbols];  // of symbols i and i+1
  TokenId merged[kMaxLinearSymbols];
  Symbol* const s = symbols.data();
  size_t n_pairs = symbols.size() - 1;
  const auto look_up = [&](size_t i) {
    const MergeRule& rule = table.Find(IdOf(s[i]), IdOf(s[i + 1]));
    ranks[i] = rule.rank;
    merged[i] = rule.merged;
  };
  for (size_t i = 0; i < n_pairs; ++i) look_up(i);
  while (n_pairs > 0) {
    size_t best = 0;
    for (size_t i = 1; i < n_pairs; ++i) best = ranks[i] < ranks[best] ? i : best;
    if (ranks[best] == kNoRank) break;
    report({IdOf(s[best]), IdOf(s[best + 1]), ranks[best], merged[best]});
    s[best] = Joined(s[best], s[best + 1], merged[best]);
    --n_pairs;
    for (size_t i = best + 1; i <= n_pairs; ++i) s[i] = s[i + 1];
    for (size_t i = best + 1; i < n_pairs; ++i) {
      ranks[i] = ranks[i + 1];
      merged[i] = merged[i + 1];
    }
    if (best > 0) look_up(best - 1);
    if (best < n_pairs) look_up(best);
  }
  return n_pairs + 1;
}

template <typename Symbol, typename Report, typename Drops = DropsNothing>
void MergeWithAgenda(const MergeTable& table, std::vector<Symbol>* symbols, MergeScratch* scratch,
                     Report report, Drops drops = {}) {
  std::vector<Symbol>& s = *symbols;
  const auto n = static_cast<uint32_t>(s.size());
  std::vector<uint32_t>&previous = scratch->previous, &next = scratch->next;
  previous.resize(n);
  next.resize(n);
  std::vector<uint64_t>& agenda = scratch->agenda;
  agenda.clear();
  scratch->dropped.clear();
  const auto entry = [&](uint32_t left, uint32_t right) -> uint64_t {
    const uint32_t rank = table.Find(IdOf(s[left]), IdOf(s[right])).rank;
    return uint64_t{rank} << 32 | left;
  };
  constexpr uint64_t kNoMerge = uint64_t{kNoRank} << 32;
  for (uint32_t i = 0; i < n; ++i) {
    previous[i] = i == 0 ? kNone : i - 1;
    next[i] = i + 1 == n ? kNone : i + 1;
    if (i + 1 < n) {
      if (const uint64_t e = entry(i, i + 1); e < kNoMerge) agenda.push_back(e);
    }
  }
  std::make_heap(agenda.begin(), agenda.end(), std::greater<>());
  const auto push = [&](uint32_t left, uint32_t right) {
    if (const uint64_t e = entry(left, right); e < kNoMerge) {
      agenda.push_back(e);
      std::push_heap(agenda.begin(), agenda.end(), std::greater<>());
    }
  };
  while (!agenda.empty()) {
    std::pop_heap(agenda.begin(), agenda.end(), std::greater<>());
    const uint64_t best = agenda.back();
    agenda.pop_back();
    if (drops()) {
      scratch->dropped.push_back(best);
      continue;
    }
    for (const uint64_t dropped : scratch->dropped) {
      agenda.push_back(dropped);
      std::push_heap(agenda.begin(), agenda.end(), std::greater<>());
    }
    scratch->dropped.clear();
    const auto left = static_cast<uint32_t>(best);
    const auto rank = static_cast<uint32_t>(best >> 32);
    const uint32_t right = next[left];
    // Entries are not removed when a neighbour changes: one is current only if its pair still has its rank. A symbol
    // that was merged away is marked by next == itself.
    if (right == kNone || right == left) continue;
    const MergeRule& rule = table.Find(IdOf(s[left]), IdOf(s[right]));
    if (rule.rank != rank) continue;
    report(rule);
    s[left] = Joined(s[left], s[right], rule.merged);
    next[left] = next[right];
    next[right] = right;
    if (next[left] != kNone) {
      previous[next[left]] = left;
      push(left, next[left]);
    }
    if (previous[left] != kNone) push(previous[left], left);
  }
  size_t n_left = 0;
  for (uint32_t i = 0; i != kNone; i = next[i]) s[n_left++] = s[i];
  s.resize(n_left);
}

template <typename Symbol, typename Report = NoReport>
void MergeAny(const MergeTable& table, std::vector<Symbol>* symbols, MergeScratch* scratch,
              Report report = {}) {
  if (symbols->size() < 2) return;
  if (symbols->size() <= kMaxLinearSymbols) {
    return symbols->resize(MergeLinear(table, std::span<Symbol>(*symbols), report));
  }
  MergeWithAgenda(table, symbols, scratch, report);
}

}  // namespace

void MergeSymbols(const MergeTable& table, std::vector<TokenId>* symbols, MergeScratch* scratch) {
  MergeAny(table, symbols, scratch);
}
size_t MergeFewSymbols(const MergeTable& table, std::span<TokenId> symbols) {
  return MergeLinear(table, symbols, NoReport());
}
void MergeSymbols(const MergeTable& table, std::vector<PieceToken>* symbols, MergeScratch* scratch) {
  MergeAny(table, symbols, scratch);
}
void MergeSymbolsAtRandom(const MergeTable& table, double probability, RandomStream* draws,
                          std::vector<PieceToken>* symbols, MergeScratch* scratch) {
  if (symbols->empty()) return;
  MergeWithAgenda(table, symbols, scratch, NoReport(), DropsAtRandom{probability, draws});
}
void MergeSymbols(const MergeTable& table, std::vector<TokenId>* symbols, MergeScratch* scratch,
                  std::vector<MergeRule>* applied) {
  MergeAny(table, symbols, scratch, AppendTo{applied});
}

}  // namespace tok
