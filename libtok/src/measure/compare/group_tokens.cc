#include "src/measure/compare/segmentation.h"
#include "src/measure/compare/text_units.h"
#include "tok/measure_compare.h"

namespace tok {

std::vector<uint32_t> GroupTokens(std::string_view text, std::span<const Span> spans) {
  const std::vector<Span> identifiers = FindIdentifiers(text);
  std::vector<uint32_t> groups;
  groups.reserve(spans.size());
  constexpr size_t kNone = SIZE_MAX;
  size_t first = 0, last_identifier = kNone;
  uint32_t group = 0;
  Trimmer trimmer(text);
  for (const Span& span : spans) {
    const Span inked = trimmer.Trim(span);
    while (first < identifiers.size() && identifiers[first].end <= inked.begin) ++first;
    const bool is_inside = inked.begin < inked.end && first < identifiers.size() &&
                           identifiers[first].begin <= inked.begin && inked.end <= identifiers[first].end;
    const size_t identifier = is_inside ? first : kNone;
    const bool joins = identifier != kNone && identifier == last_identifier;
    if (!groups.empty() && !joins) ++group;
    groups.push_back(group);
    last_identifier = identifier;
  }
  return groups;
}

}  // namespace tok
