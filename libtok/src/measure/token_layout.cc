#include "src/measure/token_layout.h"

#include <algorithm>
#include <tuple>

namespace tok {
namespace {

// Nearly always it is in order already.
template <typename T, typename Less>
void SortIfNeeded(std::vector<T>* values, Less less) {
  if (!std::is_sorted(values->begin(), values->end(), less)) std::sort(values->begin(), values->end(), less);
}

}  // namespace

TokenLayout TokenLayout::Of(std::span<const Span> spans, uint64_t n_bytes) {
  TokenLayout layout;
  layout.tokens.reserve(spans.size());
  for (const Span& span : spans) {
    if (span.begin < span.end) layout.tokens.push_back(span);
  }
  SortIfNeeded(&layout.tokens, [](const Span& a, const Span& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  layout.begins.reserve(layout.tokens.size());
  layout.ends.reserve(layout.tokens.size());
  for (const Span& token : layout.tokens) {
    layout.begins.push_back(token.begin);
    layout.ends.push_back(token.end);
  }
  SortIfNeeded(&layout.ends, std::less<>());
  for (const uint64_t end : layout.ends) {
    const bool is_new = layout.boundaries.empty() || layout.boundaries.back() != end;
    if (is_new && end < n_bytes) layout.boundaries.push_back(end);
  }
  return layout;
}

uint64_t CountShared(std::span<const uint64_t> a, std::span<const uint64_t> b) {
  uint64_t n_shared = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      ++n_shared;
      ++i;
      ++j;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return n_shared;
}

uint64_t UnitSweep::CountTokens(const Span& unit) {
  // Those that begin before its end, but for those that have ended before it begins.
  while (n_begun_ < layout_.begins.size() && layout_.begins[n_begun_] < unit.end) ++n_begun_;
  while (n_ended_ < layout_.ends.size() && layout_.ends[n_ended_] <= unit.begin) ++n_ended_;
  return n_begun_ - n_ended_;
}

std::span<const uint64_t> UnitSweep::Boundaries(const Span& unit) {
  const std::vector<uint64_t>& all = layout_.boundaries;
  while (boundary_ < all.size() && all[boundary_] <= unit.begin) ++boundary_;
  size_t end = boundary_;
  while (end < all.size() && all[end] < unit.end) ++end;
  const std::span<const uint64_t> inside(all.data() + boundary_, end - boundary_);
  boundary_ = end;
  return inside;
}

uint64_t CountTokensOf(const TokenLayout& layout, std::span<const Span> units) {
  uint64_t n_tokens = 0;
  size_t unit = 0;
  for (const Span& token : layout.tokens) {
    while (unit < units.size() && units[unit].end <= token.begin) ++unit;
    if (unit == units.size()) break;
    n_tokens += units[unit].begin < token.end;
  }
  return n_tokens;
}

}  // namespace tok
