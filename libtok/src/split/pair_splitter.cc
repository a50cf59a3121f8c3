#include "src/split/pair_splitter.h"

#include <algorithm>

#include "src/base/status_macros.h"
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

absl::StatusOr<std::shared_ptr<const Splitter>> MakePairSplitter(const CutPairs& pairs) {
  TOK_ASSIGN_OR_RETURN(const InstructionSet set, ChosenInstructionSet());
  return MakePairSplitter(pairs, set);
}

std::shared_ptr<const Splitter> MakePairSplitter(const CutPairs& pairs, InstructionSet set) {
  if (!RunsHere(set)) return nullptr;
  switch (set) {
#if defined(__x86_64__)
    case InstructionSet::kAvx2: return MakeAvx2PairScanner(pairs);
    case InstructionSet::kAvx512: return MakeAvx512PairScanner(pairs);
#elif defined(__aarch64__)
    case InstructionSet::kNeon: return MakeNeonPairScanner(pairs);
#endif
    default: return std::make_shared<ReferencePairSplitter>(pairs);
  }
}

}  // namespace tok
