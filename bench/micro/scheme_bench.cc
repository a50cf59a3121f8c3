// Schemes without the piece cache: the pieces of a text as they come, as many at a time as the cache asks for.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/micro/bench_text.h"
#include "src/model/piece_model.h"
#include "src/split/pre_tokenizer.h"
#include "tok/formats.h"
#include "tok/scheme.h"

namespace tok {
namespace {

constexpr size_t kTogether = 32;

void BM_Scheme(benchmark::State& state, const char* name) {
  absl::StatusOr<TokenizerSpec> spec = ReadBundled("o200k_base");
  if (!spec.ok()) return state.SkipWithError("no o200k_base");
  spec->scheme = *ParseScheme(name);
  const auto model = spec->scheme.kind == Scheme::Kind::kOwn
                         ? MakeBpeModel(std::get<BpeModelSpec>(spec->model), spec->vocabulary, spec->alphabet)
                         : MakeSchemeModel(*spec);
  const auto pre_tokenizer =
      PreTokenizer::Create(spec->pre_tokenizers, spec->unicode_profile, spec->alphabet);
  if (!model.ok() || !pre_tokenizer.ok()) return state.SkipWithError("no model");
  const std::string text = bench::Text(4 << 20);
  std::vector<PieceEncoder::Piece> pieces;
  size_t ends[256], begin = 0;
  SplitState split;
  while (const size_t n = pre_tokenizer->tiling()->Fill(text, &split, ends, std::size(ends))) {
    for (size_t i = 0; i < n; begin = ends[i++]) {
      pieces.push_back({std::string_view(text).substr(begin, ends[i] - begin), /*is_part=*/false});
    }
  }
  const std::unique_ptr<PieceScratch> scratch = (*model)->MakeScratch();
  std::vector<TokenId> ids;
  size_t n_ids = 0;
  for (auto _ : state) {
    n_ids = 0;
    for (size_t at = 0; at < pieces.size(); at += kTogether) {
      uint32_t id_ends[kTogether];
      const size_t n = std::min(kTogether, pieces.size() - at);
      ids.clear();
      (*model)->piece_encoder()->EncodeTogether(std::span(pieces).subspan(at, n), scratch.get(), &ids,
                                                std::span(id_ends, n));
      n_ids += ids.size();
    }
  }
  state.counters["tokens"] = static_cast<double>(n_ids);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK_CAPTURE(BM_Scheme, own, "own");
BENCHMARK_CAPTURE(BM_Scheme, longest_prefix, "longest-prefix");
BENCHMARK_CAPTURE(BM_Scheme, longest_suffix, "longest-suffix");
BENCHMARK_CAPTURE(BM_Scheme, longest_token, "longest-token");
BENCHMARK_CAPTURE(BM_Scheme, fewest_tokens, "fewest-tokens");
BENCHMARK_CAPTURE(BM_Scheme, weighted, "weighted");

}  // namespace
}  // namespace tok
