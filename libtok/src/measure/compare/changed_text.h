// measure/compare/changed_text.h: a text with typos or in another case, and where its places have gone.
#ifndef TOK_SRC_MEASURE_COMPARE_CHANGED_TEXT_H_
#define TOK_SRC_MEASURE_COMPARE_CHANGED_TEXT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/types.h"

namespace tok {

struct ChangedText {
  std::string text;
  uint64_t n_changes = 0;

  // A stretch of the old text, in order, whose length is another now.
  struct LengthChange {
    Span old;
    uint64_t n_new;
  };
  std::vector<LengthChange> length_changes;

  // Where places of the old text (sorted) have gone: sorted, each once, 0 < place < text.size(). Places inside a stretch of
  // another length are gone.
  std::vector<uint64_t> Carry(std::span<const uint64_t> places) const;
};

// One letter of each of a share of the words is doubled, left out or changes places with the next, by the seed.
ChangedText WithTypos(std::string_view text, std::span<const Span> words, double share, uint64_t seed);
ChangedText InUpperCase(std::string_view text);
ChangedText InLowerCase(std::string_view text);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_COMPARE_CHANGED_TEXT_H_
