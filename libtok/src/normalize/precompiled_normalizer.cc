// Hugging Face's `Precompiled` normalizer; see sentencepiece_normalizer.h.
#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/normalize/charsmap.h"
#include "src/normalize/normalizer_steps.h"
#include "src/normalize/sentencepiece_normalizer.h"
#include "src/unicode/grapheme.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Clusters of at least this many bytes are rewritten character by character.
constexpr size_t kLongCluster = 6;

size_t CountChars(std::string_view text) {
  size_t n_chars = 0;
  for (size_t i = 0; i < text.size(); i += DecodeUtf8(text, i).n_bytes) ++n_chars;
  return n_chars;
}

// Output characters with the peer's account of them: each says whether it is new (change > 0) or stands for one source
// character (0) and -change removed ones behind it. What a rule removes is charged to the last character so far, kept
// or new; before the first one it is forgotten, and all later origins lag behind. That is the peer's answer.
class AccountedOutput {
 public:
  explicit AccountedOutput(const AlignedText& source) : source_(source) {
    result_.tracked = source.tracked;
    result_.front = source.front;
  }

  void Keep(std::string_view character) { Push(character, 0); }

  void Replace(std::string_view old_text, std::string_view new_text) {
    const auto n_old = static_cast<ptrdiff_t>(CountChars(old_text));
    ptrdiff_t n_new = 0;
    for (size_t i = 0; i < new_text.size(); ++n_new) {
      const size_t n_bytes = DecodeUtf8(new_text, i).n_bytes;
      Push(new_text.substr(i, n_bytes), n_new < n_old ? 0 : 1);
      i += n_bytes;
    }
    if (n_new < n_old) change_ -= n_old - n_new;
  }

  size_t n_bytes() const { return result_.bytes.size(); }

  AlignedText Finish() && {
    WriteLast();
    return std::move(result_);
  }

 private:
  void Push(std::string_view character, ptrdiff_t change) {
    WriteLast();
    last_ = character;
    change_ = change;
  }

  void WriteLast() {
    if (last_.empty()) return;
    result_.bytes += last_;
    if (!source_.tracked) return;
    Span origin;
    if (change_ <= 0) {
      origin = source_.OriginOf(at_, at_ + 1);
      for (ptrdiff_t i = change_; i <= 0 && at_ < source_.bytes.size(); ++i) {
        at_ += DecodeUtf8(source_.bytes, at_).n_bytes;
      }
    } else {
      origin = at_ == 0 ? Span{source_.front, source_.front} : source_.origin[at_ - 1];
    }
    result_.origin.insert(result_.origin.end(), last_.size(), origin);
  }

  const AlignedText& source_;
  AlignedText result_;
  std::string_view last_;  // not yet written: its change may still be charged
  ptrdiff_t change_ = 0;
  size_t at_ = 0;  // the source byte that the account has come to
};

class PrecompiledStep : public NormalizerStep {
 public:
  explicit PrecompiledStep(Charsmap charsmap) : charsmap_(std::move(charsmap)) {}

  bool Unchanged(std::string_view text) const override {
    if (!IsAscii(text)) return false;  // nor are there clusters of several characters, other than CR LF
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      if (charsmap_.MayMatch(static_cast<unsigned char>(text[i]), static_cast<unsigned char>(text[i + 1])))
        return false;
    }
    if (!text.empty() && charsmap_.MayMatchAtEnd(static_cast<unsigned char>(text.back()))) return false;
    return true;
  }

  absl::Status Apply(AlignedText* text) const override {
    const std::string_view bytes = text->bytes;
    AccountedOutput output(*text);
    bool modified = false;
    for (size_t begin = 0; begin < bytes.size();) {
      const size_t end = GraphemeEnd(bytes, begin);
      const std::string_view cluster = bytes.substr(begin, end - begin);
      begin = end;
      if (output.n_bytes() > text->max_bytes) return TooMuchText(text->max_bytes);
      bool whole = false;
      if (cluster.size() < kLongCluster) {
        TOK_ASSIGN_OR_RETURN(whole, Rewrite(cluster, &output));
        modified |= whole;
      }
      for (size_t i = 0; !whole && i < cluster.size();) {
        const std::string_view character = cluster.substr(i, DecodeUtf8(cluster, i).n_bytes);
        i += character.size();
        TOK_ASSIGN_OR_RETURN(const bool rewritten, Rewrite(character, &output));
        modified |= rewritten;
        if (!rewritten) output.Keep(character);
      }
    }
    if (modified) *text = std::move(output).Finish();
    return absl::OkStatus();
  }

 private:
  // True if a rule replaced `part`.
  absl::StatusOr<bool> Rewrite(std::string_view part, AccountedOutput* output) const {
    const Charsmap::Match match = charsmap_.ShortestPrefix(part);
    if (match.n_bytes == 0) return false;
    output->Replace(part, match.replacement);
    return true;
  }

  const Charsmap charsmap_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const NormalizerStep>> MakePrecompiledStep(std::string_view charsmap) {
  TOK_ASSIGN_OR_RETURN(Charsmap parsed, Charsmap::Parse(charsmap, Charsmap::Peer::kHuggingFace));
  return std::make_shared<const PrecompiledStep>(std::move(parsed));
}

}  // namespace tok
