// The normalizers that look at one character at a time.
#include <string>

#include "src/normalize/normalizer_steps.h"
#include "src/unicode/hugging_face.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Rule: bool Changes(char32_t) const; void Append(char32_t, std::u32string*) const for characters that change.
template <typename Rule>
class CharacterStep final : public NormalizerStep {
 public:
  explicit CharacterStep(Rule rule) : rule_(rule) {}

  bool Unchanged(std::string_view text) const override { return NextChange(text, 0) == text.size(); }

  absl::Status Apply(AlignedText* text) const override {
    const std::string_view bytes = text->bytes;
    TextRewriter rewriter(*text);
    std::u32string mapped;
    std::string utf8;
    for (size_t i = NextChange(bytes, 0); i < bytes.size(); i = NextChange(bytes, i)) {
      rewriter.Keep(i - rewriter.position());
      const DecodedChar c = DecodeUtf8(bytes, i);
      mapped.clear();
      utf8.clear();
      rule_.Append(c.code_point, &mapped);
      for (char32_t m : mapped) AppendUtf8(m, &utf8);
      rewriter.Take(c.n_bytes, utf8, i);
      i += c.n_bytes;
    }
    *text = rewriter.Finish();
    return absl::OkStatus();
  }

 private:
  // Place of the first character at or after `i` that changes; text.size() if none.
  size_t NextChange(std::string_view text, size_t i) const {
    while (i < text.size()) {
      const DecodedChar c = DecodeUtf8(text, i);
      if (rule_.Changes(c.code_point)) break;
      i += c.n_bytes;
    }
    return i;
  }

  Rule rule_;
};

// Source: the SentencePiece rule set nmt_nfkc without its NFKC part, as Hugging Face's Nmt lists it.
struct NmtRule {
  static bool Drops(char32_t c) {
    return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || c == 0x8F ||
           c == 0x9F;
  }
  static bool IsSpace(char32_t c) {
    return c == 0x09 || c == 0x0A || c == 0x0C || c == 0x0D || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
           c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
  }
  bool Changes(char32_t c) const { return Drops(c) || IsSpace(c); }
  void Append(char32_t c, std::u32string* out) const {
    if (!Drops(c)) out->push_back(' ');
  }
};

struct LowercaseRule {
  bool Changes(char32_t c) const { return c < 0x80 ? c >= 'A' && c <= 'Z' : HasLowercase(c); }
  void Append(char32_t c, std::u32string* out) const { AppendLowercase(c, out); }
};

struct StripAccentsRule {
  bool Changes(char32_t c) const { return hugging_face::IsCombiningMark(c); }
  void Append(char32_t, std::u32string*) const {}
};

struct BertCleanRule {
  bool clean_text, handle_chinese_chars;

  // What BERT calls Chinese: the CJK ideograph blocks of its time.
  static bool IsChinese(char32_t c) {
    if (c < 0x3400) return false;
    return (c >= 0x4E00 && c <= 0x9FFF) || c <= 0x4DBF || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B81F) ||
           (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0x2F800 && c <= 0x2FA1F);
  }
  bool Changes(char32_t c) const {
    if (clean_text && c != ' ' && (hugging_face::IsRemovedByBert(c) || IsWhiteSpace(c))) return true;
    return handle_chinese_chars && IsChinese(c);
  }
  void Append(char32_t c, std::u32string* out) const {
    if (handle_chinese_chars && IsChinese(c)) {
      out->append({' ', c, ' '});
    } else if (!hugging_face::IsRemovedByBert(c)) {
      out->push_back(' ');
    }
  }
};

struct BertFoldRule {
  bool strip_accents, lowercase;

  bool Changes(char32_t c) const {
    if (c < 0x80) return lowercase && c >= 'A' && c <= 'Z';
    return (strip_accents && hugging_face::IsBertAccent(c)) || (lowercase && HasLowercase(c));
  }
  void Append(char32_t c, std::u32string* out) const {
    if (strip_accents && hugging_face::IsBertAccent(c)) return;
    AppendLowercase(c, out);
  }
};

class StripStep final : public NormalizerStep {
 public:
  explicit StripStep(const normalizer::Strip& spec) : spec_(spec) {}

  bool Unchanged(std::string_view text) const override { return KeptRange(text) == Span{0, text.size()}; }

  absl::Status Apply(AlignedText* text) const override {
    const Span kept = KeptRange(text->bytes);
    TextRewriter rewriter(*text);
    rewriter.Drop(kept.begin);
    rewriter.Keep(kept.end - kept.begin);
    rewriter.Drop(text->bytes.size() - kept.end);
    *text = rewriter.Finish();
    return absl::OkStatus();
  }

 private:
  Span KeptRange(std::string_view text) const {
    size_t begin = 0, end = text.size();
    while (spec_.left && begin < end) {
      const DecodedChar c = DecodeUtf8(text, begin);
      if (!IsWhiteSpace(c.code_point)) break;
      begin += c.n_bytes;
    }
    while (spec_.right && end > begin) {
      const DecodedChar c = DecodeUtf8Before(text, end);
      if (!IsWhiteSpace(c.code_point)) break;
      end -= c.n_bytes;
    }
    return Span{begin, end};
  }

  normalizer::Strip spec_;
};

template <typename Rule>
NormalizerStepPtr MakeCharacterStep(Rule rule) {
  return std::make_shared<CharacterStep<Rule>>(rule);
}

}  // namespace

NormalizerStepPtr MakeNmtStep() { return MakeCharacterStep(NmtRule{}); }
NormalizerStepPtr MakeLowercaseStep() { return MakeCharacterStep(LowercaseRule{}); }
NormalizerStepPtr MakeStripAccentsStep() { return MakeCharacterStep(StripAccentsRule{}); }
NormalizerStepPtr MakeStripStep(const normalizer::Strip& spec) { return std::make_shared<StripStep>(spec); }

NormalizerStepPtr MakeBertCleanStep(const normalizer::Bert& spec) {
  if (!spec.clean_text && !spec.handle_chinese_chars) return nullptr;
  return MakeCharacterStep(BertCleanRule{spec.clean_text, spec.handle_chinese_chars});
}

NormalizerStepPtr MakeBertFoldStep(bool strip_accents, bool lowercase) {
  if (!strip_accents && !lowercase) return nullptr;
  return MakeCharacterStep(BertFoldRule{strip_accents, lowercase});
}

}  // namespace tok
