#include "src/model/schemes/schemes_reference.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tok {
namespace {

class Reference {
 public:
  Reference(const Vocabulary& vocabulary, std::string_view piece) : vocabulary_(vocabulary), piece_(piece) {}

  std::vector<PieceToken> LongestPrefix() const {
    std::vector<PieceToken> tokens;
    for (size_t begin = 0, end; begin < piece_.size(); begin = end) {
      for (end = piece_.size(); Find(begin, end) == kNoToken;) --end;
      tokens.push_back(Token(begin, end));
    }
    return tokens;
  }

  std::vector<PieceToken> LongestSuffix() const {
    std::vector<PieceToken> tokens;
    for (size_t end = piece_.size(), begin; end > 0; end = begin) {
      for (begin = 0; Find(begin, end) == kNoToken;) ++begin;
      tokens.insert(tokens.begin(), Token(begin, end));
    }
    return tokens;
  }

  // The longest token of all free stretches, `max_tokens` times.
  std::vector<PieceToken> LongestToken(uint64_t max_tokens) const {
    std::vector<PieceToken> tokens;
    std::vector<bool> is_taken(piece_.size());
    for (; max_tokens > 0; --max_tokens) {
      PieceToken best{kNoToken, 0, 0};
      for (size_t begin = 0; begin < piece_.size(); ++begin) {
        for (size_t end = begin; end < piece_.size() && !is_taken[end];) {
          ++end;
          const bool is_longer = end - begin > best.end - best.begin;
          if (is_longer && Find(begin, end) != kNoToken) best = Token(begin, end);
        }
      }
      if (best.id == kNoToken) break;
      std::fill(is_taken.begin() + best.begin, is_taken.begin() + best.end, true);
      tokens.push_back(best);
    }
    std::sort(tokens.begin(), tokens.end(),
              [](const PieceToken& a, const PieceToken& b) { return a.begin < b.begin; });
    return tokens;
  }

  // PathPiece as its authors write it: widths of the last token ascending, of equals the later one.
  template <typename Cost>
  std::vector<PieceToken> Cheapest(Cost cost) const {
    std::vector<double> best(piece_.size() + 1, std::numeric_limits<double>::infinity());
    std::vector<size_t> widths(piece_.size() + 1, 0);
    best[0] = 0;
    for (size_t end = 1; end <= piece_.size(); ++end) {
      for (size_t width = 1; width <= end; ++width) {
        const TokenId id = Find(end - width, end);
        if (id == kNoToken || best[end - width] + cost(id) > best[end]) continue;
        best[end] = best[end - width] + cost(id);
        widths[end] = width;
      }
    }
    std::vector<PieceToken> tokens;
    for (size_t end = piece_.size(); end > 0; end -= widths[end]) {
      tokens.insert(tokens.begin(), Token(end - widths[end], end));
    }
    return tokens;
  }

 private:
  TokenId Find(size_t begin, size_t end) const { return vocabulary_.Find(piece_.substr(begin, end - begin)); }
  PieceToken Token(size_t begin, size_t end) const {
    return {Find(begin, end), static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }

  const Vocabulary& vocabulary_;
  const std::string_view piece_;
};

}  // namespace

std::vector<PieceToken> SegmentByReference(const Vocabulary& vocabulary, const Scheme& scheme,
                                           std::string_view piece, const std::vector<double>& costs) {
  const Reference reference(vocabulary, piece);
  switch (scheme.kind) {
    case Scheme::Kind::kLongestPrefix: return reference.LongestPrefix();
    case Scheme::Kind::kLongestSuffix: return reference.LongestSuffix();
    case Scheme::Kind::kLongestToken: return reference.LongestToken(UINT64_MAX);
    case Scheme::Kind::kFlota: return reference.LongestToken(scheme.max_tokens);
    case Scheme::Kind::kWeighted: return reference.Cheapest([&](TokenId id) { return costs[id]; });
    default: return reference.Cheapest([](TokenId) { return 1.0; });
  }
}

}  // namespace tok
