#include "src/normalize/sentencepiece_normalizer.h"

#include <bitset>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "src/base/byte_trie.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/normalize/charsmap.h"
#include "src/normalize/normalizer_steps.h"
#include "src/unicode/space_symbol.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The output under construction. starts[i] is the source position that output byte i begins at.
class Output {
 public:
  Output(const AlignedText& source, std::string_view space) : source_(source), space_(space) {
    bytes_.reserve(source.bytes.size() + source.bytes.size() / 2 + 16);
    if (source.tracked) starts_.reserve(bytes_.capacity());
  }

  void Space(size_t start) { Append(space_, start); }

  void Append(std::string_view text, size_t start) {
    bytes_.append(text);
    if (source_.tracked) starts_.insert(starts_.end(), text.size(), start);
  }

  // Source bytes [begin, end) as they are, each its own character.
  void AppendAscii(size_t begin, size_t end) {
    bytes_.append(source_.bytes, begin, end - begin);
    if (!source_.tracked) return;
    for (size_t i = begin; i < end; ++i) starts_.push_back(i);
  }

  size_t n_bytes() const { return bytes_.size(); }

  // Drops spaces at the end; returns the source position where the rest of the output ends.
  size_t TrimEnd(size_t end) {
    size_t size = bytes_.size();
    while (std::string_view(bytes_).substr(0, size).ends_with(space_)) size -= space_.size();
    if (size == bytes_.size()) return end;
    if (source_.tracked) {
      end = starts_[size];
      starts_.resize(size);
    }
    bytes_.resize(size);
    return end;
  }

  // `front`: where the output begins if nothing tells more exactly. `end`: where it ends.
  AlignedText Finish(size_t front, size_t end) && {
    AlignedText result;
    result.tracked = source_.tracked;
    result.bytes = std::move(bytes_);
    result.front = source_.tracked ? source_.OriginOf(front, front).begin : source_.front + front;
    if (!source_.tracked) return result;
    starts_.push_back(end);
    result.origin.reserve(result.bytes.size());
    for (size_t i = 0; i < result.bytes.size(); ++i) {
      result.origin.push_back(source_.OriginOf(starts_[i], starts_[i + 1]));
    }
    return result;
  }

 private:
  const AlignedText& source_;
  const std::string_view space_;
  std::string bytes_;
  std::vector<size_t> starts_;
};

class SentencePieceStep : public NormalizerStep {
 public:
  SentencePieceStep(const normalizer::SentencePiece& step, std::optional<Charsmap> charsmap,
                    ByteTrie user_defined)
      : add_dummy_prefix_(step.add_dummy_prefix),
        remove_extra_whitespaces_(step.remove_extra_whitespaces),
        escape_whitespaces_(step.escape_whitespaces),
        treat_whitespace_as_suffix_(step.treat_whitespace_as_suffix),
        charsmap_(std::move(charsmap)),
        user_defined_(std::move(user_defined)) {
    FillTables();
  }

  bool Unchanged(std::string_view text) const override {
    if (text.empty()) return true;
    if (add_dummy_prefix_ || remove_extra_whitespaces_ || escape_whitespaces_ || charsmap_.has_value())
      return false;
    return FindInvalidUtf8(text) == std::string_view::npos;
  }

  absl::Status Apply(AlignedText* text) const override {
    if (text->bytes.empty()) return absl::OkStatus();
    size_t position = 0;
    TOK_RETURN_IF_ERROR(SkipLeadingSpaces(text->bytes, &position));
    const size_t front = position;
    Output output(*text, escape_whitespaces_ ? kSpaceSymbol : " ");
    size_t end = position;
    if (position < text->bytes.size()) {
      if (add_dummy_prefix_ && !treat_whitespace_as_suffix_) output.Space(position);
      TOK_RETURN_IF_ERROR(Rewrite(*text, position, &output));
      end = text->bytes.size();
      if (remove_extra_whitespaces_) end = output.TrimEnd(end);
      if (add_dummy_prefix_ && treat_whitespace_as_suffix_) output.Space(end);
    }
    *text = std::move(output).Finish(front, end);
    return absl::OkStatus();
  }

 private:
  struct Prefix {
    size_t n_bytes;
    std::string_view text;
  };

  // plain_: ASCII bytes, other than the space, that no rule or symbol can begin with before the given next byte.
  void FillTables() {
    for (unsigned byte = 0; byte < 256; ++byte) {
      starts_user_defined_[byte] =
          !user_defined_.empty() && user_defined_.Step(ByteTrie::kRoot, byte) != ByteTrie::kDead;
    }
    for (unsigned first = 0; first < 128; ++first) {
      if (first == ' ' || starts_user_defined_[first]) continue;
      for (unsigned second = 0; second < 256; ++second) {
        plain_[first * 256 + second] = !charsmap_.has_value() || !charsmap_->MayMatch(first, second);
      }
    }
  }

  // What stands at the front of `rest` and how much of it that takes; `rest` is not empty.
  absl::StatusOr<Prefix> NormalizePrefix(std::string_view rest) const {
    if (starts_user_defined_[static_cast<unsigned char>(rest[0])]) {
      const size_t n_bytes = user_defined_.LongestPrefix(rest, kMaxUserDefinedMatches).n_bytes;
      if (n_bytes > 0) return Prefix{n_bytes, rest.substr(0, n_bytes)};
    }
    if (charsmap_.has_value()) {
      const Charsmap::Match match = charsmap_->LongestPrefix(rest);
      if (match.too_deep) {
        return MakeError(ErrorCode::kLimit, "precompiled_charsmap",
                         Concat("a rule is longer than ", Charsmap::kMaxRuleBytes, " bytes"),
                         "use a normalization rule made of short strings");
      }
      if (match.n_bytes > 0) return Prefix{match.n_bytes, match.replacement};
    }
    const DecodedChar c = DecodeUtf8(rest, 0);
    if (c.code_point == kInvalidByte) return Prefix{1, kReplacement};
    return Prefix{c.n_bytes, rest.substr(0, c.n_bytes)};
  }

  absl::Status SkipLeadingSpaces(std::string_view text, size_t* position) const {
    while (remove_extra_whitespaces_ && *position < text.size()) {
      TOK_ASSIGN_OR_RETURN(const Prefix prefix, NormalizePrefix(text.substr(*position)));
      if (prefix.text != " ") break;
      *position += prefix.n_bytes;
    }
    return absl::OkStatus();
  }

  absl::Status Rewrite(const AlignedText& source, size_t position, Output* output) const {
    const std::string_view text = source.bytes;
    bool after_space = remove_extra_whitespaces_;
    while (position < text.size()) {
      if (output->n_bytes() > source.max_bytes) return TooMuchText(source.max_bytes);
      const size_t run = PlainRun(text, position);
      if (run > position) {
        output->AppendAscii(position, run);
        after_space = false;
        position = run;
        continue;
      }
      TOK_ASSIGN_OR_RETURN(Prefix prefix, NormalizePrefix(text.substr(position)));
      if (after_space) {
        prefix.text.remove_prefix(std::min(prefix.text.find_first_not_of(' '), prefix.text.size()));
      }
      if (!prefix.text.empty()) {
        AppendEscaped(prefix.text, position, output);
        after_space = remove_extra_whitespaces_ && prefix.text.back() == ' ';
      }
      position += prefix.n_bytes;
    }
    return absl::OkStatus();
  }

  size_t PlainRun(std::string_view text, size_t position) const {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    while (position + 1 < text.size() && byte(position) < 128 &&
           plain_[byte(position) * 256u + byte(position + 1)]) {
      ++position;
    }
    return position;
  }

  static void AppendEscaped(std::string_view text, size_t start, Output* output) {
    while (!text.empty()) {
      const size_t n_plain = std::min(text.find(' '), text.size());
      output->Append(text.substr(0, n_plain), start);
      text.remove_prefix(n_plain);
      if (text.empty()) break;
      output->Space(start);
      text.remove_prefix(1);
    }
  }

  const bool add_dummy_prefix_, remove_extra_whitespaces_, escape_whitespaces_, treat_whitespace_as_suffix_;
  const std::optional<Charsmap> charsmap_;
  const ByteTrie user_defined_;
  std::bitset<256> starts_user_defined_;
  std::bitset<128 * 256> plain_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const NormalizerStep>> MakeSentencePieceStep(
    const normalizer::SentencePiece& step, std::span<const std::string> user_defined) {
  std::optional<Charsmap> charsmap;
  if (!step.charsmap.empty()) {
    TOK_ASSIGN_OR_RETURN(charsmap, Charsmap::Parse(step.charsmap, Charsmap::Peer::kSentencePiece));
  }
  absl::flat_hash_set<std::string_view> seen;
  std::vector<std::pair<std::string_view, uint32_t>> keys;
  for (const std::string& symbol : user_defined) {
    if (!symbol.empty() && seen.insert(symbol).second) keys.emplace_back(symbol, 0);
  }
  TOK_ASSIGN_OR_RETURN(ByteTrie trie, ByteTrie::Build(std::move(keys)));
  return std::make_shared<const SentencePieceStep>(step, std::move(charsmap), std::move(trie));
}

}  // namespace tok
