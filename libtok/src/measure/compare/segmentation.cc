#include "src/measure/compare/segmentation.h"

#include <algorithm>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Whether the boundaries inside `run` are all its places that are `first` behind its begin and then every `step`.
bool AreEvery(std::span<const uint64_t> boundaries, const Span& run, uint64_t first, uint64_t step) {
  uint64_t place = run.begin + first;
  for (const uint64_t boundary : boundaries) {
    if (boundary != place) return false;
    place += step;
  }
  return place >= run.end;
}

// Whether those places are all among the boundaries.
bool HoldEvery(std::span<const uint64_t> boundaries, const Span& run, uint64_t first, uint64_t step) {
  size_t b = 0;
  for (uint64_t place = run.begin + first; place < run.end; place += step) {
    while (b < boundaries.size() && boundaries[b] < place) ++b;
    if (b == boundaries.size() || boundaries[b] != place) return false;
  }
  return true;
}

}  // namespace

uint64_t CountContinuedWords(const TokenLayout& layout, const TextUnits& units) {
  UnitSweep sweep(layout);
  uint64_t n_continued = 0;
  for (const Span& word : units.words) n_continued += !sweep.Boundaries(word).empty();
  return n_continued;
}

DigitGrouping GroupingOfDigits(const TokenLayout& layout, const TextUnits& units) {
  constexpr uint64_t kGroup = 3;
  DigitGrouping grouping;
  UnitSweep sweep(layout);
  for (const Span& run : units.digit_runs) {
    const std::span<const uint64_t> boundaries = sweep.Boundaries(run);
    const uint64_t first_from_right = (run.size() - 1) % kGroup + 1;
    const bool from_right = AreEvery(boundaries, run, first_from_right, kGroup),
               from_left = AreEvery(boundaries, run, kGroup, kGroup),
               single = AreEvery(boundaries, run, 1, 1);
    ++grouping.n_runs;
    grouping.n_from_right += from_right;
    grouping.n_from_left += from_left;
    grouping.n_single += single;
    grouping.n_other += !from_right && !from_left && !single;
    grouping.n_aligned += HoldEvery(boundaries, run, first_from_right, kGroup);
  }
  return grouping;
}

Span Trimmer::Trim(Span token) {
  if (token == last_) return last_trimmed_;
  last_ = token;
  while (token.begin < token.end) {
    const DecodedChar c = DecodeUtf8(text_, token.begin);
    if (!IsWhiteSpace(c.code_point)) break;
    token.begin = std::min(token.end, token.begin + c.n_bytes);
  }
  while (token.begin < token.end) {
    const DecodedChar c = DecodeUtf8Before(text_.substr(0, token.end), token.end);
    if (!IsWhiteSpace(c.code_point)) break;
    token.end = std::max(token.begin, token.end - c.n_bytes);
  }
  return last_trimmed_ = token;
}

IdentifierCounts CountIdentifiers(std::string_view text, const TokenLayout& layout, const TextUnits& units) {
  const std::vector<Span>& identifiers = units.identifiers;
  IdentifierCounts counts;
  counts.n_identifiers = identifiers.size();
  // Tokens begun less tokens ended that reach out of the identifiers they touch, which then are not clean.
  std::vector<int64_t> unclean(identifiers.size() + 1, 0);
  Trimmer trimmer(text);
  size_t first = 0;  // identifier that has not ended before the token
  for (const Span& token : layout.tokens) {
    while (first < identifiers.size() && identifiers[first].end <= token.begin) ++first;
    const auto begins_before = [&](const Span& identifier) { return identifier.begin < token.end; };
    const auto last =
        static_cast<size_t>(std::partition_point(identifiers.begin() + static_cast<ptrdiff_t>(first),
                                                 identifiers.end(), begins_before) -
                            identifiers.begin());
    if (first == last) continue;
    const Span inked = trimmer.Trim(token);
    const bool reaches_out =
        last - first > 1 || inked.begin < identifiers[first].begin || inked.end > identifiers[first].end;
    if (!reaches_out) continue;
    ++unclean[first];
    --unclean[last];
  }
  int64_t n_open = 0;
  for (size_t i = 0; i < identifiers.size(); ++i) {
    n_open += unclean[i];
    counts.n_clean += n_open == 0;
  }
  counts.n_tokens = CountTokensOf(layout, identifiers);
  UnitSweep sweep(layout);
  for (const Span& identifier : identifiers) counts.n_whole += sweep.CountTokens(identifier) == 1;
  return counts;
}

}  // namespace tok
