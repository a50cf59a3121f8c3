// The miss path: byte-level merges of o200k_base without the cache, by length of the piece.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "bench/micro/bench_text.h"
#include "src/model/bpe/byte_bpe.h"
#include "tok/formats.h"

namespace tok {
namespace {

void BM_Merge(benchmark::State& state) {
  absl::StatusOr<TokenizerSpec> spec = ReadBundled("o200k_base");
  std::array<TokenId, 256> byte_ids;
  if (!spec.ok() || !FindByteIds(spec->vocabulary, &byte_ids)) return state.SkipWithError("no o200k_base");
  absl::StatusOr<MergeTable> merges = BuildRankTable(spec->vocabulary, byte_ids);
  if (!merges.ok()) return state.SkipWithError("no merge table");
  const ByteBpe bpe(spec->vocabulary, byte_ids, *std::move(merges), tok::JoinFilter::Build(spec->vocabulary),
                    /*whole_pieces=*/false);
  ByteBpe::Scratch scratch;
  std::string text = bench::Text(1 << 20);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  const auto n_bytes = static_cast<size_t>(state.range(0));
  size_t at = 0, n_ids = 0;
  for (auto _ : state) {
    if (at + n_bytes > text.size()) at = 0;
    n_ids += bpe.EncodeIds(std::string_view(text).substr(at, n_bytes), false, &scratch).size();
    at += n_bytes;
  }
  benchmark::DoNotOptimize(n_ids);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * n_bytes));
}
BENCHMARK(BM_Merge)->Arg(4)->Arg(8)->Arg(15)->Arg(32)->Arg(64)->Arg(1024)->Arg(1 << 18);

}  // namespace
}  // namespace tok
