#include "cuda/encoder/device_encoder_policy.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "src/base/status_macros.h"

namespace tok::cuda {
namespace {

TokenAction ActionOf(const AddedToken& token, const SpecialPolicy& policy, bool are_simple) {
  TokenAction action = TokenAction::kMatch;
  if (token.special) {
    switch (policy.kind()) {
      case SpecialPolicy::Kind::kText: action = TokenAction::kIgnore; break;
      case SpecialPolicy::Kind::kError: action = TokenAction::kRefuse; break;
      case SpecialPolicy::Kind::kAll: break;
      case SpecialPolicy::Kind::kListed:
        if (!std::ranges::binary_search(policy.listed(), token.id)) action = TokenAction::kRefuse;
        break;
    }
  }
  return are_simple ? action : TokenAction::kToHost;
}

}  // namespace

absl::Status DeviceEncoder::Policy::Fill(const Tables& tables, const SpecialPolicy& special) {
  const std::vector<AddedToken>& all = tables.tokenizer.spec().added_tokens;
  std::vector<TokenAction> chosen;
  std::vector<uint32_t> token_ids;
  // Where tokens hide one another, those that are ignored may hide others that are not.
  const bool is_none_wanted = special.kind() == SpecialPolicy::Kind::kText &&
                              std::ranges::all_of(all, [](const AddedToken& token) { return token.special; });
  for (const uint32_t t : tables.added_tokens) {
    chosen.push_back(ActionOf(all[t], special, tables.added_are_simple || is_none_wanted));
    token_ids.push_back(all[t].id);
  }
  has_matches = std::ranges::any_of(chosen, [](TokenAction a) { return a != TokenAction::kIgnore; });
  TokenAction* actions;
  uint32_t* ids;
  TOK_RETURN_IF_ERROR(uploads.Add(chosen, &actions));
  TOK_RETURN_IF_ERROR(uploads.Add(token_ids, &ids));
  added = {tables.trie, actions, ids};
  return absl::OkStatus();
}

}  // namespace tok::cuda
