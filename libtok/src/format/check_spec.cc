#include "src/format/check_spec.h"

#include <variant>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

absl::Status NotInVocabulary(std::string_view what, TokenId id) {
  return MakeError(ErrorCode::kBadFormat, what, Concat("has id ", id, ", which is not in the vocabulary"),
                   "freeze the tokenizer again");
}

absl::Status CheckTemplate(const std::vector<TemplateItem>& items, const Vocabulary& vocabulary) {
  for (const TemplateItem& item : items) {
    for (const TokenId id : item.ids) {
      if (!vocabulary.Contains(id)) return NotInVocabulary("a token of the template", id);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckSpec(const TokenizerSpec& spec) {
  const Vocabulary& vocabulary = spec.vocabulary;
  for (const AddedToken& token : spec.added_tokens) {
    if (!vocabulary.Contains(token.id)) return NotInVocabulary("an added token", token.id);
  }
  TOK_RETURN_IF_ERROR(CheckTemplate(spec.post_processor.single, vocabulary));
  TOK_RETURN_IF_ERROR(CheckTemplate(spec.post_processor.pair, vocabulary));
  if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec.model);
      unigram != nullptr && unigram->unk_id.has_value() && !vocabulary.Contains(*unigram->unk_id)) {
    return NotInVocabulary("the unknown token", *unigram->unk_id);
  }
  if (const auto* bpe = std::get_if<BpeModelSpec>(&spec.model)) {
    for (const Merge& merge : bpe->merges) {
      for (const TokenId id : {merge.left, merge.right}) {
        if (!vocabulary.Contains(id)) return NotInVocabulary("a merge", id);
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace tok
