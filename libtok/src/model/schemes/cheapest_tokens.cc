// Dynamic programme over the ends of tokens, from the left to the right. Of equally cheap ways to a place the one found
// first stays: its last token begins leftmost, so it is the widest (PathPiece's rule L); or each has the same chance (its
// rule R).
#include <utility>

#include "src/model/schemes/segmenter.h"

namespace tok {
namespace {

struct OneEach {
  double operator()(TokenId) const { return 1; }
};
struct CostOfId {
  std::vector<double> costs;
  double operator()(TokenId id) const { return costs[id]; }
};

template <typename Cost>
class CheapestTokens final : public Segmenter {
 public:
  CheapestTokens(const TokenMatcher& matcher, Cost cost, bool random_ties)
      : matcher_(matcher), cost_(std::move(cost)), random_ties_(random_ties) {}

  void Segment(std::string_view piece, size_t begin, RandomStream* draws, SchemeScratch* scratch,
               SchemeOutput* output) const override {
    std::vector<Place>& places = scratch->places;  // places[i] is the place piece[begin + i]
    places.assign(piece.size() - begin + 1, Place{});
    for (size_t at = begin; at < piece.size(); ++at) {
      const Place& from = places[at - begin];
      if (at > begin && from.n_bytes == 0) continue;
      const double cost = from.cost;
      const uint32_t n_unspelled = from.n_unspelled;
      const size_t n_char = matcher_.CharLength(piece, at);
      bool has_char = false;
      matcher_.ForEachAt(piece, at, [&](size_t end, TokenId id) {
        Improve({cost + cost_(id), static_cast<uint32_t>(end - at), id, 1, n_unspelled}, draws,
                &places[end - begin]);
        has_char |= end - at == n_char;
      });
      if (!has_char) {
        const bool has_bytes = matcher_.unspelled().byte_fallback();
        const double more = has_bytes ? UnspelledBytes(piece.substr(at, n_char)) : 0;
        Improve({cost + more, static_cast<uint32_t>(n_char), kNoToken, 1, n_unspelled + !has_bytes}, draws,
                &places[at + n_char - begin]);
      }
    }
    Write(piece, begin, scratch, output);
  }

 private:
  using Place = SchemeScratch::Place;

  double UnspelledBytes(std::string_view character) const {
    double sum = 0;
    for (const char byte : character)
      sum += cost_(matcher_.unspelled().byte(static_cast<unsigned char>(byte)));
    return sum;
  }

  void Improve(const Place& way, RandomStream* draws, Place* place) const {
    const auto order = [](const Place& p) { return std::pair(p.n_unspelled, p.cost); };
    if (place->n_bytes == 0 || order(way) < order(*place)) {
      *place = way;
    } else if (random_ties_ && order(way) == order(*place) && draws->Below(++place->n_ways) == 0) {
      place->n_bytes = way.n_bytes;
      place->id = way.id;
    }
  }

  static void Write(std::string_view piece, size_t begin, SchemeScratch* scratch, SchemeOutput* output) {
    std::vector<SchemeScratch::Step>& steps = scratch->steps;
    steps.clear();
    for (size_t end = piece.size(); end > begin;) {
      const Place& place = scratch->places[end - begin];
      const size_t at = end - place.n_bytes;
      steps.push_back({place.id, static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
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

  const TokenMatcher& matcher_;
  const Cost cost_;
  const bool random_ties_;
};

}  // namespace

std::unique_ptr<const Segmenter> MakeFewestTokens(const TokenMatcher& matcher, bool random_ties) {
  return std::make_unique<CheapestTokens<OneEach>>(matcher, OneEach(), random_ties);
}

std::unique_ptr<const Segmenter> MakeCheapestTokens(const TokenMatcher& matcher, std::vector<double> costs) {
  return std::make_unique<CheapestTokens<CostOfId>>(matcher, CostOfId{std::move(costs)}, false);
}

}  // namespace tok
