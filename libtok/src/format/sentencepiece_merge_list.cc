// CanonicalRules and MergesByScore; see sentencepiece_to_json.h.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/json_reading.h"
#include "src/format/rank_conversion.h"
#include "src/format/sentencepiece_to_json.h"
#include "src/model/bpe/merge_derivation.h"
#include "src/model/sentencepiece_output.h"

namespace tok {
namespace {

constexpr std::string_view kFormat = "tokenizer.json";
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

absl::StatusOr<std::vector<MergeRule>> CanonicalRules(const TokenizerSpec& spec) {
  const Vocabulary& vocabulary = spec.vocabulary;
  TOK_ASSIGN_OR_RETURN(MergeDerivation derivation, MergeDerivation::Create(spec));
  std::vector<MergeRule> rules;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!IsSentencePieceMatchable(vocabulary.Kind(id)) || vocabulary.Kind(id) == TokenKind::kUserDefined)
      continue;
    const std::span<const MergeRule> applied = derivation.RulesOf(id);
    if (!applied.empty()) rules.push_back(applied.back());
  }
  return rules;
}

absl::StatusOr<std::vector<Merge>> MergesByScore(const TokenizerSpec& spec) {
  const Vocabulary& vocabulary = spec.vocabulary;
  TOK_ASSIGN_OR_RETURN(std::vector<MergeRule> rules, CanonicalRules(spec));
  for (const MergeRule& rule : rules) {
    if (rule.left < vocabulary.size() && rule.right < vocabulary.size()) continue;
    return Inexpressible(spec, kFormat,
                         Concat("piece ", Quoted(vocabulary.Bytes(rule.merged)),
                                ", merged from a character that is no piece itself"),
                         "convert to .tok instead");
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
