#include "src/measure/premium/statistics.h"

#include <algorithm>
#include <cmath>

#include "src/base/random_stream.h"

namespace tok {

double QuantileOfSorted(std::span<const double> sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

double GiniOfSorted(std::span<const double> sorted) {
  const auto n = static_cast<double>(sorted.size());
  double sum = 0, weighted = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    sum += sorted[i];
    weighted += (2 * static_cast<double>(i) + 1 - n) * sorted[i];
  }
  return sorted.size() < 2 || sum == 0 ? 0 : weighted / (n * sum);
}

PremiumSummary Summarize(std::span<const double> premiums, std::span<const std::string> names) {
  const auto largest = std::max_element(premiums.begin(), premiums.end());
  std::vector<double> sorted(premiums.begin(), premiums.end());
  std::sort(sorted.begin(), sorted.end());
  return {.n_languages = sorted.size(),
          .median = QuantileOfSorted(sorted, 0.5),
          .p95 = QuantileOfSorted(sorted, 0.95),
          .max = sorted.back(),
          .gini = GiniOfSorted(sorted),
          .max_language = names[static_cast<size_t>(largest - premiums.begin())]};
}

std::optional<PremiumInterval> BootstrapRatio(std::span<const uint64_t> tokens,
                                              std::span<const uint64_t> reference_tokens,
                                              uint32_t n_resamples, uint64_t state) {
  const uint64_t n_items = tokens.size();
  if (n_items < 2 || n_resamples == 0) return std::nullopt;
  std::vector<double> ratios(n_resamples);
  RandomStream random(state);
  for (double& ratio : ratios) {
    uint64_t n_tokens = 0, n_reference_tokens = 0;
    for (uint64_t draw = 0; draw < n_items; ++draw) {
      const uint64_t item = random.Below(n_items);
      n_tokens += tokens[item];
      n_reference_tokens += reference_tokens[item];
    }
    if (n_reference_tokens == 0) return std::nullopt;
    ratio = static_cast<double>(n_tokens) / static_cast<double>(n_reference_tokens);
  }
  std::sort(ratios.begin(), ratios.end());
  return PremiumInterval{.low = QuantileOfSorted(ratios, 0.025), .high = QuantileOfSorted(ratios, 0.975)};
}

}  // namespace tok
