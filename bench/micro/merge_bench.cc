// The miss path: byte-level merges of o200k_base without the cache, by length of the piece, as many pieces at a time as
// the cache asks for.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "bench/micro/bench_text.h"
#include "src/model/piece_model.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr size_t kTogether = 32;

void BM_Merge(benchmark::State& state) {
  const absl::StatusOr<TokenizerSpec> spec = ReadBundled("o200k_base");
  if (!spec.ok()) return state.SkipWithError("no o200k_base");
  const auto model = MakeBpeModel(std::get<BpeModelSpec>(spec->model), spec->vocabulary, spec->alphabet);
  if (!model.ok()) return state.SkipWithError("no model");
  const std::unique_ptr<PieceScratch> scratch = (*model)->MakeScratch();
  std::string text = bench::Text(1 << 20);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  const auto n_bytes = static_cast<size_t>(state.range(0));
  size_t at = 0, n_pieces = 0;
  std::vector<TokenId> ids;
  for (auto _ : state) {
    PieceEncoder::Piece pieces[kTogether];
    uint32_t ends[kTogether];
    for (PieceEncoder::Piece& piece : pieces) {
      if (at + n_bytes > text.size()) at = 0;
      piece = {std::string_view(text).substr(at, n_bytes), /*is_part=*/false};
      at += n_bytes;
    }
    ids.clear();
    (*model)->piece_encoder()->EncodeTogether(pieces, scratch.get(), &ids, ends);
    n_pieces += kTogether;
  }
  benchmark::DoNotOptimize(ids);
  state.SetItemsProcessed(static_cast<int64_t>(n_pieces));
  state.SetBytesProcessed(static_cast<int64_t>(n_pieces * n_bytes));
}
BENCHMARK(BM_Merge)->Arg(4)->Arg(8)->Arg(15)->Arg(32)->Arg(64)->Arg(1024)->Arg(1 << 18);

}  // namespace
}  // namespace tok
