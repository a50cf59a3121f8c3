// Splitting alone: bytes per second of each pattern family on each instruction set.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/micro/bench_text.h"
#include "src/split/splitter.h"

namespace tok {
namespace {

constexpr const char* kFamilies[] = {"gpt2", "cl100k", "llama3", "qwen", "o200k", "deepseek"};

void BM_Scan(benchmark::State& state) {
  const auto family = static_cast<PatternFamily>(state.range(0));
  const auto splitter = MakeScannerSplitter(family, static_cast<InstructionSet>(state.range(1)));
  if (splitter == nullptr) return state.SkipWithError("not on this machine");
  const std::string text = bench::Text(1 << 20);
  std::vector<size_t> ends(256);
  size_t n_pieces = 0;
  for (auto _ : state) {
    SplitState position;
    while (const size_t n = splitter->Fill(text, &position, ends.data(), ends.size())) n_pieces += n;
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.SetItemsProcessed(static_cast<int64_t>(n_pieces));
  state.SetLabel(std::string(kFamilies[state.range(0)]) + ": " + splitter->Name());
}
BENCHMARK(BM_Scan)->ArgsProduct({{0, 1, 2, 3, 4, 5}, {0, 1, 2, 3}});

}  // namespace
}  // namespace tok
