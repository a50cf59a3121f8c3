// Probes of a warm piece cache: seconds per piece when everything hits, by number of distinct pieces.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "src/encode/piece_cache.h"

namespace tok {
namespace {

void BM_Probe(benchmark::State& state) {
  std::mt19937 random(5);
  std::vector<std::string> pieces;
  PieceCache cache;
  for (int64_t i = 0; i < state.range(0); ++i) {
    pieces.push_back(" w" + std::to_string(i * 7919));
    const ShortPieces::Key key = ShortPieces::Key::Of(pieces.back(), pieces.back().size(), false);
    const TokenId id = static_cast<TokenId>(i);
    cache.Insert(key, {&id, 1});
  }
  std::vector<uint32_t> order(1 << 16);
  for (uint32_t& i : order) i = random() % pieces.size();
  std::vector<ShortPieces::Key> keys;
  for (const uint32_t i : order) keys.push_back(ShortPieces::Key::Of(pieces[i], pieces[i].size(), false));
  uint64_t sum = 0;
  for (auto _ : state) {
    for (const ShortPieces::Key& key : keys) {
      const ShortPieces::Entry* entry = cache.short_pieces().Find(key, key.Hash());
      sum += entry == nullptr ? 0 : entry->ids[0];
    }
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * keys.size()));
}
BENCHMARK(BM_Probe)->RangeMultiplier(8)->Range(1 << 9, 1 << 18);

}  // namespace
}  // namespace tok
