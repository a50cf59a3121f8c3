// Finding added tokens in text that has few or none: what every encode call pays first.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/micro/bench_text.h"
#include "src/vocab/added_tokens.h"

namespace tok {
namespace {

enum Set { kChat, kHundredThousand, kWhiteSpaceAndTags, kWords };

std::vector<AddedToken> MakeTokens(int64_t set) {
  std::vector<std::string> contents;
  if (set == kChat) contents = {"<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|start_header_id|>"};
  if (set == kHundredThousand) {
    for (int i = 0; i < 100000; ++i) contents.push_back("<extra_id_" + std::to_string(i) + ">");
  }
  if (set == kWhiteSpaceAndTags) {
    for (size_t n = 1; n < 32; ++n) {
      contents.insert(contents.end(), {std::string(n, '\n'), std::string(n, '\t'), std::string(n + 1, ' ')});
    }
    for (const char* tag : {"<table>", "<tr>", "<td>", "</td>", "<h1>", "<unused0>"}) contents.push_back(tag);
  }
  if (set == kWords) {
    // Every second word of the text's vocabulary from six letters on: nearly all positions are candidates.
    std::string word;
    for (char c : bench::Text(1 << 20)) {
      if (c >= 'a' && c <= 'z') {
        word += c;
      } else {
        if (word.size() >= 6 && word[1] % 2 == 0) contents.push_back(word);
        word.clear();
      }
    }
  }
  std::vector<AddedToken> tokens;
  for (std::string& content : contents) tokens.push_back({.content = std::move(content)});
  return tokens;
}

std::vector<std::string_view> Contents(const std::vector<AddedToken>& tokens) {
  std::vector<std::string_view> contents;
  for (const AddedToken& token : tokens) contents.push_back(token.content);
  return contents;
}

void BM_Scan(benchmark::State& state) {
  const std::vector<AddedToken> tokens = MakeTokens(state.range(0));
  const auto matcher = AddedTokenMatcher::Create(tokens, Contents(tokens));
  if (!matcher.ok()) return state.SkipWithError("no matcher");
  const std::string text = bench::Text(1 << 20);
  size_t n_matches = 0;
  for (auto _ : state) {
    n_matches = 0;
    AddedTokenScan scan(*matcher, text, /*skip_special=*/false);
    for (AddedMatch match; scan.Next(&match);) ++n_matches;
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.counters["matches"] = static_cast<double>(n_matches);
}
BENCHMARK(BM_Scan)->Arg(kChat)->Arg(kHundredThousand)->Arg(kWhiteSpaceAndTags)->Arg(kWords);

void BM_Build(benchmark::State& state) {
  const std::vector<AddedToken> tokens = MakeTokens(kHundredThousand);
  for (auto _ : state) benchmark::DoNotOptimize(AddedTokenMatcher::Create(tokens, Contents(tokens)));
}
BENCHMARK(BM_Build)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tok
