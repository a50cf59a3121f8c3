#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/picky_bpe.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/extra_tokens.h"
#include "src/train/bpe/growing_vocabulary.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/tokenized_pieces.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/bpe/training_job.h"
#include "tok/train_picky.h"

namespace tok {
namespace {

using Event = PickyBpeModelSpec::Event;

absl::Status CheckAlphabet(bool is_all_bytes) {
  if (is_all_bytes) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "PickyBPE", "needs all 256 bytes as tokens",
                   "train on byte-level pieces with the whole alphabet");
}

class PickyRun {
 public:
  // `options` and `training` outlive the run.
  PickyRun(const PickyOptions& options, const Alphabet& alphabet, TokenizedPieces text,
           PickyTraining* training)
      : options_(options),
        training_(*training),
        n_first_(alphabet.tokens().size()),
        n_kept_(n_first_),
        vocabulary_(alphabet.tokens(), /*prefix=*/{}),
        tokens_(n_first_),
        text_(std::move(text)) {
    if (options.bpe.max_token_length == 0) return;
    text_.is_vetoed = [this](TokenId left, TokenId right) {
      return !vocabulary_.IsShorter(left, right, options_.bpe.max_token_length);
    };
  }
  PickyRun(const PickyRun&) = delete;

  absl::Status Run() {
    MergeRun run(options_.bpe, &training_.report);
    while (n_kept_ < options_.bpe.vocab_size) {
      const std::optional<TokenMerge> best = text_.Best();
      if (!best.has_value() || best->count < MinCountOf(options_.bpe)) break;
      const uint64_t n_merged = MergePair(best->left, best->right);
      DeleteIfAbsorbed(best->left, n_merged);
      if (best->right != best->left) DeleteIfAbsorbed(best->right, n_merged);
      TOK_RETURN_IF_ERROR(run.Note(*best, n_kept_));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<TokenizerSpec> MakeSpec(const PieceRules& rules, const Alphabet& alphabet) {
    std::vector<std::string> kept;
    std::vector<TokenId> new_ids(tokens_.size());
    auto n_deleted = static_cast<TokenId>(n_kept_);
    for (TokenId id = 0; id < tokens_.size(); ++id) {
      new_ids[id] = tokens_[id].is_deleted ? n_deleted++ : static_cast<TokenId>(kept.size());
      if (!tokens_[id].is_deleted) kept.push_back(vocabulary_.tokens()[id]);
    }
    // Then merging by rank is the same as merging by time.
    const bool is_plain = tokens_.size() == n_first_ + events_.size();
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec,
                         MakeTrainedSpec(rules, options_.bpe, kept, alphabet.special_tokens(),
                                         is_plain ? vocabulary_.merges() : std::vector<Merge>()));
    if (is_plain) return spec;
    for (Event& event : events_) {
      for (TokenId* id : {&event.token, &event.left, &event.right}) *id = new_ids[*id];
    }
    spec.model = PickyBpeModelSpec{std::move(events_)};
    return spec;
  }

 private:
  struct Token {
    Merge parts = {kNoToken, kNoToken};  // of the merge that made it first
    uint32_t n_splits = 0;
    bool is_deleted = false;
  };

  uint64_t MergePair(TokenId left, TokenId right) {
    const TokenId token = vocabulary_.Add(left, right);
    if (token == tokens_.size()) {
      tokens_.push_back({.parts = {left, right}});
      ++n_kept_;
    } else if (std::exchange(tokens_[token].is_deleted, false)) {
      ++training_.n_returns;
      ++n_kept_;
    }
    events_.push_back({Event::Kind::kMerge, token, left, right});
    return text_.Merge(left, right, token);
  }

  void DeleteIfAbsorbed(TokenId token, uint64_t n_merged) {
    if (token < n_first_) return;
    const uint64_t n_before = n_merged + text_.CountOf(token);
    if (static_cast<double>(n_merged) / static_cast<double>(n_before) < options_.threshold) return;
    const std::vector<TokenId> falling = FallingWith(token);
    if (!NoteSplits(falling)) return;
    tokens_[token].is_deleted = true;
    ++training_.n_deletions;
    --n_kept_;
    for (const TokenId whole : falling) {
      const auto [left, right] = tokens_[whole].parts;
      events_.push_back({Event::Kind::kSplit, whole, left, right});
      text_.Split(whole, left, right);
    }
  }

  // The token, its parts that are deleted, and theirs, in the order in which they are split.
  std::vector<TokenId> FallingWith(TokenId token) const {
    std::vector<TokenId> falling, open = {token};
    while (!open.empty()) {
      falling.push_back(open.back());
      open.pop_back();
      const auto [left, right] = tokens_[falling.back()].parts;
      if (tokens_[left].is_deleted) open.push_back(left);
      if (tokens_[right].is_deleted && right != left) open.push_back(right);
    }
    return falling;
  }

  // False, and nothing is noted, if one of them would be split too often.
  bool NoteSplits(const std::vector<TokenId>& tokens) {
    uint32_t most = 0;
    for (const TokenId token : tokens) most = std::max(most, ++tokens_[token].n_splits);
    if (most <= kMaxPickySplits) return true;
    for (const TokenId token : tokens) --tokens_[token].n_splits;
    return false;
  }

  const PickyOptions& options_;
  PickyTraining& training_;
  const size_t n_first_;  // special tokens and alphabet
  size_t n_kept_;         // tokens that are not deleted
  GrowingVocabulary vocabulary_;
  std::vector<Token> tokens_;
  TokenizedPieces text_;
  std::vector<Event> events_;
};

}  // namespace

absl::Status CheckTrainerOptions(const PickyOptions& options) {
  TOK_RETURN_IF_ERROR(CheckBeginsAnew(options.bpe));
  TOK_RETURN_IF_ERROR(RefuseExtraTokens(options.bpe, "PickyBPE"));
  if (!(options.threshold > 0 && options.threshold <= 1)) {
    return MakeError(ErrorCode::kUsage, "threshold", Concat("is ", options.threshold),
                     "choose one above 0, at most 1; the authors' is 0.9");
  }
  return CheckAlphabet(options.bpe.whole_byte_alphabet);
}

absl::StatusOr<PickyTraining> TrainPicky(const PieceCounts& counts, const PickyOptions& options) {
  TOK_RETURN_IF_ERROR(CheckTrainerOptions(options));
  TOK_RETURN_IF_ERROR(CheckAlphabet(counts.origin().rules.alphabet == VocabularyAlphabet::kBytes));
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(counts, options.bpe));
  TOK_ASSIGN_OR_RETURN(TokenizedPieces text, TokenizedPieces::Create(counts, alphabet, /*splits=*/true));
  PickyTraining training;
  training.report.n_unique_pieces = counts.n_unique();
  training.report.n_alphabet = alphabet.n_symbols();
  training.report.n_symbols = text.n_symbols();
  PickyRun run(options, alphabet, std::move(text), &training);
  TOK_RETURN_IF_ERROR(run.Run());
  TOK_ASSIGN_OR_RETURN(training.spec, run.MakeSpec(counts.origin().rules, alphabet));
  return training;
}

}  // namespace tok
