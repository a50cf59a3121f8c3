#include "src/split/pattern_matcher.h"

#include <string.h>

#include <utility>

#include "src/base/status_macros.h"
#include "src/split/icu_matcher.h"
#include "src/split/re2_matcher.h"
#include "src/split/regex_parser.h"
#include "src/split/regex_rewrite.h"
#include "src/split/scanner_matcher.h"

namespace tok {
namespace {

// Matches a string that is not empty.
class LiteralMatcher final : public PatternMatcher {
 public:
  explicit LiteralMatcher(std::string needle) : needle_(std::move(needle)) {}

  absl::Status FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                            std::vector<MatchRange>* matches, std::vector<size_t>* ends) const override {
    matches->clear();
    ends->clear();
    for (const MatchRange& piece : pieces) {
      for (size_t from = piece.begin; from < piece.end;) {
        // memmem is linear whatever the needle, which std::string_view::find is not.
        const void* found = memmem(text.data() + from, piece.end - from, needle_.data(), needle_.size());
        if (found == nullptr) break;
        const size_t begin = static_cast<size_t>(static_cast<const char*>(found) - text.data());
        matches->push_back({begin, begin + needle_.size()});
        from = begin + needle_.size();
      }
      ends->push_back(matches->size());
    }
    return absl::OkStatus();
  }
  std::string Name() const override { return "literal"; }

 private:
  std::string needle_;
};

}  // namespace

RegexDialect DialectOf(UnicodeProfileName profile) {
  return profile == UnicodeProfileName::kHuggingFace ? RegexDialect::kOniguruma : RegexDialect::kRust;
}

absl::StatusOr<std::shared_ptr<const PatternMatcher>> PatternMatcher::Create(const Pattern& pattern,
                                                                             UnicodeProfileName profile) {
  // Hugging Face makes a regular expression of the string, and an empty one matches between all characters.
  if (!pattern.is_regex && !pattern.text.empty()) return std::make_shared<const LiteralMatcher>(pattern.text);
  TOK_ASSIGN_OR_RETURN(std::shared_ptr<const ScannerMatcher> scanner,
                       ScannerMatcher::Create(pattern.text, profile));
  if (scanner != nullptr) return scanner;
  TOK_ASSIGN_OR_RETURN(Regex regex, ParseRegex(pattern.text, DialectOf(profile)));
  RelaxPossessive(&regex.root);
  if (std::shared_ptr<const Re2Matcher> matcher = Re2Matcher::Create(regex)) return matcher;
  return MakeIcuMatcher(regex);
}

absl::Status PatternMatcher::FindAll(std::string_view text, std::vector<MatchRange>* matches) const {
  const MatchRange whole{0, text.size()};
  std::vector<size_t> ends;
  return FindInPieces(text, {&whole, 1}, matches, &ends);
}

}  // namespace tok
