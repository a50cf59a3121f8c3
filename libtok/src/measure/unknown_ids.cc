#include "src/measure/unknown_ids.h"

#include <algorithm>
#include <string_view>
#include <variant>

namespace tok {

std::vector<TokenId> UnknownIds(const Tokenizer& tokenizer) {
  std::vector<TokenId> ids;
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  for (size_t id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Kind(static_cast<TokenId>(id)) == TokenKind::kUnknown)
      ids.push_back(static_cast<TokenId>(id));
  }
  const auto add_named = [&](std::string_view token) {
    if (!token.empty()) ids.push_back(tokenizer.FindToken(token));
  };
  const ModelSpec& model = tokenizer.spec().model;
  if (const auto* bpe = std::get_if<BpeModelSpec>(&model); bpe != nullptr && bpe->unk_token)
    add_named(*bpe->unk_token);
  if (const auto* unigram = std::get_if<UnigramModelSpec>(&model); unigram != nullptr && unigram->unk_id)
    ids.push_back(*unigram->unk_id);
  if (const auto* word_piece = std::get_if<WordPieceModelSpec>(&model)) add_named(word_piece->unk_token);
  if (const auto* words = std::get_if<WordLevelModelSpec>(&model)) add_named(words->unk_token);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::erase(ids, kNoToken);
  return ids;
}

}  // namespace tok
