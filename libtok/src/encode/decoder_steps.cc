#include "src/encode/decoder_steps.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/decoder_stages.h"
#include "src/split/pattern_matcher.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

std::string Utf8Of(char32_t c) {
  std::string result;
  AppendUtf8(c, &result);
  return result;
}

class PerTokenStep : public DecoderStep {
 public:
  bool IsPerToken() const override { return true; }
};

class PositionalStep : public PerTokenStep {
 public:
  bool IsPositional() const override { return true; }
};

// No decoder in the file: tokens joined by spaces.
class JoinStep : public PositionalStep {
 public:
  absl::Status Apply(bool is_first, std::string* token) const override {
    if (!is_first) token->insert(0, " ");
    return absl::OkStatus();
  }
};

class ByteMapStep : public PerTokenStep {
 public:
  absl::Status Apply(bool, std::string* token) const override {
    if (std::string bytes; FromByteAlphabet(*token, &bytes)) token->swap(bytes);
    return absl::OkStatus();
  }
  Shape shape() const override { return Shape::kByteMap; }
};

class FuseStep : public DecoderStep {
 public:
  explicit FuseStep(bool lossy) : lossy_(lossy) {}
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override { return MakeFuseStage(lossy_, next); }
  // A lossy one changes text and must run as a stage.
  Shape shape() const override { return lossy_ ? Shape::kOther : Shape::kFuse; }

 private:
  const bool lossy_;
};

class MetaspaceStep : public PerTokenStep {
 public:
  explicit MetaspaceStep(const decoder::Metaspace& options)
      : replacement_(Utf8Of(options.replacement)),
        first_(options.prepend_scheme == pretokenizer::PrependScheme::kNever ? " " : "") {}
  bool IsPositional() const override { return first_.empty(); }
  absl::Status Apply(bool is_first, std::string* token) const override {
    if (token->find(replacement_) != std::string::npos) {
      *token = ReplaceAll(*token, replacement_, is_first ? std::string_view(first_) : " ");
    }
    return absl::OkStatus();
  }
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override {
    return MakeLiteralStage(replacement_, first_, " ", next);
  }

 private:
  const std::string replacement_, first_;
};

class WordPieceStep : public PositionalStep {
 public:
  explicit WordPieceStep(decoder::WordPiece options) : options_(std::move(options)) {}
  absl::Status Apply(bool is_first, std::string* token) const override {
    if (!is_first) {
      if (token->starts_with(options_.prefix)) {
        token->erase(0, options_.prefix.size());
      } else {
        token->insert(0, " ");
      }
    }
    if (options_.cleanup) *token = CleanUpWordPiece(std::move(*token));
    return absl::OkStatus();
  }

 private:
  const decoder::WordPiece options_;
};

class StripStep : public PerTokenStep {
 public:
  explicit StripStep(const decoder::Strip& options)
      : content_(Utf8Of(options.content)), start_(options.start), stop_(options.stop) {}
  absl::Status Apply(bool, std::string* token) const override {
    std::string_view text = *token;
    for (uint64_t n = 0; n < start_ && text.starts_with(content_); ++n) text.remove_prefix(content_.size());
    for (uint64_t n = 0; n < stop_ && text.ends_with(content_); ++n) text.remove_suffix(content_.size());
    *token = std::string(text);
    return absl::OkStatus();
  }
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override {
    return MakeStripStage(content_, start_, stop_, next);
  }

 private:
  const std::string content_;
  const uint64_t start_, stop_;
};

class LiteralReplaceStep : public PerTokenStep {
 public:
  explicit LiteralReplaceStep(const decoder::Replace& options)
      : pattern_(options.pattern.text), content_(options.content) {}
  absl::Status Apply(bool, std::string* token) const override {
    // The peer finds nothing in empty text, not even the empty pattern.
    if (!token->empty() && token->find(pattern_) != std::string::npos) {
      *token = ReplaceAll(*token, pattern_, content_);
    }
    return absl::OkStatus();
  }
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override {
    return pattern_.empty() ? MakeCollectStage(*this, next)
                            : MakeLiteralStage(pattern_, content_, content_, next);
  }

 private:
  const std::string pattern_, content_;
};

class RegexReplaceStep : public PerTokenStep {
 public:
  RegexReplaceStep(std::shared_ptr<const PatternMatcher> matcher, std::string content)
      : matcher_(std::move(matcher)), content_(std::move(content)) {}
  absl::Status Apply(bool, std::string* token) const override {
    if (token->empty()) return absl::OkStatus();
    std::vector<MatchRange> matches;
    TOK_RETURN_IF_ERROR(matcher_->FindAll(*token, &matches));
    std::string result;
    size_t done = 0;
    for (const MatchRange& match : matches) {
      result.append(*token, done, match.begin - done).append(content_);
      done = match.end;
    }
    result.append(*token, done);
    token->swap(result);
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<const PatternMatcher> matcher_;
  const std::string content_;
};

class ByteFallbackStep : public DecoderStep {
 public:
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override { return MakeByteFallbackStage(next); }
  Shape shape() const override { return Shape::kByteFallback; }
};

class BpeSuffixStep : public DecoderStep {
 public:
  explicit BpeSuffixStep(std::string suffix) : suffix_(std::move(suffix)) {}
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override {
    return MakeBpeSuffixStage(suffix_, next);
  }

 private:
  const std::string suffix_;
};

class CtcStep : public DecoderStep {
 public:
  explicit CtcStep(decoder::Ctc options) : options_(std::move(options)) {}
  std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const override {
    return MakeCtcStage(options_, next);
  }

 private:
  const decoder::Ctc options_;
};

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

absl::Status AddReplace(const decoder::Replace& options, UnicodeProfileName profile, DecoderSteps* steps) {
  if (!options.pattern.is_regex) {
    steps->push_back(std::make_shared<LiteralReplaceStep>(options));
    return absl::OkStatus();
  }
  TOK_ASSIGN_OR_RETURN(auto matcher, PatternMatcher::Create(options.pattern, profile));
  steps->push_back(std::make_shared<RegexReplaceStep>(std::move(matcher), options.content));
  return absl::OkStatus();
}

absl::Status AddStep(const decoder::Step& step, bool is_last, UnicodeProfileName profile,
                     DecoderSteps* steps) {
  const auto add = [&](std::shared_ptr<const DecoderStep> compiled) {
    steps->push_back(std::move(compiled));
    return absl::OkStatus();
  };
  return std::visit(
      Overloaded{
          [&](const decoder::ByteLevel&) {
            steps->push_back(std::make_shared<ByteMapStep>());
            return add(std::make_shared<FuseStep>(/*lossy=*/!is_last));
          },
          [&](const decoder::Metaspace& options) { return add(std::make_shared<MetaspaceStep>(options)); },
          [&](const decoder::WordPiece& options) { return add(std::make_shared<WordPieceStep>(options)); },
          [&](const decoder::BpeSuffix& options) {
            return add(std::make_shared<BpeSuffixStep>(options.suffix));
          },
          [&](const decoder::ByteFallback&) { return add(std::make_shared<ByteFallbackStep>()); },
          [&](const decoder::Fuse&) { return add(std::make_shared<FuseStep>(/*lossy=*/false)); },
          [&](const decoder::Strip& options) { return add(std::make_shared<StripStep>(options)); },
          [&](const decoder::Replace& options) { return AddReplace(options, profile, steps); },
          [&](const decoder::Ctc& options) { return add(std::make_shared<CtcStep>(options)); },
          [&](const decoder::SentencePiece&) {
            return MakeError(ErrorCode::kUnsupportedFeature, "decoder",
                             "SentencePiece's decoder among other steps", "use it alone");
          },
      },
      step);
}

}  // namespace

absl::Status DecoderStep::Apply(bool, std::string*) const {
  return MakeError(ErrorCode::kInternal, "decoder", "a step that is not per-token was applied to one token");
}

std::unique_ptr<TokenSink> DecoderStep::MakeStage(TokenSink* next) const {
  return MakeCollectStage(*this, next);
}

absl::StatusOr<DecoderSteps> MakeDecoderSteps(const DecoderSpec& spec, UnicodeProfileName profile) {
  DecoderSteps steps;
  if (spec.steps.empty() && spec.join_with_spaces) steps.push_back(std::make_shared<JoinStep>());
  for (size_t i = 0; i < spec.steps.size(); ++i) {
    TOK_RETURN_IF_ERROR(AtPlace(Concat("decoder step ", i),
                                AddStep(spec.steps[i], i + 1 == spec.steps.size(), profile, &steps)));
  }
  return steps;
}

int ParseByteToken(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return -1;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  const int high = token[3] == '+' ? 0 : digit(token[3]), low = digit(token[4]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

}  // namespace tok
