#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/tokenizer_json.h"

namespace tok {
namespace {

absl::StatusOr<AddedToken> ReadAddedToken(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const JsonObject object,
                       JsonObject::Open(node, {"id", "content", "single_word", "lstrip", "rstrip",
                                               "normalized", "special", "__type"}));
  AddedToken token;
  TOK_ASSIGN_OR_RETURN(const JsonNode id_node, object.Required("id"));
  TOK_ASSIGN_OR_RETURN(const uint64_t id, id_node.Unsigned(kMaxTokenId, ErrorCode::kBadVocabulary));
  token.id = static_cast<TokenId>(id);
  TOK_ASSIGN_OR_RETURN(token.content, object.String("content"));
  TOK_ASSIGN_OR_RETURN(token.single_word, object.Bool("single_word"));
  TOK_ASSIGN_OR_RETURN(token.lstrip, object.Bool("lstrip"));
  TOK_ASSIGN_OR_RETURN(token.rstrip, object.Bool("rstrip"));
  TOK_ASSIGN_OR_RETURN(token.normalized, object.Bool("normalized"));
  TOK_ASSIGN_OR_RETURN(token.special, object.Bool("special"));
  return token;
}

}  // namespace

absl::StatusOr<std::vector<AddedToken>> ReadAddedTokens(const JsonNode& node) {
  TOK_ASSIGN_OR_RETURN(const simdjson::dom::array elements, node.Array());
  std::vector<AddedToken> tokens;
  for (const simdjson::dom::element element : elements) {
    TOK_ASSIGN_OR_RETURN(AddedToken token, ReadAddedToken(node.Child({}, tokens.size(), element)));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

bool AddedTokenTable::Has(std::string_view content) const { return index_.contains(AbslView(content)); }

TokenId AddedTokenTable::Find(std::string_view content) const {
  const auto found = index_.find(AbslView(content));
  return found != index_.end() ? tokens_[found->second].id : model_->Find(content);
}

absl::Status AddedTokenTable::Add(AddedToken token, bool may_replace, std::vector<std::string>* warnings) {
  if (token.content.empty()) return absl::OkStatus();  // the peer ignores them too
  const TokenId claimed = token.id;
  const auto known = index_.find(token.content);
  if (known != index_.end()) {
    token.id = tokens_[known->second].id;
    if (token == tokens_[known->second]) return absl::OkStatus();
    if (!may_replace) {
      return MakeError(ErrorCode::kBadVocabulary, {},
                       Concat("added token ", Quoted(token.content), " is given twice with different flags"),
                       "keep one of the two");
    }
    tokens_[known->second] = std::move(token);
    return absl::OkStatus();
  }
  token.id = model_->Find(token.content);
  if (token.id == kNoToken) {
    const auto model_size = static_cast<TokenId>(model_->entries.size());
    token.id = tokens_.empty() || max_id_ < model_size ? model_size : max_id_ + 1;
    if (model_size == 0 && !tokens_.empty()) token.id = max_id_ + 1;
  }
  if (claimed != kNoToken && claimed != token.id) {
    warnings->push_back(Concat("added token ", Quoted(token.content), " has id ", claimed,
                               " in the file but gets id ", token.id, ", as in Hugging Face tokenizers"));
  }
  max_id_ = tokens_.empty() ? token.id : std::max(max_id_, token.id);
  index_.emplace(token.content, tokens_.size());
  tokens_.push_back(std::move(token));
  return absl::OkStatus();
}

}  // namespace tok
