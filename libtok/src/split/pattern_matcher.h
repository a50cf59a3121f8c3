// split/pattern_matcher.h: finds the successive matches of a string or regular expression, for Split and Replace.
//
// Model: leftmost matches, each starting at or after the end of the previous one, as Hugging Face's Pattern trait (Oniguruma) and
// tiktoken (fancy-regex) find them; empty matches are skipped the way they do. Look-around sees the text before the match.
// Engines: RE2 where the pattern has no look-around, possessive or atomic parts (linear time); ICU with a stack and
// a time limit otherwise. Classes (\s \p{L} ...) are expanded to the Unicode profile's ranges before either sees them.
// Errors: TOK-E024 at creation, TOK-E031 at run time.
// Threads: immutable and shareable.
#ifndef TOK_SRC_SPLIT_PATTERN_MATCHER_H_
#define TOK_SRC_SPLIT_PATTERN_MATCHER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct MatchRange {
  size_t begin, end;
};

class PatternMatcher {
 public:
  virtual ~PatternMatcher() = default;
  static absl::StatusOr<std::shared_ptr<const PatternMatcher>> Create(const Pattern& pattern, UnicodeProfileName profile);
  // All non-overlapping matches in `text`, in order. Invalid UTF-8 bytes are characters of no class.
  virtual absl::Status FindAll(std::string_view text, std::vector<MatchRange>* matches) const = 0;
  virtual std::string Name() const = 0;  // "re2", "icu", "literal"
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_PATTERN_MATCHER_H_
