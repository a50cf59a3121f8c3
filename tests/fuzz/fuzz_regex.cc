// Patterns of any bytes: a refusal with a code for patterns, or a tree; where both RE2 and ICU run it, they find the same
// matches in any text, and so does the tree whose possessive parts were relaxed. First byte: the dialect; then the
// pattern up to 0xFF; the rest is the text.
#include <memory>
#include <string>
#include <vector>

#include "src/split/icu_matcher.h"
#include "src/split/re2_matcher.h"
#include "src/split/regex_parser.h"
#include "src/split/regex_rewrite.h"
#include "tests/fuzz/fuzz_util.h"

namespace {

constexpr size_t kMaxPattern = 200, kMaxText = 400;  // what is searched for lies in small ones

using Matches = std::vector<tok::MatchRange>;

// False if a limit ended the search.
bool Find(const tok::PatternMatcher& matcher, std::string_view text, Matches* matches) {
  const absl::Status status = matcher.FindAll(text, matches);
  TOK_FUZZ_CHECK(status.ok() || tok::ErrorCodeOf(status) == tok::ErrorCode::kPatternLimit);
  size_t end = 0;
  for (const tok::MatchRange& match : *matches) {
    TOK_FUZZ_CHECK(match.begin >= end && match.end >= match.begin && match.end <= text.size());
    end = match.end;
  }
  return status.ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  const auto dialect = input.TakeByte() % 2 == 0 ? tok::RegexDialect::kOniguruma : tok::RegexDialect::kRust;
  const std::string_view pattern = input.TakeField(), text = input.rest();
  if (pattern.size() > kMaxPattern || text.size() > kMaxText) return 0;
  auto regex = tok::ParseRegex(pattern, dialect);
  if (!regex.ok()) {
    const tok::ErrorCode code = tok::ErrorCodeOf(regex.status());
    TOK_FUZZ_CHECK(code == tok::ErrorCode::kBadPattern || code == tok::ErrorCode::kUnsupportedFeature ||
                   code == tok::ErrorCode::kLimit);
    return 0;
  }
  const auto icu = tok::MakeIcuMatcher(*regex);
  tok::RelaxPossessive(&regex->root);
  const auto relaxed_icu = tok::MakeIcuMatcher(*regex);
  const std::shared_ptr<const tok::Re2Matcher> re2 = tok::Re2Matcher::Create(*regex);
  Matches expected, found;
  if (!icu.ok() || !Find(**icu, text, &expected)) return 0;
  if (relaxed_icu.ok() && Find(**relaxed_icu, text, &found)) TOK_FUZZ_CHECK(found == expected);
  if (re2 != nullptr && Find(*re2, text, &found)) TOK_FUZZ_CHECK(found == expected);
  return 0;
}
