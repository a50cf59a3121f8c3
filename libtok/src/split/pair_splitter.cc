#include "src/split/pair_splitter.h"

#include <algorithm>

#include "src/split/pair_scanners.h"

namespace tok {
namespace {

// What the vector scanners are held equal to.
class ReferencePairSplitter final : public Splitter {
 public:
  explicit ReferencePairSplitter(const CutPairs& pairs) : pairs_(pairs) {}

  size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const override {
    state->only_short_characters = false;
    size_t n = 0;
    for (size_t at = state->position + 1; at <= text.size() && n < capacity; ++at) {
      if (at == text.size() || pairs_.CutsBetween(text[at - 1], text[at])) ends[n++] = state->position = at;
    }
    return n;
  }
  std::string Name() const override { return "pair scanner (scalar)"; }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const override {
    return LastCut(pairs_, text, begin, limit);
  }

 private:
  const CutPairs pairs_;
};

}  // namespace

size_t LastCut(const CutPairs& pairs, std::string_view text, size_t begin, size_t limit) {
  for (size_t at = std::min(limit, text.size()); at > begin; --at) {
    if (at < text.size() && pairs.CutsBetween(text[at - 1], text[at])) return at;
  }
  return begin;
}

std::shared_ptr<const Splitter> MakePairSplitter(const CutPairs& pairs, std::string_view isa) {
  if (isa == "scalar") return std::make_shared<ReferencePairSplitter>(pairs);
  if (isa.empty() || isa == "avx512") {
    if (auto scanner = MakeAvx512PairScanner(pairs); scanner != nullptr || !isa.empty()) return scanner;
  }
  if (auto scanner = MakeAvx2PairScanner(pairs); scanner != nullptr || !isa.empty()) return scanner;
  return std::make_shared<ReferencePairSplitter>(pairs);
}

}  // namespace tok
