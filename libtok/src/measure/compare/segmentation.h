// measure/compare/segmentation.h: how the tokens of a document lie beside its words, digits and identifiers
// (tok/measure_compare.h).
#ifndef TOK_SRC_MEASURE_COMPARE_SEGMENTATION_H_
#define TOK_SRC_MEASURE_COMPARE_SEGMENTATION_H_

#include <string_view>

#include "src/measure/compare/text_units.h"
#include "src/measure/token_layout.h"
#include "tok/measure_compare.h"

namespace tok {

uint64_t CountContinuedWords(const TokenLayout& layout, const TextUnits& units);
DigitGrouping GroupingOfDigits(const TokenLayout& layout, const TextUnits& units);
IdentifierCounts CountIdentifiers(std::string_view text, const TokenLayout& layout, const TextUnits& units);

// Tokens without the white space at their ends. A normalizer may give many tokens one wide span: it is looked at once.
class Trimmer {
 public:
  explicit Trimmer(std::string_view text) : text_(text) {}
  Span Trim(Span token);

 private:
  std::string_view text_;
  Span last_, last_trimmed_;
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_COMPARE_SEGMENTATION_H_
