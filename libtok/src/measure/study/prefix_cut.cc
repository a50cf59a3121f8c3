#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "tok/measure_study.h"

namespace tok {

absl::StatusOr<TokenizerSpec> PrefixCut(const TokenizerSpec& trained, uint32_t n_tokens) {
  const auto* bpe = std::get_if<BpeModelSpec>(&trained.model);
  const size_t n_all = trained.vocabulary.size();
  const bool is_trained = bpe != nullptr && bpe->mode == BpeModelSpec::Mode::kMergeList &&
                          bpe->merges.size() <= n_all && trained.vocabulary.n_tokens() == n_all;
  const auto wrong = [&](std::string_view fact) {
    return MakeError(ErrorCode::kUnsupportedFeature, trained.name.empty() ? "tokenizer" : trained.name, fact,
                     "train it with tok train bpe");
  };
  if (!is_trained) return wrong("is no merge list with a token for each merge");
  const size_t n_first = n_all - bpe->merges.size();  // special tokens and alphabet
  if (n_tokens >= n_all) return trained;
  if (n_tokens < n_first) {
    return MakeError(ErrorCode::kUsage, "size",
                     Concat(n_tokens, " is less than the ", n_first, " tokens before all merges"),
                     "choose a larger one");
  }
  TokenizerSpec cut = trained;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < n_tokens; ++id) {
    TOK_RETURN_IF_ERROR(builder.Add(id, trained.vocabulary.Bytes(id), trained.vocabulary.Kind(id)));
  }
  TOK_ASSIGN_OR_RETURN(cut.vocabulary, std::move(builder).Build());
  std::vector<Merge>& merges = std::get<BpeModelSpec>(cut.model).merges;
  merges.resize(n_tokens - n_first);
  for (size_t m = 0; m < merges.size(); ++m) {
    const TokenId left = merges[m].left, right = merges[m].right, merged = static_cast<TokenId>(n_first + m);
    const bool is_in_order =
        left < merged && right < merged &&
        cut.vocabulary.Bytes(merged) == Concat(cut.vocabulary.Bytes(left), cut.vocabulary.Bytes(right));
    if (!is_in_order) return wrong("has tokens that are not those of its merges, in order");
  }
  for (const AddedToken& token : trained.added_tokens) {
    if (token.id >= n_tokens) return wrong("has added tokens behind those of its merges");
  }
  return cut;
}

}  // namespace tok
