#include "src/model/schemes/segmenter.h"

namespace tok {
namespace {

class LongestSuffix final : public Segmenter {
 public:
  explicit LongestSuffix(const TokenMatcher& matcher) : matcher_(matcher) {}

  void Segment(std::string_view piece, size_t begin, RandomStream*, SchemeScratch* scratch,
               SchemeOutput* output) const override {
    std::vector<SchemeScratch::Step>& steps = scratch->steps;
    steps.clear();
    for (size_t end = piece.size(); end > begin;) {
      const TokenMatcher::Match match = matcher_.LongestBefore(piece, end);
      const size_t at = match.n_bytes > 0 ? end - match.n_bytes : CharacterBegin(piece, begin, end);
      steps.push_back(
          {match.n_bytes > 0 ? match.id : kNoToken, static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
      end = at;
    }
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      if (step->id == kNoToken) {
        output->Unknown(step->begin, step->end);
      } else {
        output->Known(step->id, step->begin, step->end);
      }
    }
  }

 private:
  // Of the character that ends at `end`.
  size_t CharacterBegin(std::string_view piece, size_t begin, size_t end) const {
    size_t at = end - 1;
    while (at > begin && at + matcher_.CharLength(piece, at) != end) --at;
    return at;
  }

  const TokenMatcher& matcher_;
};

}  // namespace

std::unique_ptr<const Segmenter> MakeLongestSuffix(const TokenMatcher& matcher) {
  return std::make_unique<LongestSuffix>(matcher);
}

}  // namespace tok
