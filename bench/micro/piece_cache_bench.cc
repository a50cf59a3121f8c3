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
    const PieceKey key = PieceCache::MakeKey(pieces.back(), pieces.back().size());
    const TokenId id = static_cast<TokenId>(i);
    cache.Insert(key, PieceCache::Hash(key), {&id, 1});
  }
  std::vector<uint32_t> order(1 << 16);
  for (uint32_t& i : order) i = random() % pieces.size();
  std::vector<PieceKey> keys;
  for (const uint32_t i : order) keys.push_back(PieceCache::MakeKey(pieces[i], pieces[i].size()));
  uint64_t sum = 0;
  for (auto _ : state) {
    for (const PieceKey& key : keys) {
      const PieceCache::Entry* entry = cache.Find(key, PieceCache::Hash(key));
      sum += entry == nullptr ? 0 : entry->ids[0];
    }
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * keys.size()));
}
BENCHMARK(BM_Probe)->RangeMultiplier(8)->Range(1 << 9, 1 << 18);

}  // namespace
}  // namespace tok
