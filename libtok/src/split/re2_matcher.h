// split/re2_matcher.h: runs regular expressions on RE2, each match in linear time.
//
// Model: RE2's leftmost-first matching equals that of backtracking engines for what IsRegular() admits. One construct
// that RE2 lacks is served beside it, `X+(?!Y)` as an alternative (FindTrailingRun): where a character of X is next, the
// alternatives before it are tried, then the run is measured by hand, then the alternatives after it.
// Text with invalid UTF-8 is rewritten once per call with stand-ins (regex_printer.h).
// Threads: immutable and shareable; RE2 locks its own caches.
#ifndef TOK_SRC_SPLIT_RE2_MATCHER_H_
#define TOK_SRC_SPLIT_RE2_MATCHER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/split/pattern_matcher.h"
#include "src/split/regex_ast.h"

namespace tok {

class Re2Program;

class Re2Matcher final : public PatternMatcher {
 public:
  // Null if RE2 cannot run `regex` (or not within its memory).
  static std::shared_ptr<const Re2Matcher> Create(const Regex& regex);
  ~Re2Matcher() override;

  absl::Status FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                            std::vector<MatchRange>* matches, std::vector<size_t>* ends) const override;
  std::string Name() const override { return "re2"; }

  // The leftmost match that begins at or after `from`; false if none. `text` is valid UTF-8.
  bool Find(std::string_view text, size_t from, MatchRange* match) const;
  // Matches tile every text (regex_rewrite.h).
  bool matches_everywhere() const { return matches_everywhere_; }

 private:
  Re2Matcher() = default;

  bool matches_everywhere_ = false;
  std::shared_ptr<const Re2Program> program_;                // for valid text
  std::shared_ptr<const Re2Program> program_for_stand_ins_;  // the same one if it would be equal
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_RE2_MATCHER_H_
