// split/pattern_matcher.h: finds the successive matches of a string or regular expression, for Split and Replace.
//
// Model: leftmost matches, each starting at or after the end of the previous one, as Hugging Face's Pattern trait
// (Oniguruma) and tiktoken (fancy-regex) find them: an empty match counts, except right at the end of the match before.
// Look-around sees the text before the match. The profile decides the dialect (regex_parser.h).
// Engines: the hand-written scanner of a known family; RE2 where the pattern is regular or becomes so by
// regex_rewrite.h; ICU with a stack and a backtracking limit otherwise. Classes (\s \p{L} ...) are expanded to
// Unicode 16 ranges before either sees them.
// Cost: each match is linear in what RE2 has to read for it. A pattern with an alternative that reads far beyond what
// is matched in the end (x*y|x on a run of x) therefore costs the product of both, as it does in the peers.
// Errors: TOK-E022, TOK-E024, TOK-E030 at creation; TOK-E031 at run time, with ICU only.
// Threads: immutable and shareable.
#ifndef TOK_SRC_SPLIT_PATTERN_MATCHER_H_
#define TOK_SRC_SPLIT_PATTERN_MATCHER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/split/regex_ast.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct MatchRange {
  size_t begin, end;
  friend bool operator==(const MatchRange&, const MatchRange&) = default;
};

class PatternMatcher {
 public:
  virtual ~PatternMatcher() = default;
  static absl::StatusOr<std::shared_ptr<const PatternMatcher>> Create(const Pattern& pattern,
                                                                      UnicodeProfileName profile);

  // All non-overlapping matches in `text`, in order, in place of what *matches held. Invalid UTF-8 bytes are characters
  // of no class.
  absl::Status FindAll(std::string_view text, std::vector<MatchRange>* matches) const;
  // The same for many texts that lie in one: each of `pieces` (increasing, disjoint) is a text of its own, whose matches
  // are offsets into `text`. (*ends)[i] is the number of matches in pieces 0 to i.
  virtual absl::Status FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                                    std::vector<MatchRange>* matches, std::vector<size_t>* ends) const = 0;
  virtual std::string Name() const = 0;  // "re2", "icu", "literal", or the scanner's
};

// The dialect in which the patterns of a profile are written.
RegexDialect DialectOf(UnicodeProfileName profile);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_PATTERN_MATCHER_H_
