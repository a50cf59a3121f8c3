// measure/compare/text_units.h: the words, digit runs and identifiers of a text (tok/measure_compare.h).
#ifndef TOK_SRC_MEASURE_COMPARE_TEXT_UNITS_H_
#define TOK_SRC_MEASURE_COMPARE_TEXT_UNITS_H_

#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/types.h"

namespace tok {

inline constexpr size_t kLeastDigits = 4;  // shorter runs look alike from both sides

// Each in order and disjoint.
struct TextUnits {
  std::vector<Span> words, digit_runs, identifiers;
};
absl::StatusOr<TextUnits> FindUnits(std::string_view text);

std::vector<Span> FindIdentifiers(std::string_view text);
std::vector<Span> FindDigitRuns(std::string_view text);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_COMPARE_TEXT_UNITS_H_
