// measure/premium/statistics.h: numbers about lists of premiums.
//
// Threads: pure functions. Determinism: sums run in one order.
#ifndef TOK_SRC_MEASURE_PREMIUM_STATISTICS_H_
#define TOK_SRC_MEASURE_PREMIUM_STATISTICS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tok/measure_premium.h"

namespace tok {

// Of sorted values, at least one; share in [0, 1]. Linear between order statistics: position share * (n - 1).
double QuantileOfSorted(std::span<const double> sorted, double share);

// Of sorted values >= 0; 0 for less than two or where all are 0.
double GiniOfSorted(std::span<const double> sorted);

// Of one premium a language, at least one; names are parallel.
PremiumSummary Summarize(std::span<const double> premiums, std::span<const std::string> names);

// The percentile interval of the ratio of sums, as tok/measure_premium.h says; the spans are parallel.
std::optional<PremiumInterval> BootstrapRatio(std::span<const uint64_t> tokens,
                                              std::span<const uint64_t> reference_tokens,
                                              uint32_t n_resamples, uint64_t state);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_PREMIUM_STATISTICS_H_
