#include "src/split/regex_splitter.h"

#include <utility>

#include "src/unicode/utf8.h"

namespace tok {
namespace {

class RegexSplitter final : public Splitter {
 public:
  explicit RegexSplitter(std::shared_ptr<const Re2Matcher> matcher) : matcher_(std::move(matcher)) {}

  size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const override {
    size_t n = 0, from = state->position;
    while (n < capacity && state->position < text.size()) {
      MatchRange match;
      if (!matcher_->Find(text, from, &match)) match = {text.size(), text.size()};
      if (match.end == state->position) {
        // An empty match at a boundary that is there already.
        from = match.end + DecodeUtf8(text, match.end).n_bytes;
        continue;
      }
      if (match.begin > state->position) state->position = ends[n++] = match.begin;
      if (n < capacity && match.end > state->position) state->position = ends[n++] = match.end;
      from = state->position;
    }
    return n;
  }
  bool NeedsValidUtf8() const override { return true; }
  std::string Name() const override { return "regular expression (re2)"; }

 private:
  std::shared_ptr<const Re2Matcher> matcher_;
};

}  // namespace

std::shared_ptr<const Splitter> MakeRegexSplitter(std::shared_ptr<const Re2Matcher> matcher) {
  return std::make_shared<const RegexSplitter>(std::move(matcher));
}

}  // namespace tok
