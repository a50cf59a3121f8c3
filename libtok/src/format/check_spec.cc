#include "src/format/check_spec.h"

#include <algorithm>
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

absl::Status CheckMergeLengths(const MergeTable& merges, const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr) return MakeError(ErrorCode::kBadFormat, "merge table", "the model has no merges");
  // Lengths side by side, with 0 for an empty slot's id at the end: half as much memory to look up in as offsets, and
  // nothing to branch on.
  const std::span<const uint32_t> offsets = spec.vocabulary.offsets();
  const size_t n_ids = spec.vocabulary.size();
  std::vector<uint32_t> lengths(n_ids + 1);
  for (size_t id = 0; id < n_ids; ++id) lengths[id] = offsets[id + 1] - offsets[id];
  const auto none = static_cast<TokenId>(n_ids);
  const auto n_prefix = static_cast<uint32_t>(bpe->continuing_subword_prefix.size());
  uint32_t differing = 0;
  for (const MergeRule& rule : merges.slots()) {
    const uint32_t n_expected = lengths[std::min(rule.left, none)] + lengths[std::min(rule.right, none)];
    const uint32_t n_dropped = rule.left < none ? n_prefix : 0;
    differing |= n_expected ^ (lengths[std::min(rule.merged, none)] + n_dropped);
  }
  if (differing == 0) return absl::OkStatus();
  return MakeError(ErrorCode::kBadFormat, "merge table", "a merged token is not as long as its parts",
                   "freeze the tokenizer again");
}

}  // namespace tok
