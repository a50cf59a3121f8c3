#include "src/model/bpe/merge_derivation.h"

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/unicode/utf8.h"

namespace tok {

MergeDerivation::MergeDerivation(const TokenizerSpec& spec)
    : spec_(&spec), model_(&std::get<BpeModelSpec>(spec.model)) {}

absl::StatusOr<MergeDerivation> MergeDerivation::Create(const TokenizerSpec& spec) {
  MergeDerivation derivation(spec);
  TOK_RETURN_IF_ERROR(derivation.BuildTable());
  return derivation;
}

absl::Status MergeDerivation::BuildTable() {
  switch (model_->mode) {
    case BpeModelSpec::Mode::kMergeList: {
      TOK_ASSIGN_OR_RETURN(table_, BuildMergeListTable(*model_, spec_->vocabulary));
      return absl::OkStatus();
    }
    case BpeModelSpec::Mode::kSentencePiece: {
      TOK_ASSIGN_OR_RETURN(sentencepiece_, SentencePieceMerges::Build(spec_->vocabulary));
      return absl::OkStatus();
    }
    case BpeModelSpec::Mode::kRank: break;
  }
  std::array<TokenId, 256> byte_ids;
  if (!FindByteIds(spec_->vocabulary, &byte_ids))
    return MakeError(ErrorCode::kBadVocabulary, "rank vocabulary", "does not hold all 256 single bytes");
  TOK_ASSIGN_OR_RETURN(table_, BuildRankTable(spec_->vocabulary, byte_ids));
  return absl::OkStatus();
}

TokenId MergeDerivation::SymbolOf(std::string_view character, bool is_first, bool is_last) const {
  if (sentencepiece_) {
    const char32_t c = DecodeUtf8(character, 0).code_point;
    return c == kInvalidByte ? sentencepiece_->Other() : sentencepiece_->SymbolOf(c);
  }
  const std::string_view prefix = is_first ? std::string_view() : model_->continuing_subword_prefix;
  const std::string_view suffix = is_last ? std::string_view(model_->end_of_word_suffix) : "";
  if (prefix.empty() && suffix.empty()) return spec_->vocabulary.Find(character);
  return spec_->vocabulary.Find(Concat(prefix, character, suffix));
}

std::span<const MergeRule> MergeDerivation::RulesOf(TokenId id) {
  std::string_view token = spec_->vocabulary.Bytes(id);
  const bool continues = !model_->continuing_subword_prefix.empty() &&
                         token.size() > model_->continuing_subword_prefix.size() &&
                         token.starts_with(model_->continuing_subword_prefix);
  const bool ends =
      token.size() > model_->end_of_word_suffix.size() && token.ends_with(model_->end_of_word_suffix);
  if (continues) token.remove_prefix(model_->continuing_subword_prefix.size());
  if (ends) token.remove_suffix(model_->end_of_word_suffix.size());
  symbols_.clear();
  rules_.clear();
  for (size_t begin = 0; begin < token.size();) {
    const size_t n_bytes =
        spec_->alphabet == VocabularyAlphabet::kBytes ? 1 : DecodeUtf8(token, begin).n_bytes;
    const bool is_last = begin + n_bytes == token.size();
    symbols_.push_back(SymbolOf(token.substr(begin, n_bytes), begin == 0 && !continues, ends && is_last));
    if (symbols_.back() == kNoToken) return {};
    begin += n_bytes;
  }
  MergeSymbols(table(), &symbols_, &scratch_, &rules_);
  if (symbols_.size() != 1 || symbols_.front() != id) return {};
  return rules_;
}

}  // namespace tok
