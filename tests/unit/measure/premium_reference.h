// tests/unit/measure/premium_reference.h: the premium by its definition: items one by one, one thread, nothing shared.
#ifndef TOK_TESTS_UNIT_MEASURE_PREMIUM_REFERENCE_H_
#define TOK_TESTS_UNIT_MEASURE_PREMIUM_REFERENCE_H_

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/hash.h"
#include "tok/measure_premium.h"

namespace tok {

struct ReferencePremium {
  uint64_t n_items = 0, n_bytes = 0, n_tokens = 0, n_reference_tokens = 0;
  double premium = 0, low = 0, high = 0;
};

// numpy.quantile.
inline double ReferenceQuantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const double below = values[static_cast<size_t>(std::floor(at))],
               above = values[static_cast<size_t>(std::ceil(at))];
  return below + (above - below) * (at - std::floor(at));
}

// The double sum of its definition.
inline double ReferenceGini(const std::vector<double>& values) {
  double sum = 0, differences = 0;
  for (const double x : values) {
    sum += x;
    for (const double y : values) differences += std::abs(x - y);
  }
  const auto n = static_cast<double>(values.size());
  return differences / (2 * n * sum);
}

// A generator that goes on from number to number, as its authors wrote it.
class ReferenceSplitMix64 {
 public:
  explicit ReferenceSplitMix64(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

 private:
  uint64_t state_;
};

inline ReferencePremium MeasureByDefinition(const Tokenizer& tokenizer, const ParallelText& text,
                                            const std::string& reference, const std::string& code,
                                            uint32_t n_resamples, uint64_t seed) {
  std::map<uint64_t, std::string_view> of_reference;
  for (size_t i = 0; i < text.Find(reference)->items.size(); ++i)
    of_reference[text.Find(reference)->items[i].item] = text.Find(reference)->Text(i);
  const EncodeOptions plain = {.special = SpecialPolicy::Text()};
  ReferencePremium result;
  std::vector<std::pair<uint64_t, uint64_t>> counts;
  for (size_t i = 0; i < text.Find(code)->items.size(); ++i) {
    const auto other = of_reference.find(text.Find(code)->items[i].item);
    if (other == of_reference.end()) continue;
    const std::string_view own = text.Find(code)->Text(i);
    counts.emplace_back(tokenizer.Count(own, plain).value(), tokenizer.Count(other->second, plain).value());
    result.n_items += 1;
    result.n_bytes += own.size();
    result.n_tokens += counts.back().first;
    result.n_reference_tokens += counts.back().second;
  }
  result.premium = static_cast<double>(result.n_tokens) / static_cast<double>(result.n_reference_tokens);
  ReferenceSplitMix64 random(HashBytes(code, seed));
  std::vector<double> ratios;
  for (uint32_t r = 0; r < n_resamples; ++r) {
    double own = 0, other = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      const auto product = static_cast<unsigned __int128>(random.Next()) * counts.size();
      own += static_cast<double>(counts[static_cast<size_t>(product >> 64)].first);
      other += static_cast<double>(counts[static_cast<size_t>(product >> 64)].second);
    }
    ratios.push_back(own / other);
  }
  if (ratios.empty()) return result;
  result.low = ReferenceQuantile(ratios, 0.025);
  result.high = ReferenceQuantile(ratios, 0.975);
  return result;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_MEASURE_PREMIUM_REFERENCE_H_
