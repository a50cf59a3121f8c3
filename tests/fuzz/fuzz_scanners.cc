// Every scanner cuts where the reference of its pattern family cuts, whatever the instruction set, and goes on from
// wherever a call stopped; a safe cut splits the work without changing it. First byte: family and capacity.
#include <memory>
#include <vector>

#include "src/split/splitter.h"
#include "tests/fuzz/fuzz_util.h"

namespace tok {
namespace {

constexpr PatternFamily kFamilies[] = {
    PatternFamily::kGpt2,     PatternFamily::kCl100k,     PatternFamily::kLlama3,
    PatternFamily::kQwen,     PatternFamily::kO200k,      PatternFamily::kDeepSeek,
    PatternFamily::kSubwords, PatternFamily::kSuperwords, PatternFamily::kSpacedWords};

std::vector<size_t> Cut(const Splitter& splitter, std::string_view text, size_t capacity) {
  std::vector<size_t> all, some(capacity);
  SplitState state;
  while (const size_t n = splitter.Fill(text, &state, some.data(), capacity)) {
    TOK_FUZZ_CHECK(n <= capacity);
    for (size_t i = 0; i < n; ++i) {
      TOK_FUZZ_CHECK(some[i] > (all.empty() ? 0 : all.back()) && some[i] <= text.size());
      all.push_back(some[i]);
    }
  }
  TOK_FUZZ_CHECK((all.empty() ? 0 : all.back()) == text.size());
  return all;
}

void CheckSafeCut(const Splitter& splitter, std::string_view text, const std::vector<size_t>& ends) {
  const size_t cut = splitter.SafeCut(text, 0, text.size() / 2);
  TOK_FUZZ_CHECK(cut <= text.size() / 2);
  std::vector<size_t> parts = Cut(splitter, text.substr(0, cut), 64);
  for (const size_t end : Cut(splitter, text.substr(cut), 64)) parts.push_back(cut + end);
  TOK_FUZZ_CHECK(parts == ends);
}

}  // namespace
}  // namespace tok

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  const uint8_t choice = input.TakeByte();
  const tok::PatternFamily family = tok::kFamilies[choice % std::size(tok::kFamilies)];
  const size_t capacity = choice % 2 == 0 ? 1 + choice / 16 : 256;
  const std::string_view text = input.rest();

  const std::vector<size_t> expected = tok::Cut(*tok::MakeReferenceSplitter(family), text, 256);
  for (const tok::InstructionSet set : tok::kInstructionSets) {
    const auto splitter = tok::MakeScannerSplitter(family, set);
    if (splitter == nullptr) continue;  // not on this machine
    TOK_FUZZ_CHECK(tok::Cut(*splitter, text, capacity) == expected);
    tok::CheckSafeCut(*splitter, text, expected);
  }
  return 0;
}
