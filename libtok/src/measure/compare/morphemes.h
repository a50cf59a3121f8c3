// measure/compare/morphemes.h: words with the places where their morphemes meet (tok/measure_compare.h).
#ifndef TOK_SRC_MEASURE_COMPARE_MORPHEMES_H_
#define TOK_SRC_MEASURE_COMPARE_MORPHEMES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tok/measure_compare.h"
#include "tok/status.h"

namespace tok {

struct MorphemeWord {
  std::string_view word;
  std::vector<uint64_t> boundaries;  // inside the word
  uint64_t line;                     // from 1
};

// Views into `lines`. Errors: TOK-E014 at "place:line".
absl::StatusOr<std::vector<MorphemeWord>> ParseMorphemes(std::string_view lines, std::string_view place);

// Of the tokens of each word, encoded behind a space.
absl::StatusOr<BoundaryCounts> ScoreMorphemes(const ComparedTokenizer& tokenizer,
                                              const std::vector<MorphemeWord>& words, std::string_view place,
                                              unsigned n_threads);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_COMPARE_MORPHEMES_H_
