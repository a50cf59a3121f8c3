// encode/text_statistics.h: characters and words of a text.
//
// Model: a character is a code point, an invalid byte or, with `replace`, a maximal invalid part. A word is a run of
// characters that are not White_Space. Cost: one pass, about a nanosecond per ASCII byte or less.
#ifndef TOK_SRC_ENCODE_TEXT_STATISTICS_H_
#define TOK_SRC_ENCODE_TEXT_STATISTICS_H_

#include <cstdint>
#include <string_view>

namespace tok {

struct TextStatistics {
  uint64_t n_chars = 0, n_words = 0;
};

TextStatistics MeasureText(std::string_view text, bool replace_invalid);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_TEXT_STATISTICS_H_
