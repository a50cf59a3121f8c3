// Whole calls of the public interface: a megabyte, a kilobyte, decoding, and loading a frozen image.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/micro/bench_text.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

void BM_Encode(benchmark::State& state) {
  const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Load("o200k_base");
  if (!tokenizer.ok()) return state.SkipWithError("no o200k_base");
  const std::string text = bench::Text(static_cast<size_t>(state.range(0)));
  std::vector<TokenId> ids;
  for (auto _ : state) {
    ids.clear();
    if (!tokenizer->EncodeTo(text, {}, &ids).ok()) return state.SkipWithError("encode failed");
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(BM_Encode)->Arg(100)->Arg(1 << 10)->Arg(1 << 20)->Arg(16 << 20);

void BM_Decode(benchmark::State& state) {
  const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Load("o200k_base");
  if (!tokenizer.ok()) return state.SkipWithError("no o200k_base");
  const std::string text = bench::Text(1 << 20);
  const absl::StatusOr<std::vector<TokenId>> ids = tokenizer->Encode(text);
  for (auto _ : state) benchmark::DoNotOptimize(tokenizer->Decode(*ids));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(BM_Decode);

void BM_LoadImage(benchmark::State& state) {
  const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Load("o200k_base");
  std::string path = (std::filesystem::temp_directory_path() / "tok_bench_XXXXXX.tok").string();
  const int file = mkstemps(path.data(), 4);
  if (file >= 0) close(file);
  if (!tokenizer.ok() || file < 0 || !tokenizer->Save(path).ok()) return state.SkipWithError("no image");
  for (auto _ : state) benchmark::DoNotOptimize(Tokenizer::Load(path));
  std::remove(path.c_str());
}
BENCHMARK(BM_LoadImage)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tok
