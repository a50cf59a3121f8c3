#include "src/encode/decoder_stages.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/encode/decoder_utf8.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

class CollectStage : public TokenSink {
 public:
  CollectStage(const DecoderStep& step, TokenSink* next) : step_(step), next_(next) {}
  absl::Status Text(std::string_view fragment) override {
    token_.append(fragment);
    return absl::OkStatus();
  }
  absl::Status EndToken() override {
    TOK_RETURN_IF_ERROR(step_.Apply(is_first_, &token_));
    is_first_ = false;
    TOK_RETURN_IF_ERROR(next_->Text(token_));
    token_.clear();
    return next_->EndToken();
  }
  absl::Status Finish() override { return next_->Finish(); }

 private:
  const DecoderStep& step_;
  TokenSink* next_;
  std::string token_;
  bool is_first_ = true;
};

// Knuth-Morris-Pratt: what is held back is always a prefix of the pattern.
class LiteralStage : public TokenSink {
 public:
  LiteralStage(std::string pattern, std::string first, std::string rest, TokenSink* next)
      : pattern_(std::move(pattern)), content_(std::move(first)), rest_(std::move(rest)), next_(next) {
    borders_.assign(pattern_.size() + 1, 0);
    for (size_t i = 1, border = 0; i < pattern_.size(); ++i) {
      while (border > 0 && pattern_[i] != pattern_[border]) border = borders_[border];
      if (pattern_[i] == pattern_[border]) ++border;
      borders_[i + 1] = border;
    }
  }

  absl::Status Text(std::string_view fragment) override {
    out_.clear();
    for (char c : fragment) {
      while (n_matched_ > 0 && pattern_[n_matched_] != c) {
        const size_t border = borders_[n_matched_];
        out_.append(pattern_, 0, n_matched_ - border);
        n_matched_ = border;
      }
      if (pattern_[n_matched_] != c) {
        out_.push_back(c);
      } else if (++n_matched_ == pattern_.size()) {
        out_.append(content_);
        n_matched_ = 0;
      }
    }
    return out_.empty() ? absl::OkStatus() : next_->Text(out_);
  }
  absl::Status EndToken() override {
    if (n_matched_ > 0) TOK_RETURN_IF_ERROR(next_->Text(std::string_view(pattern_).substr(0, n_matched_)));
    n_matched_ = 0;
    content_ = rest_;
    return next_->EndToken();
  }
  absl::Status Finish() override { return next_->Finish(); }

 private:
  const std::string pattern_;
  std::string content_, rest_;
  TokenSink* next_;
  std::vector<size_t> borders_;  // of each prefix: its longest proper prefix that is also a suffix
  size_t n_matched_ = 0;
  std::string out_;
};

class StripStage : public TokenSink {
 public:
  StripStage(std::string content, uint64_t start, uint64_t stop, TokenSink* next)
      : content_(std::move(content)), start_(start), stop_(stop), next_(next), n_to_drop_(start) {}

  absl::Status Text(std::string_view fragment) override {
    for (; n_to_drop_ > 0 && fragment.starts_with(content_); --n_to_drop_)
      fragment.remove_prefix(content_.size());
    if (fragment.empty()) return absl::OkStatus();
    n_to_drop_ = 0;
    if (stop_ == 0) return next_->Text(fragment);
    uint64_t n_trailing = 0;
    for (; fragment.ends_with(content_); ++n_trailing) fragment.remove_suffix(content_.size());
    if (!fragment.empty()) {
      TOK_RETURN_IF_ERROR(Release(0));
      TOK_RETURN_IF_ERROR(next_->Text(fragment));
    }
    n_held_ += n_trailing;
    return Release(stop_);
  }
  absl::Status EndToken() override {
    n_held_ = 0;
    n_to_drop_ = start_;
    return next_->EndToken();
  }
  absl::Status Finish() override { return next_->Finish(); }

 private:
  // Passes held characters on until `n` are left.
  absl::Status Release(uint64_t n) {
    if (n_held_ <= n) return absl::OkStatus();
    std::string text;
    for (; n_held_ > n; --n_held_) text += content_;
    return next_->Text(text);
  }

  const std::string content_;
  const uint64_t start_, stop_;
  TokenSink* next_;
  uint64_t n_to_drop_, n_held_ = 0;
};

class FuseStage : public TokenSink {
 public:
  FuseStage(bool lossy, TokenSink* next) : is_lossy_(lossy), next_(next) {}
  absl::Status Text(std::string_view fragment) override {
    if (!is_lossy_) return next_->Text(fragment);
    std::string text;
    lossy_.Push(fragment, &text);
    return text.empty() ? absl::OkStatus() : next_->Text(text);
  }
  absl::Status EndToken() override { return absl::OkStatus(); }
  absl::Status Finish() override {
    std::string text;
    lossy_.Finish(&text);
    if (!text.empty()) TOK_RETURN_IF_ERROR(next_->Text(text));
    TOK_RETURN_IF_ERROR(next_->EndToken());
    return next_->Finish();
  }

 private:
  const bool is_lossy_;
  TokenSink* next_;
  LossyUtf8 lossy_;
};

class ByteFallbackStage : public TokenSink {
 public:
  explicit ByteFallbackStage(TokenSink* next) : next_(next) {}

  absl::Status Text(std::string_view fragment) override {
    if (passes_) return next_->Text(fragment);
    token_.append(fragment);
    if (token_.size() <= kByteTokenLength) return absl::OkStatus();
    passes_ = true;
    TOK_RETURN_IF_ERROR(EndRun());
    return next_->Text(token_);
  }
  absl::Status EndToken() override {
    const int byte = passes_ ? -1 : ParseByteToken(token_);
    if (byte >= 0) {
      std::string broken;
      run_.Push(static_cast<uint8_t>(byte), &broken);
      token_.clear();
      return PushReplacements(broken);
    }
    if (!passes_) {
      TOK_RETURN_IF_ERROR(EndRun());
      TOK_RETURN_IF_ERROR(next_->Text(token_));
    }
    token_.clear();
    passes_ = false;
    return next_->EndToken();
  }
  absl::Status Finish() override {
    TOK_RETURN_IF_ERROR(EndRun());
    return next_->Finish();
  }

 private:
  static constexpr size_t kByteTokenLength = 6;

  absl::Status EndRun() {
    const bool is_one_token = run_.HoldsCharacters();
    std::string text;
    run_.Finish(&text);
    if (!is_one_token) return PushReplacements(text);
    TOK_RETURN_IF_ERROR(next_->Text(text));
    return next_->EndToken();
  }
  // A broken run is a token a byte.
  absl::Status PushReplacements(std::string_view text) {
    for (; !text.empty(); text.remove_prefix(kReplacementCharacter.size())) {
      TOK_RETURN_IF_ERROR(next_->Text(kReplacementCharacter));
      TOK_RETURN_IF_ERROR(next_->EndToken());
    }
    return absl::OkStatus();
  }

  TokenSink* next_;
  ByteRun run_;
  std::string token_;    // what has come of the current token while it may be a byte token
  bool passes_ = false;  // the current token is too long to be one
};

class BpeSuffixStage : public TokenSink {
 public:
  BpeSuffixStage(std::string suffix, TokenSink* next) : suffix_(std::move(suffix)), next_(next) {}

  absl::Status Text(std::string_view fragment) override {
    token_.append(fragment);
    return absl::OkStatus();
  }
  absl::Status EndToken() override {
    TOK_RETURN_IF_ERROR(EndHeld(" "));
    const size_t place = token_.find(suffix_);
    TOK_RETURN_IF_ERROR(next_->Text(std::string_view(token_).substr(0, place)));
    if (place == std::string::npos) {
      TOK_RETURN_IF_ERROR(next_->EndToken());
    } else {
      is_holding_ = true;
      held_.assign(token_, place);
    }
    token_.clear();
    return absl::OkStatus();
  }
  absl::Status Finish() override {
    TOK_RETURN_IF_ERROR(EndHeld(""));
    return next_->Finish();
  }

 private:
  absl::Status EndHeld(std::string_view content) {
    if (!is_holding_) return absl::OkStatus();
    is_holding_ = false;
    TOK_RETURN_IF_ERROR(next_->Text(ReplaceAll(held_, suffix_, content)));
    return next_->EndToken();
  }

  const std::string suffix_;
  TokenSink* next_;
  std::string token_;  // the current token
  std::string
      held_;  // the previous one from its first suffix on: the last token of the list is treated otherwise
  bool is_holding_ = false;
};

class CtcStage : public TokenSink {
 public:
  CtcStage(const decoder::Ctc& options, TokenSink* next) : options_(options), next_(next) {}

  absl::Status Text(std::string_view fragment) override {
    token_.append(fragment);
    return absl::OkStatus();
  }
  absl::Status EndToken() override {
    const bool repeats = has_previous_ && token_ == previous_;
    previous_.swap(token_);
    has_previous_ = true;
    token_.clear();
    if (repeats) return absl::OkStatus();
    std::string text = ReplaceAll(previous_, options_.pad_token, "");
    if (options_.cleanup) {
      text = ReplaceAll(CleanUpWordPiece(std::move(text)), options_.word_delimiter_token, " ");
    }
    if (text.empty()) return absl::OkStatus();
    TOK_RETURN_IF_ERROR(next_->Text(text));
    return next_->EndToken();
  }
  absl::Status Finish() override { return next_->Finish(); }

 private:
  const decoder::Ctc options_;
  TokenSink* next_;
  std::string token_, previous_;
  bool has_previous_ = false;
};

}  // namespace

std::string ReplaceAll(std::string_view text, std::string_view pattern, std::string_view content) {
  std::string result;
  if (pattern.empty()) {
    result.append(content);
    for (size_t i = 0; i < text.size();) {
      const size_t n = DecodeUtf8(text, i).n_bytes;
      result.append(text.substr(i, n)).append(content);
      i += n;
    }
    return result;
  }
  for (;;) {
    const size_t place = text.find(pattern);
    result.append(text.substr(0, place));
    if (place == std::string_view::npos) return result;
    result.append(content);
    text.remove_prefix(place + pattern.size());
  }
}

std::string CleanUpWordPiece(std::string text) {
  static constexpr std::string_view kRules[][2] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},    {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  for (const auto& [pattern, content] : kRules) {
    if (text.find(pattern) != std::string::npos) text = ReplaceAll(text, pattern, content);
  }
  return text;
}

std::unique_ptr<TokenSink> MakeCollectStage(const DecoderStep& step, TokenSink* next) {
  return std::make_unique<CollectStage>(step, next);
}
std::unique_ptr<TokenSink> MakeLiteralStage(std::string pattern, std::string first, std::string rest,
                                            TokenSink* next) {
  return std::make_unique<LiteralStage>(std::move(pattern), std::move(first), std::move(rest), next);
}
std::unique_ptr<TokenSink> MakeStripStage(std::string content, uint64_t start, uint64_t stop,
                                          TokenSink* next) {
  return std::make_unique<StripStage>(std::move(content), start, stop, next);
}
std::unique_ptr<TokenSink> MakeFuseStage(bool lossy, TokenSink* next) {
  return std::make_unique<FuseStage>(lossy, next);
}
std::unique_ptr<TokenSink> MakeByteFallbackStage(TokenSink* next) {
  return std::make_unique<ByteFallbackStage>(next);
}
std::unique_ptr<TokenSink> MakeBpeSuffixStage(std::string suffix, TokenSink* next) {
  return std::make_unique<BpeSuffixStage>(std::move(suffix), next);
}
std::unique_ptr<TokenSink> MakeCtcStage(const decoder::Ctc& options, TokenSink* next) {
  return std::make_unique<CtcStage>(options, next);
}

}  // namespace tok
