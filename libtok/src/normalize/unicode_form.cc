// NFC, NFD, NFKC, NFKD: unicode/normal_forms.h applied to the stretches of a text that need it.
#include <string>
#include <vector>

#include "src/normalize/normalizer_steps.h"
#include "src/unicode/normal_forms.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

class UnicodeFormStep final : public NormalizerStep {
 public:
  explicit UnicodeFormStep(normalizer::Form form) : form_(form) {}

  bool Unchanged(std::string_view text) const override {
    return NextUnsettled(text, 0, form_).begin == text.size();
  }

  absl::Status Apply(AlignedText* text) const override {
    TextRewriter rewriter(*text);
    std::vector<NormalizedChar> normalized;
    std::u32string chars;
    const std::string_view bytes = text->bytes;
    for (size_t from = 0;;) {
      const UnsettledRange range = NextUnsettled(bytes, from, form_);
      if (range.begin == bytes.size()) break;
      chars.clear();
      for (size_t i = range.begin; i < range.end;) {
        const DecodedChar c = DecodeUtf8(bytes, i);
        chars.push_back(c.code_point);
        i += c.n_bytes;
      }
      NormalizeChars(chars, form_, &normalized);
      rewriter.Keep(range.begin - rewriter.position());
      Write(bytes.substr(0, range.end), normalized, &rewriter);
      from = range.end;
    }
    *text = rewriter.Finish();
    return absl::OkStatus();
  }

 private:
  // Writes the characters of a stretch, which reaches from the rewriter's position to the end of `bytes`. As in Hugging
  // Face, characters count in order: the third one in place of another takes the origin of the third source character,
  // whichever it came from.
  static void Write(std::string_view bytes, const std::vector<NormalizedChar>& normalized,
                    TextRewriter* rewriter) {
    std::string utf8;
    size_t previous = TextRewriter::kNoModel;  // source character before the rewriter's position
    for (const NormalizedChar& c : normalized) {
      utf8.clear();
      AppendUtf8(c.code_point, &utf8);
      const size_t begin = rewriter->position();
      if (c.change > 0) {
        rewriter->Take(0, utf8, previous);
        continue;
      }
      size_t end = begin;
      for (int32_t n = 0; n <= -c.change && end < bytes.size(); ++n) {
        previous = end;
        end += DecodeUtf8(bytes, end).n_bytes;
      }
      rewriter->Take(end - begin, utf8, begin);
    }
    rewriter->Drop(bytes.size() - rewriter->position());
  }

  normalizer::Form form_;
};

}  // namespace

NormalizerStepPtr MakeUnicodeFormStep(normalizer::Form form) {
  return std::make_shared<UnicodeFormStep>(form);
}

}  // namespace tok
