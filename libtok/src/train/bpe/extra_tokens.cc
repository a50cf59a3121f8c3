#include "src/train/bpe/extra_tokens.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

constexpr size_t kMaxPadding = 4096;  // 8 MB of blanks

bool Contains(const std::vector<std::string>& tokens, std::string_view token) {
  return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

// A byte-level file spells the model's tokens in an alphabet of its own, added tokens as they are.
bool SpellInModel(const std::string& token, VocabularyAlphabet alphabet, std::string* bytes) {
  if (alphabet == VocabularyAlphabet::kBytes) return FromByteAlphabet(token, bytes);
  *bytes = token;
  return true;
}

// Added tokens are looked for in text.
absl::Status CheckIsText(const std::string& token) {
  if (FindInvalidUtf8(token) == std::string_view::npos) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, Concat("token '", EscapePiece(token), "'"),
                   "is not UTF-8: no text has it", "leave it out");
}

// The same token given twice is one, as in Hugging Face.
absl::Status CheckSpecialTokens(const std::vector<std::string>& tokens, VocabularyAlphabet alphabet) {
  absl::flat_hash_map<std::string, std::string_view> content_of;  // by what the vocabulary has
  for (const std::string& token : tokens) {
    TOK_RETURN_IF_ERROR(CheckIsText(token));
    std::string bytes;
    const bool is_in_model = SpellInModel(token, alphabet, &bytes);
    const auto [known, is_new] = content_of.emplace(is_in_model ? bytes : token, token);
    if (is_new || known->second == token) continue;
    return MakeError(
        ErrorCode::kUsage, "special tokens",
        Concat("'", known->second, "' and '", token, "' are the same token to a byte-level file"),
        "leave out one of them");
  }
  return absl::OkStatus();
}

absl::Status CheckPadding(size_t n_tokens) {
  const size_t size = std::bit_ceil(n_tokens);
  if (size - n_tokens <= kMaxPadding) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "padding to a power of two",
                   Concat(n_tokens, " tokens need ", size - n_tokens,
                          " more, of up to as many blanks; at most ", kMaxPadding, " are made"),
                   Concat("choose a size closer to ", size));
}

class Numbering {
 public:
  // `given`: contents that are not to be made again.
  Numbering(VocabularyAlphabet alphabet, const std::vector<std::string>& tokens,
            const std::vector<std::string>& given)
      : alphabet_(alphabet), n_tokens_(tokens.size()), contents_(given.begin(), given.end()) {
    for (TokenId id = 0; id < tokens.size(); ++id) ids_.emplace(tokens[id], id);
  }

  void Add(const std::string& content) {
    if (!contents_.insert(content).second) return;
    std::string bytes;
    if (!SpellInModel(content, alphabet_, &bytes)) {
      bytes = content;
    } else if (const auto found = ids_.find(bytes); found != ids_.end()) {
      extra_.push_back({found->second, content, bytes, /*is_new=*/false});
      return;
    }
    extra_.push_back({static_cast<TokenId>(n_tokens_++), content, bytes, /*is_new=*/true});
  }

  void PadTo(size_t size) {
    for (size_t length = 2; n_tokens_ < size; ++length) {
      Add(std::string(length, ' '));
      if (n_tokens_ < size) Add(std::string(length, '\n'));
    }
  }

  size_t n_tokens() const { return n_tokens_; }
  std::vector<ExtraToken> Take() && { return std::move(extra_); }

 private:
  const VocabularyAlphabet alphabet_;
  size_t n_tokens_;
  absl::flat_hash_map<std::string_view, TokenId> ids_;
  absl::flat_hash_set<std::string> contents_;
  std::vector<ExtraToken> extra_;
};

}  // namespace

BpeTrainerOptions WithUnknownToken(BpeTrainerOptions options) {
  if (options.unk_token && !Contains(options.special_tokens, *options.unk_token)) {
    options.special_tokens.insert(options.special_tokens.begin(), *options.unk_token);
  }
  return options;
}

absl::Status CheckExtraTokens(const BpeTrainerOptions& options, VocabularyAlphabet alphabet) {
  if (options.unk_token && (options.unk_token->empty() || alphabet == VocabularyAlphabet::kBytes)) {
    return MakeError(ErrorCode::kUsage, "unknown token",
                     options.unk_token->empty() ? "is empty" : "means nothing where tokens are bytes",
                     "leave it out");
  }
  if (options.pad_to_power_of_two) TOK_RETURN_IF_ERROR(CheckPadding(options.vocab_size));
  TOK_RETURN_IF_ERROR(CheckSpecialTokens(options.special_tokens, alphabet));
  absl::flat_hash_set<std::string_view> seen(options.special_tokens.begin(), options.special_tokens.end());
  for (const std::string& token : options.whole_tokens) {
    if (token.empty() || !seen.insert(token).second) {
      return MakeError(
          ErrorCode::kUsage, "whole tokens",
          Concat("'", token, "' is ", token.empty() ? "empty" : "given twice, or a special token"),
          "give each token once");
    }
    TOK_RETURN_IF_ERROR(CheckIsText(token));
    std::string bytes;
    if (alphabet == VocabularyAlphabet::kBytes && FromByteAlphabet(token, &bytes) && bytes != token) {
      return MakeError(
          ErrorCode::kUsage, "whole tokens",
          Concat("'", token, "' is how byte-level files spell other bytes: it would decode to those"),
          "leave it out, or train on characters");
    }
  }
  return absl::OkStatus();
}

absl::Status RefuseExtraTokens(const BpeTrainerOptions& options, std::string_view kind) {
  if (options.whole_tokens.empty() && !options.unk_token && !options.pad_to_power_of_two)
    return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "whole or unknown tokens, or padding", Concat("mean nothing to ", kind),
                   "leave them out");
}

std::vector<std::string> SpelledInModel(const std::vector<std::string>& tokens, VocabularyAlphabet alphabet) {
  std::vector<std::string> spelled;
  std::string bytes;
  for (const std::string& token : tokens) {
    if (SpellInModel(token, alphabet, &bytes)) spelled.push_back(bytes);
  }
  return spelled;
}

absl::StatusOr<std::vector<ExtraToken>> NumberExtraTokens(const BpeTrainerOptions& options,
                                                          VocabularyAlphabet alphabet,
                                                          const std::vector<std::string>& tokens) {
  if (options.whole_tokens.empty() && !options.pad_to_power_of_two) return std::vector<ExtraToken>();
  Numbering numbering(alphabet, tokens, options.special_tokens);
  for (const std::string& token : options.whole_tokens) numbering.Add(token);
  if (options.pad_to_power_of_two) {
    TOK_RETURN_IF_ERROR(CheckPadding(numbering.n_tokens()));
    numbering.PadTo(std::bit_ceil(numbering.n_tokens()));
  }
  return std::move(numbering).Take();
}

}  // namespace tok
