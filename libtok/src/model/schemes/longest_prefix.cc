#include "src/model/schemes/segmenter.h"

namespace tok {
namespace {

class LongestPrefix final : public Segmenter {
 public:
  explicit LongestPrefix(const TokenMatcher& matcher) : matcher_(matcher) {}

  void Segment(std::string_view piece, size_t begin, RandomStream*, SchemeScratch*,
               SchemeOutput* output) const override {
    for (size_t at = begin; at < piece.size();) {
      const TokenMatcher::Match match = matcher_.LongestAt(piece, at, piece.size());
      const size_t end = at + (match.n_bytes > 0 ? match.n_bytes : matcher_.CharLength(piece, at));
      if (match.n_bytes > 0) {
        output->Known(match.id, at, end);
      } else {
        output->Unknown(at, end);
      }
      at = end;
    }
  }

 private:
  const TokenMatcher& matcher_;
};

}  // namespace

std::unique_ptr<const Segmenter> MakeLongestPrefix(const TokenMatcher& matcher) {
  return std::make_unique<LongestPrefix>(matcher);
}

}  // namespace tok
