// The normalizers that bring text of their own: Replace, Prepend, ByteLevel.
#include <string.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/normalize/normalizer_steps.h"
#include "src/split/pattern_matcher.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

class ReplaceStep final : public NormalizerStep {
 public:
  ReplaceStep(std::shared_ptr<const PatternMatcher> matcher, Pattern pattern, std::string content)
      : matcher_(std::move(matcher)), pattern_(std::move(pattern)), content_(std::move(content)) {}

  bool Unchanged(std::string_view text) const override {
    // Finding a match costs as much as replacing it, so regular expressions go to Apply. memmem is linear whatever the
    // needle, which std::string_view::find is not.
    return !pattern_.is_regex &&
           memmem(text.data(), text.size(), pattern_.text.data(), pattern_.text.size()) == nullptr;
  }

  absl::Status Apply(AlignedText* text) const override {
    const std::string_view bytes = text->bytes;
    std::vector<MatchRange> matches;
    TOK_RETURN_IF_ERROR(matcher_->FindAll(bytes, &matches));
    if (matches.empty()) return absl::OkStatus();
    if (content_.size() > text->max_bytes / matches.size()) return TooMuchText(text->max_bytes);
    TextRewriter rewriter(*text);
    for (const MatchRange& match : matches) {
      rewriter.Keep(match.begin - rewriter.position());
      // The new text stands beside the last character that is gone (or, for an empty match, that stands before).
      const size_t model =
          match.end == 0 ? TextRewriter::kNoModel : match.end - DecodeUtf8Before(bytes, match.end).n_bytes;
      rewriter.Take(match.end - match.begin, content_, model);
    }
    *text = rewriter.Finish();
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const PatternMatcher> matcher_;
  Pattern pattern_;
  std::string content_;
};

class PrependStep final : public NormalizerStep {
 public:
  explicit PrependStep(std::string text) : text_(std::move(text)) {}

  bool Unchanged(std::string_view text) const override { return text.empty(); }

  absl::Status Apply(AlignedText* text) const override {
    if (text->bytes.empty()) return absl::OkStatus();
    const size_t n_first = DecodeUtf8(text->bytes, 0).n_bytes;
    TextRewriter rewriter(*text);
    rewriter.Take(0, text_, 0);
    // With nothing to prepend, Hugging Face still takes the first character for an inserted one, at the front.
    rewriter.Take(n_first, text->bytes.substr(0, n_first), text_.empty() ? TextRewriter::kNoModel : 0);
    *text = rewriter.Finish();
    return absl::OkStatus();
  }

 private:
  std::string text_;
};

class ByteLevelStep final : public NormalizerStep {
 public:
  bool Unchanged(std::string_view text) const override {
    return std::all_of(text.begin(), text.end(), [](char byte) { return byte >= 0x21 && byte <= 0x7E; });
  }

  absl::Status Apply(AlignedText* text) const override {
    TextRewriter rewriter(*text);
    std::string spelled;
    for (size_t i = 0; i < text->bytes.size();) {
      const DecodedChar c = DecodeUtf8(text->bytes, i);
      spelled.clear();
      AppendByteAlphabet(std::string_view(text->bytes).substr(i, c.n_bytes), &spelled);
      rewriter.Take(c.n_bytes, spelled, i);
      i += c.n_bytes;
    }
    *text = rewriter.Finish();
    return absl::OkStatus();
  }
};

}  // namespace

absl::StatusOr<NormalizerStepPtr> MakeReplaceStep(const normalizer::Replace& spec,
                                                  UnicodeProfileName profile) {
  TOK_ASSIGN_OR_RETURN(std::shared_ptr<const PatternMatcher> matcher,
                       PatternMatcher::Create(spec.pattern, profile));
  return std::make_shared<ReplaceStep>(std::move(matcher), spec.pattern, spec.content);
}

NormalizerStepPtr MakePrependStep(const normalizer::Prepend& spec) {
  return std::make_shared<PrependStep>(spec.text);
}

NormalizerStepPtr MakeByteLevelStep() { return std::make_shared<ByteLevelStep>(); }

}  // namespace tok
