// MergesByScore; see sentencepiece_to_json.h.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/format/rank_conversion.h"
#include "src/format/sentencepiece_to_json.h"
#include "src/model/bpe/sentencepiece_merges.h"
#include "src/model/sentencepiece_output.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = "tokenizer.json";
// Symbols looked at while deriving all pieces: minutes at most, whatever the file holds.
constexpr uint64_t kMaxWork = uint64_t{1} << 32;

// Merges the characters of `piece`; the last rule applied, or one without rank if they do not end as one symbol.
MergeRule LastRule(const SentencePieceMerges& merges, std::string_view piece, uint64_t* work) {
  std::vector<TokenId> symbols;
  for (size_t i = 0; i < piece.size();) {
    const DecodedChar c = DecodeUtf8(piece, i);
    symbols.push_back(merges.SymbolOf(c.code_point));
    i += c.n_bytes;
  }
  MergeRule last{.rank = kNoRank};
  while (symbols.size() > 1) {
    MergeRule best{.rank = kNoRank};
    size_t best_at = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const MergeRule& rule = merges.table().Find(symbols[i], symbols[i + 1]);
      if (rule.rank >= best.rank) continue;
      best = rule;
      best_at = i;
    }
    *work += symbols.size();
    if (best.rank == kNoRank) return best;
    symbols[best_at] = best.merged;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best_at) + 1);
    last = best;
  }
  return last;
}

// Rules of one rank follow each other in `rules`. SentencePiece takes the leftmost of them, a list the one listed
// first. That is the same as long as no earlier one begins with the symbol that a later one ends with, and as long as
// what they make takes no part in merges that come before them or among them.
bool OrderMatters(const std::vector<MergeRule>& rules) {
  absl::flat_hash_map<TokenId, uint32_t> tied_products;
  for (size_t begin = 0, end = 0; begin < rules.size(); begin = end) {
    absl::flat_hash_set<TokenId> begins_earlier;
    while (end < rules.size() && rules[end].rank == rules[begin].rank) {
      if (begins_earlier.contains(rules[end].right)) return true;
      begins_earlier.insert(rules[end++].left);
    }
    if (end - begin < 2) continue;
    for (size_t i = begin; i < end; ++i) tied_products.emplace(rules[i].merged, rules[i].rank);
  }
  return std::any_of(rules.begin(), rules.end(), [&](const MergeRule& rule) {
    for (const TokenId side : {rule.left, rule.right}) {
      const auto tied = tied_products.find(side);
      if (tied != tied_products.end() && tied->second >= rule.rank) return true;
    }
    return false;
  });
}

}  // namespace

absl::StatusOr<std::vector<Merge>> MergesByScore(const TokenizerSpec& spec) {
  const Vocabulary& vocabulary = spec.vocabulary;
  TOK_ASSIGN_OR_RETURN(const SentencePieceMerges merges, SentencePieceMerges::Build(vocabulary));
  std::vector<MergeRule> rules;
  uint64_t work = 0;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!IsSentencePieceMatchable(vocabulary.Kind(id)) || vocabulary.Kind(id) == TokenKind::kUserDefined)
      continue;
    const MergeRule rule = LastRule(merges, vocabulary.Bytes(id), &work);
    if (work > kMaxWork) {
      return MakeError(ErrorCode::kLimit, spec.name, "has too many long pieces to derive their merges",
                       "convert to .tok instead");
    }
    if (rule.rank == kNoRank || rule.merged != id) continue;
    const TokenId n_pieces = merges.first_character_symbol();
    if (rule.left >= n_pieces || rule.right >= n_pieces) {
      return Inexpressible(
          spec, kFormat,
          Concat("piece ", Quoted(vocabulary.Bytes(id)), ", merged from a character that is no piece itself"),
          "convert to .tok instead");
    }
    rules.push_back(rule);
  }
  std::stable_sort(rules.begin(), rules.end(),
                   [](const MergeRule& a, const MergeRule& b) { return a.rank < b.rank; });
  if (OrderMatters(rules)) {
    return Inexpressible(spec, kFormat,
                         "BPE pieces of equal score, of which the leftmost in the text is merged first",
                         "convert to .tok instead");
  }
  std::vector<Merge> list;
  for (const MergeRule& rule : rules) list.push_back({rule.left, rule.right});
  return list;
}

}  // namespace tok
