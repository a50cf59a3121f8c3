#include "src/measure/mixture/merge_steps.h"

#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/rank_conversion.h"
#include "src/model/bpe/merge_derivation.h"
#include "src/train/bpe/symbol_text.h"
#include "src/unicode/utf8.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

absl::Status Refuse(const TokenizerSpec& spec, std::string_view fact) {
  return MakeError(ErrorCode::kUnsupportedFeature, spec.name, fact,
                   "give a BPE tokenizer with a merge list or with ranks");
}

// Of which character a token is a run, if that is white space; else empty.
std::string_view RunOf(std::string_view token) {
  for (const std::string_view blank : {" ", "\n", "\t", "\r", "\xE2\x96\x81"}) {
    if (!token.starts_with(blank)) continue;
    for (size_t begin = 0; begin < token.size(); begin += blank.size()) {
      if (token.substr(begin, blank.size()) != blank) return {};
    }
    return blank;
  }
  return {};
}

}  // namespace

absl::Status CheckHasMerges(const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr) return Refuse(spec, "is not BPE: its tokens have no order of merges");
  if (bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return Refuse(spec, "is a SentencePiece model, which merges by scores over whole texts");
  }
  return absl::OkStatus();
}

absl::StatusOr<MergeSteps> MergeSteps::Create(const TokenizerSpec& spec, uint32_t max_steps) {
  TOK_RETURN_IF_ERROR(CheckHasMerges(spec));
  MergeSteps all(spec);
  TokenizerSpec listed = spec;
  auto& model = std::get<BpeModelSpec>(listed.model);
  TOK_ASSIGN_OR_RETURN(model.merges, MergeListOf(spec));
  model.mode = BpeModelSpec::Mode::kMergeList;
  TOK_ASSIGN_OR_RETURN(MergeDerivation derivation, MergeDerivation::Create(listed));
  for (uint32_t rank = 0; rank < model.merges.size() && all.steps_.size() < max_steps; ++rank) {
    const auto [left, right] = model.merges[rank];
    const MergeRule rule = derivation.table().Find(left, right);
    const std::span<const MergeRule> rules = derivation.RulesOf(rule.merged);
    if (rule.rank != rank || rules.empty() || rules.back().rank != rank) {
      ++all.n_redundant_;
    } else {
      all.steps_.push_back({left, right, rule.merged});
    }
  }
  if (all.steps_.empty()) return Refuse(spec, "has no merges");
  all.MarkHandAdded();
  return all;
}

void MergeSteps::MarkHandAdded() {
  const auto run_of = [&](size_t i) { return RunOf(spec_->vocabulary.Bytes(steps_[i].token)); };
  for (size_t begin = 0, end = 0; begin < steps_.size(); begin = end) {
    const std::string_view run = run_of(begin);
    for (end = begin + 1; end < steps_.size() && run_of(end) == run;) ++end;
    if (run.empty() || end - begin < kHandAddedBlock) continue;
    for (size_t i = begin; i < end; ++i) steps_[i].is_hand_added = true;
  }
}

std::string MergeSteps::Name(const Step& step) const {
  return Concat(EscapePiece(spec_->vocabulary.Bytes(step.left)), " ",
                EscapePiece(spec_->vocabulary.Bytes(step.right)));
}

void MergeSteps::Spell(std::string_view piece, std::vector<TokenId>* tokens) const {
  const auto& model = std::get<BpeModelSpec>(spec_->model);
  const bool is_bytes = spec_->alphabet == VocabularyAlphabet::kBytes;
  const bool has_affixes = !model.continuing_subword_prefix.empty() || !model.end_of_word_suffix.empty();
  std::string affixed;
  for (size_t begin = 0; begin < piece.size();) {
    const size_t end = begin + (is_bytes ? 1 : DecodeUtf8(piece, begin).n_bytes);
    std::string_view symbol = piece.substr(begin, end - begin);
    if (has_affixes) {
      affixed.assign(begin > 0 ? model.continuing_subword_prefix : "");
      affixed += symbol;
      if (end == piece.size()) affixed += model.end_of_word_suffix;
      symbol = affixed;
    }
    const TokenId id = spec_->vocabulary.Find(symbol);
    tokens->push_back(id == kNoToken ? SymbolText::kPieceEnd : id);
    begin = end;
  }
}

}  // namespace tok
