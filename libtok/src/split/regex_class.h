// split/regex_class.h: the part of the regular-expression parser that reads escapes and bracketed classes.
//
// Model: a cursor over the pattern with the dialect and the flags in force; each Read function starts at the cursor and
// leaves it after what it read. Errors as regex_parser.h.
#ifndef TOK_SRC_SPLIT_REGEX_CLASS_H_
#define TOK_SRC_SPLIT_REGEX_CLASS_H_

#include <string>
#include <string_view>

#include "src/split/code_point_set.h"
#include "src/split/regex_ast.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// The profile whose short-hand classes (unicode/profile.h) the dialect has.
inline UnicodeProfileName ProfileOf(RegexDialect dialect) {
  return dialect == RegexDialect::kRust ? UnicodeProfileName::kTiktoken : UnicodeProfileName::kHuggingFace;
}

// Position in a pattern and the errors that name it.
struct RegexCursor {
  std::string_view pattern;
  RegexDialect dialect;
  size_t position = 0;

  bool AtEnd() const { return position >= pattern.size(); }
  std::string_view Rest() const { return pattern.substr(position); }
  bool Looking(std::string_view text) const { return Rest().substr(0, text.size()) == text; }
  // Skips `text` if it comes next.
  bool Take(std::string_view text);
  char32_t TakeChar();  // one character; not AtEnd()

  absl::Status Malformed(std::string_view fact) const;
  absl::Status Unsupported(std::string_view construct) const;
};

// A set written with a backslash (\d \w \s \h \p{..} ...) and its complement in upper case; the cursor is after the
// backslash. False, nothing read, if no set is next. `in_class`: between brackets.
absl::StatusOr<bool> ReadSetEscape(RegexCursor* cursor, bool in_class, bool ignore_case, CodePointSet* set);
// One character written with a backslash; the cursor is after the backslash.
absl::StatusOr<char32_t> ReadCharEscape(RegexCursor* cursor, bool in_class);
// A bracketed class; the cursor is after the opening bracket.
absl::StatusOr<CodePointSet> ReadClass(RegexCursor* cursor, bool ignore_case);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_CLASS_H_
