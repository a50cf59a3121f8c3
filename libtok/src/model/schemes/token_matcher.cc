#include "src/model/schemes/token_matcher.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/byte_bpe.h"

namespace tok {
namespace {

using Keys = std::vector<std::pair<std::string_view, uint32_t>>;

// How the model's own tokens are marked, and what it does with text that they do not spell.
struct ModelRules {
  std::string continuing_prefix;
  std::string unknown_token;
  std::optional<TokenId> unknown_id;
  bool byte_fallback = false, drops_unspelled = false, fuses_unspelled = true;
};

absl::StatusOr<ModelRules> RulesOf(const TokenizerSpec& spec) {
  struct Reader {
    using Result = absl::StatusOr<ModelRules>;
    Result operator()(const BpeModelSpec& m) const {
      if (!m.end_of_word_suffix.empty()) {
        return MakeError(ErrorCode::kUnsupportedFeature, "scheme",
                         "tokens that end words (" + m.end_of_word_suffix + ") are not done",
                         "use the tokenizer's own scheme");
      }
      const bool is_list = m.mode == BpeModelSpec::Mode::kMergeList;
      return ModelRules{m.continuing_subword_prefix, m.unk_token.value_or(""), {}, m.byte_fallback, is_list,
                        !is_list || m.fuse_unk};
    }
    Result operator()(const UnigramModelSpec& m) const {
      return ModelRules{"", "", m.unk_id, m.byte_fallback};
    }
    Result operator()(const WordPieceModelSpec& m) const {
      return ModelRules{m.continuing_subword_prefix, m.unk_token};
    }
    Result operator()(const WordLevelModelSpec& m) const { return ModelRules{"", m.unk_token}; }
    Result operator()(const SentencePieceLookupModelSpec& m) const {
      return ModelRules{"", "", {}, m.byte_fallback};
    }
    Result operator()(const PickyBpeModelSpec&) const { return ModelRules{}; }
  };
  return std::visit(Reader{}, spec.model);
}

// Per id: whether text may become it. Not what stands for other text: special tokens, the unknown token, byte tokens.
std::vector<bool> ProducedTokens(const TokenizerSpec& spec, const SentencePieceIds& unspelled) {
  const Vocabulary& vocabulary = spec.vocabulary;
  std::vector<bool> is_produced(vocabulary.size());
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const TokenKind kind = vocabulary.Kind(id);
    is_produced[id] = kind == TokenKind::kNormal || kind == TokenKind::kUserDefined;
  }
  for (const AddedToken& token : spec.added_tokens) {
    if (token.special && token.id < is_produced.size()) is_produced[token.id] = false;
  }
  if (unspelled.unknown() != kNoToken) is_produced[unspelled.unknown()] = false;
  for (unsigned byte = 0; unspelled.byte_fallback() && byte < 256; ++byte) {
    is_produced[unspelled.byte(static_cast<unsigned char>(byte))] = false;
  }
  return is_produced;
}

SentencePieceIds UnspelledIds(const TokenizerSpec& spec, const ModelRules& rules) {
  const Vocabulary& vocabulary = spec.vocabulary;
  std::array<TokenId, 256> bytes;
  bool has_all = true;
  for (unsigned byte = 0; byte < 256; ++byte) {
    bytes[byte] = vocabulary.Find(ByteTokenSpelling(static_cast<unsigned char>(byte)));
    has_all = has_all && bytes[byte] != kNoToken;
  }
  TokenId unknown = rules.unknown_id.value_or(kNoToken);
  if (!rules.unknown_token.empty()) unknown = vocabulary.Find(rules.unknown_token);
  const auto kinds = vocabulary.kinds();
  const auto marked = std::find(kinds.begin(), kinds.end(), TokenKind::kUnknown);
  if (unknown == kNoToken && marked != kinds.end()) unknown = static_cast<TokenId>(marked - kinds.begin());
  return SentencePieceIds(unknown, rules.byte_fallback && has_all, bytes);
}

}  // namespace

absl::StatusOr<TokenMatcher> TokenMatcher::Create(const TokenizerSpec& spec, Direction direction) {
  TOK_ASSIGN_OR_RETURN(const ModelRules rules, RulesOf(spec));
  const Vocabulary& vocabulary = spec.vocabulary;
  TokenMatcher matcher;
  matcher.bytes_are_characters_ = spec.alphabet == VocabularyAlphabet::kBytes;
  std::array<TokenId, 256> byte_ids;
  matcher.spells_all_bytes_ = matcher.bytes_are_characters_ && FindByteIds(vocabulary, &byte_ids);
  matcher.unspelled_ = UnspelledIds(spec, rules);
  const std::vector<bool> is_produced = ProducedTokens(spec, matcher.unspelled_);
  matcher.drops_unspelled_ = rules.drops_unspelled;
  matcher.fuses_unspelled_ = rules.fuses_unspelled;
  matcher.has_continuing_ = !rules.continuing_prefix.empty();
  std::string reversed;  // of all tokens: keys are views
  if (direction == Direction::kBackward) reversed.reserve(vocabulary.blob().size());
  Keys initial, continuing;
  const auto add = [&](std::string_view token, TokenId id, Keys* keys) {
    if (token.empty()) return;
    if (direction == Direction::kBackward) {
      reversed.append(token.rbegin(), token.rend());
      token = std::string_view(reversed).substr(reversed.size() - token.size());
    }
    keys->emplace_back(token, id);
  };
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!is_produced[id]) continue;
    const std::string_view token = vocabulary.Bytes(id);
    if (token.size() > kMaxSchemeTokenBytes) {
      return MakeError(ErrorCode::kLimit, Concat("token ", id),
                       Concat("has more than ", kMaxSchemeTokenBytes, " bytes"),
                       "use the tokenizer's own scheme");
    }
    if (matcher.has_continuing_ && token.starts_with(rules.continuing_prefix)) {
      add(token.substr(rules.continuing_prefix.size()), id, &continuing);
    } else {
      add(token, id, &initial);
    }
  }
  TOK_ASSIGN_OR_RETURN(matcher.initial_, ByteTrie::Build(std::move(initial)));
  TOK_ASSIGN_OR_RETURN(matcher.continuing_, ByteTrie::Build(std::move(continuing)));
  return matcher;
}

TokenMatcher::Match TokenMatcher::MatchBackward(const ByteTrie& trie, std::string_view piece, size_t begin,
                                                size_t end) {
  Match match;
  if (trie.empty()) return match;
  ByteTrie::State state = ByteTrie::kRoot;
  for (size_t at = end; at > begin;) {
    state = trie.Step(state, static_cast<unsigned char>(piece[--at]));
    if (state == ByteTrie::kDead) break;
    if (const uint32_t id = trie.Value(state); id != ByteTrie::kNoValue) match = {end - at, id};
  }
  return match;
}

TokenMatcher::Match TokenMatcher::LongestBefore(std::string_view piece, size_t end) const {
  if (!has_continuing_) return MatchBackward(initial_, piece, 0, end);
  const Match first = MatchBackward(initial_, piece, 0, end);
  if (first.n_bytes == end) return first;
  return MatchBackward(continuing_, piece, 1, end);
}

}  // namespace tok
