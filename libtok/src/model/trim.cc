#include "tok/trim.h"

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/merge_derivation.h"

namespace tok {
namespace {

class Trimmer {
 public:
  explicit Trimmer(const TokenizerSpec& spec) : spec_(spec), is_kept_(spec.vocabulary.size(), false) {}

  absl::StatusOr<TrimmedTokenizer> Run(std::span<const TokenId> keep) {
    for (const TokenId id : keep) {
      if (!spec_.vocabulary.Contains(id)) {
        return MakeError(ErrorCode::kInvalidId, Concat("id ", id), "is not in the vocabulary",
                         "keep existing ids");
      }
      result_.n_wanted += Keep(id);
    }
    if (std::holds_alternative<PickyBpeModelSpec>(spec_.model)) {
      return MakeError(ErrorCode::kUnsupportedFeature, spec_.name, "PickyBPE cannot be trimmed",
                       "train it with fewer tokens");
    }
    RequireByKind();
    RequireByPipeline();
    if (std::holds_alternative<BpeModelSpec>(spec_.model)) {
      TOK_ASSIGN_OR_RETURN(derivation_, MergeDerivation::Create(spec_));
      KeepDerivations();
    }
    TOK_RETURN_IF_ERROR(Rebuild());
    return std::move(result_);
  }

 private:
  bool Keep(TokenId id) {
    if (id >= is_kept_.size() || is_kept_[id] || !spec_.vocabulary.Contains(id)) return false;
    is_kept_[id] = true;
    return true;
  }
  void Require(TokenId id) { result_.n_required += Keep(id); }
  void RequireNamed(const std::string& token) { Require(spec_.vocabulary.Find(token)); }

  void RequireByKind() {
    const Vocabulary& vocabulary = spec_.vocabulary;
    const bool is_byte_level = spec_.alphabet == VocabularyAlphabet::kBytes;
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
      const bool is_ordinary =
          vocabulary.Kind(id) == TokenKind::kNormal || vocabulary.Kind(id) == TokenKind::kLiteral;
      const bool is_single_byte = is_byte_level && vocabulary.Bytes(id).size() == 1;
      if (!is_ordinary || is_single_byte) Require(id);
    }
    for (const AddedToken& token : spec_.added_tokens) Require(token.id);
  }

  void RequireByPipeline() {
    for (const std::vector<TemplateItem>* items :
         {&spec_.post_processor.single, &spec_.post_processor.pair}) {
      for (const TemplateItem& item : *items) {
        for (const TokenId id : item.ids) Require(id);
      }
    }
    if (const auto* bpe = std::get_if<BpeModelSpec>(&spec_.model)) {
      if (bpe->unk_token.has_value()) RequireNamed(*bpe->unk_token);
      // Byte fallback spells its bytes, whatever their kind.
      if (bpe->byte_fallback) RequireBytePieces();
    } else if (const auto* unigram = std::get_if<UnigramModelSpec>(&spec_.model)) {
      if (unigram->unk_id.has_value()) Require(*unigram->unk_id);
      if (unigram->byte_fallback) RequireBytePieces();
      RequireLowestScore();
    } else if (const auto* wordpiece = std::get_if<WordPieceModelSpec>(&spec_.model)) {
      RequireNamed(wordpiece->unk_token);
    } else if (const auto* wordlevel = std::get_if<WordLevelModelSpec>(&spec_.model)) {
      RequireNamed(wordlevel->unk_token);
    }
  }

  void RequireBytePieces() {
    constexpr char kHex[] = "0123456789ABCDEF";
    for (unsigned byte = 0; byte < 256; ++byte) {
      RequireNamed(std::string("<0x") + kHex[byte >> 4] + kHex[byte & 15] + ">");
    }
  }

  // Unigram models derive the score of unknown characters from the lowest one.
  void RequireLowestScore() {
    TokenId lowest = kNoToken;
    for (TokenId id = 0; id < spec_.vocabulary.size(); ++id) {
      if (spec_.vocabulary.Kind(id) != TokenKind::kNormal) continue;
      if (lowest == kNoToken || spec_.vocabulary.Score(id) < spec_.vocabulary.Score(lowest)) lowest = id;
    }
    if (lowest != kNoToken) Require(lowest);
  }

  void KeepDerivations() {
    std::vector<TokenId> open;
    for (TokenId id = 0; id < is_kept_.size(); ++id) {
      if (is_kept_[id]) open.push_back(id);
    }
    const auto keep = [&](TokenId id) {
      if (!Keep(id)) return;
      ++result_.n_derivation;
      open.push_back(id);
    };
    const auto by_product = MergesByProduct();
    while (!open.empty()) {
      const TokenId id = open.back();
      open.pop_back();
      if (spec_.vocabulary.Kind(id) != TokenKind::kNormal) continue;
      const std::span<const MergeRule> rules = derivation_->RulesOf(id);
      for (const MergeRule& rule : rules) {
        keep(rule.left);
        keep(rule.right);
      }
      if (!rules.empty()) continue;
      // Merging its characters does not lead to it: it comes from ignore_merges, from other characters than those it
      // spells, or not at all.
      if (const auto found = by_product.find(id); found != by_product.end()) {
        for (const Merge& merge : found->second) {
          keep(merge.left);
          keep(merge.right);
        }
      }
    }
  }

  absl::flat_hash_map<TokenId, std::vector<Merge>> MergesByProduct() const {
    absl::flat_hash_map<TokenId, std::vector<Merge>> merges;
    for (const Merge& merge : std::get<BpeModelSpec>(spec_.model).merges)
      merges[derivation_->table().Find(merge.left, merge.right).merged].push_back(merge);
    return merges;
  }

  TokenId NewId(TokenId id) const { return id < result_.new_ids.size() ? result_.new_ids[id] : kNoToken; }

  absl::Status Rebuild() {
    result_.new_ids.assign(is_kept_.size(), kNoToken);
    VocabularyBuilder builder;
    TokenId next = 0;
    const Vocabulary& vocabulary = spec_.vocabulary;
    for (TokenId id = 0; id < is_kept_.size(); ++id) {
      if (!is_kept_[id]) continue;
      TOK_RETURN_IF_ERROR(builder.Add(next, vocabulary.Bytes(id), vocabulary.Kind(id), vocabulary.Score(id)));
      result_.new_ids[id] = next++;
    }
    result_.spec = spec_;
    TOK_ASSIGN_OR_RETURN(result_.spec.vocabulary, std::move(builder).Build());
    for (AddedToken& token : result_.spec.added_tokens) token.id = NewId(token.id);
    for (std::vector<TemplateItem>* items :
         {&result_.spec.post_processor.single, &result_.spec.post_processor.pair}) {
      for (TemplateItem& item : *items) {
        for (TokenId& id : item.ids) id = NewId(id);
      }
    }
    if (auto* bpe = std::get_if<BpeModelSpec>(&result_.spec.model)) RenumberMerges(bpe);
    if (auto* unigram = std::get_if<UnigramModelSpec>(&result_.spec.model);
        unigram && unigram->unk_id.has_value()) {
      unigram->unk_id = NewId(*unigram->unk_id);
    }
    return absl::OkStatus();
  }

  void RenumberMerges(BpeModelSpec* bpe) const {
    if (bpe->merges.empty()) return;
    std::vector<Merge> kept;
    for (const Merge& merge : bpe->merges) {
      const Merge renumbered{NewId(merge.left), NewId(merge.right)};
      const TokenId product = derivation_->table().Find(merge.left, merge.right).merged;
      if (renumbered.left != kNoToken && renumbered.right != kNoToken && NewId(product) != kNoToken) {
        kept.push_back(renumbered);
      }
    }
    bpe->merges = std::move(kept);
  }

  const TokenizerSpec& spec_;
  std::vector<bool> is_kept_;
  std::optional<MergeDerivation> derivation_;  // of BPE
  TrimmedTokenizer result_;
};

}  // namespace

absl::StatusOr<TrimmedTokenizer> TrimTokenizer(const TokenizerSpec& spec, std::span<const TokenId> keep) {
  return Trimmer(spec).Run(keep);
}

}  // namespace tok
