#include "src/train/unigram/unigram_vocabulary.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/pieces/rules_decoder.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr double kPenaltyStep = 0.0001;

absl::Status BadToken(std::string_view name, std::string_view fact, std::string_view remedy) {
  return MakeError(ErrorCode::kUsage, name, fact, remedy);
}

absl::StatusOr<std::vector<std::string>> FindSpecialTokens(const UnigramTrainerOptions& options) {
  std::vector<std::string> tokens;
  absl::flat_hash_set<std::string_view> seen;
  for (const AddedToken& token : options.special_tokens) {
    if (token.content.empty() || FindInvalidUtf8(token.content) != std::string_view::npos) {
      return BadToken("special_tokens", "a special token is empty or not UTF-8", "spell it out");
    }
    if (!seen.insert(token.content).second) {
      return BadToken("special_tokens", Concat("\"", token.content, "\" is given twice"), "give it once");
    }
    tokens.push_back(token.content);
  }
  if (!options.unk_token.has_value() || seen.contains(*options.unk_token)) return tokens;
  if (options.unk_token->empty() || FindInvalidUtf8(*options.unk_token) != std::string_view::npos) {
    return BadToken("unk_token", "the unknown token is empty or not UTF-8", "spell it out, or give none");
  }
  tokens.insert(tokens.begin(), *options.unk_token);
  return tokens;
}

absl::StatusOr<std::vector<std::string>> FindCharacters(const SortedPieces& pieces,
                                                        const std::vector<char32_t>& initial_alphabet) {
  std::vector<bool> seen(kInvalidByte);
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view bytes = pieces[i].bytes;
    for (size_t position = 0; position < bytes.size(); position += ValidCharLength(bytes, position)) {
      seen[DecodeUtf8(bytes, position).code_point] = true;
    }
  }
  for (const char32_t c : initial_alphabet) {
    if (c >= kInvalidByte || (c >= 0xD800 && c < 0xE000)) {
      return BadToken("initial_alphabet",
                      Concat("0x", absl::Hex(static_cast<uint32_t>(c)), " is no character"), "leave it out");
    }
    seen[c] = true;
  }
  std::vector<std::string> characters;
  for (char32_t c = 0; c < kInvalidByte; ++c) {
    if (!seen[c]) continue;
    AppendUtf8(c, &characters.emplace_back());
  }
  return characters;
}

struct ScoredToken {
  std::string bytes;
  double score;
};

std::vector<ScoredToken> ChooseTokens(const Candidates& candidates, const RequiredTokens& required,
                                      size_t n_wanted) {
  std::vector<ScoredToken> tokens;
  absl::flat_hash_set<std::string_view> taken(required.special.begin(), required.special.end());
  double penalty = 0;
  for (const std::string& character : required.characters) {
    taken.insert(character);
    if (const uint32_t id = candidates.Find(character); id != kNoToken) {
      tokens.push_back({character, candidates.Score(id)});
    } else {
      tokens.push_back({character, candidates.least_score() + penalty});
      penalty += kPenaltyStep;
    }
  }
  for (const uint32_t id : candidates.order()) {
    if (tokens.size() >= n_wanted) break;
    if (!taken.contains(candidates.Bytes(id)))
      tokens.push_back({std::string(candidates.Bytes(id)), candidates.Score(id)});
  }
  std::stable_sort(tokens.begin(), tokens.end(),
                   [](const ScoredToken& a, const ScoredToken& b) { return a.score > b.score; });
  return tokens;
}

}  // namespace

absl::StatusOr<RequiredTokens> FindRequiredTokens(const SortedPieces& pieces,
                                                  const UnigramTrainerOptions& options) {
  RequiredTokens required;
  TOK_ASSIGN_OR_RETURN(required.special, FindSpecialTokens(options));
  TOK_ASSIGN_OR_RETURN(required.characters, FindCharacters(pieces, options.initial_alphabet));
  std::erase_if(required.characters, [&](const std::string& character) {
    return std::find(required.special.begin(), required.special.end(), character) != required.special.end();
  });
  if (options.unk_token.has_value()) {
    const auto unknown = std::find(required.special.begin(), required.special.end(), *options.unk_token);
    required.unk_id = static_cast<TokenId>(unknown - required.special.begin());
  }
  if (const size_t n = required.special.size() + required.characters.size(); n > options.vocab_size) {
    return MakeError(ErrorCode::kUsage, "vocab_size",
                     Concat(options.vocab_size, " has no room for ", required.special.size(),
                            " special tokens and ", required.characters.size(), " characters"),
                     Concat("ask for ", n, " or more"));
  }
  return required;
}

absl::StatusOr<TokenizerSpec> MakeUnigramSpec(const Candidates& candidates, const RequiredTokens& required,
                                              const PieceRules& rules, const UnigramTrainerOptions& options) {
  TokenizerSpec spec;
  spec.source_format = "tokenizer.json";
  spec.unicode_profile = rules.unicode_profile;
  spec.normalizers = rules.normalizers;
  spec.pre_tokenizers = rules.pre_tokenizers;
  spec.decoder = DecoderOf(rules);
  spec.model = UnigramModelSpec{.unk_id = required.unk_id};
  VocabularyBuilder vocabulary;
  TokenId id = 0;
  for (const std::string& token : required.special) {
    const TokenKind kind = id == required.unk_id ? TokenKind::kUnknown : TokenKind::kNormal;
    TOK_RETURN_IF_ERROR(vocabulary.Add(id++, token, kind, 0.0));
  }
  const TokenId n_added_unknown =
      static_cast<TokenId>(required.special.size() - options.special_tokens.size());
  for (const AddedToken& token : options.special_tokens) {
    AddedToken& added = spec.added_tokens.emplace_back(token);
    added.id = n_added_unknown + static_cast<TokenId>(spec.added_tokens.size() - 1);
    added.special = true;
  }
  for (const ScoredToken& token :
       ChooseTokens(candidates, required, options.vocab_size - required.special.size())) {
    TOK_RETURN_IF_ERROR(vocabulary.Add(id++, token.bytes, TokenKind::kNormal, token.score));
  }
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, std::move(vocabulary).Build());
  return spec;
}

}  // namespace tok
