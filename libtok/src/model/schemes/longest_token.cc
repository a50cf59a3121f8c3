#include <algorithm>
#include <limits>

#include "src/model/schemes/segmenter.h"

namespace tok {
namespace {

// An agenda holds, for each place that is free, the longest token that begins there: length in the upper half, and in the
// lower the place counted from the end, so that of equals the leftmost comes first. A token that reaches into one that was
// chosen gives way to the longest one before it. Choosing so, the longest first, is the same as cutting at the longest
// token and doing the same on both sides.
class LongestToken final : public Segmenter {
 public:
  LongestToken(const TokenMatcher& matcher, std::optional<uint32_t> max_tokens)
      : matcher_(matcher), max_tokens_(max_tokens) {}

  void Segment(std::string_view piece, size_t begin, RandomStream*, SchemeScratch* scratch,
               SchemeOutput* output) const override {
    std::vector<SchemeScratch::Place>& chosen =
        scratch->places;  // cost != 0: taken; n_bytes: a token begins here
    chosen.assign(piece.size() - begin, {});
    std::vector<uint64_t>& agenda = scratch->agenda;
    agenda.clear();
    const auto propose = [&](size_t at, size_t limit) {
      const TokenMatcher::Match match = matcher_.LongestAt(piece, at, limit);
      if (match.n_bytes == 0) return false;
      chosen[at - begin].id = match.id;
      agenda.push_back(uint64_t{match.n_bytes} << 32 | (piece.size() - at));
      return true;
    };
    for (size_t at = begin; at < piece.size(); ++at) propose(at, piece.size());
    std::make_heap(agenda.begin(), agenda.end());
    for (uint64_t n_left = max_tokens_.value_or(UINT32_MAX); n_left > 0 && !agenda.empty();) {
      const size_t n_bytes = agenda.front() >> 32, at = piece.size() - static_cast<uint32_t>(agenda.front());
      std::pop_heap(agenda.begin(), agenda.end());
      agenda.pop_back();
      const auto place = chosen.begin() + static_cast<std::ptrdiff_t>(at - begin);
      const auto taken = std::find_if(place, place + static_cast<std::ptrdiff_t>(n_bytes),
                                      [](const auto& other) { return other.cost != 0; });
      const auto n_free = static_cast<size_t>(taken - place);
      if (n_free == 0) continue;
      if (n_free < n_bytes) {
        if (propose(at, at + n_free)) std::push_heap(agenda.begin(), agenda.end());
        continue;
      }
      for (auto inside = place; inside != taken; ++inside) inside->cost = 1;
      place->n_bytes = static_cast<uint32_t>(n_bytes);
      --n_left;
    }
    Write(piece, begin, chosen, output);
  }

 private:
  void Write(std::string_view piece, size_t begin, const std::vector<SchemeScratch::Place>& chosen,
             SchemeOutput* output) const {
    for (size_t at = begin; at < piece.size();) {
      const SchemeScratch::Place& place = chosen[at - begin];
      const size_t end = at + (place.n_bytes > 0 ? place.n_bytes : matcher_.CharLength(piece, at));
      if (place.n_bytes > 0) {
        output->Known(place.id, at, end);
      } else if (!max_tokens_) {
        output->Unknown(at, end);
      }
      at = end;
    }
  }

  const TokenMatcher& matcher_;
  const std::optional<uint32_t> max_tokens_;
};

}  // namespace

std::unique_ptr<const Segmenter> MakeLongestToken(const TokenMatcher& matcher,
                                                  std::optional<uint32_t> max_tokens) {
  return std::make_unique<LongestToken>(matcher, max_tokens);
}

}  // namespace tok
