#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/colliding_merges.h"
#include "src/train/bpe/merge_engine.h"
#include "src/train/bpe/symbol_text.h"
#include "src/train/bpe/trained_spec.h"
#include "tok/train_bpe.h"

namespace tok {
namespace {

constexpr size_t kMergesBetweenReports = 256;
constexpr size_t kPiecesAtOnce = 4096;

// Tokens by what they spell, and merges so far.
class GrowingVocabulary {
 public:
  GrowingVocabulary(std::vector<std::string> tokens, std::string prefix)
      : tokens_(std::move(tokens)), prefix_(std::move(prefix)) {
    for (TokenId id = 0; id < tokens_.size(); ++id) ids_.emplace(tokens_[id], id);
  }

  size_t size() const { return tokens_.size(); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::vector<Merge>& merges() const { return merges_; }

  // The token that a merge makes, which may be an old one.
  TokenId Add(TokenId left, TokenId right) {
    std::string_view tail = tokens_[right];
    if (!prefix_.empty() && tail.substr(0, prefix_.size()) == prefix_) tail.remove_prefix(prefix_.size());
    const auto [entry, is_new] =
        ids_.emplace(Concat(tokens_[left], tail), static_cast<TokenId>(tokens_.size()));
    if (is_new) tokens_.push_back(entry->first);
    merges_.push_back({left, right});
    return entry->second;
  }

 private:
  std::vector<std::string> tokens_;
  std::string prefix_;
  absl::flat_hash_map<std::string, TokenId> ids_;
  std::vector<Merge> merges_;
};

class Trainer {
 public:
  Trainer(const PieceCounts& counts, const BpeTrainerOptions& options, Alphabet alphabet)
      : counts_(counts),
        options_(options),
        alphabet_(std::move(alphabet)),
        min_count_(std::max<uint64_t>(options.min_frequency, 1)),
        n_threads_(options.n_threads == 0 ? AvailableThreads() : options.n_threads) {
    report_.n_unique_pieces = counts.n_unique();
    report_.n_alphabet = alphabet_.n_symbols();
  }

  absl::StatusOr<BpeTraining> Run() {
    GrowingVocabulary vocabulary(alphabet_.tokens(), options_.continuing_subword_prefix);
    TOK_ASSIGN_OR_RETURN(const bool is_done, RunEngine(&vocabulary));
    if (!is_done) {
      vocabulary = GrowingVocabulary(alphabet_.tokens(), options_.continuing_subword_prefix);
      report_.has_collisions = true;
      report_.last_count = report_.n_tied = 0;
      TOK_RETURN_IF_ERROR(RunColliding(&vocabulary));
    }
    report_.n_merges = vocabulary.merges().size();
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec,
                         MakeTrainedSpec(counts_.origin().rules, options_, vocabulary.tokens(),
                                         alphabet_.special_tokens(), vocabulary.merges()));
    return BpeTraining{std::move(spec), report_};
  }

 private:
  absl::StatusOr<SymbolText> Spell() {
    std::vector<uint32_t> n_symbols(counts_.n_unique());
    SymbolTextBuilder builder;
    ParallelFor(counts_.n_unique() / kPiecesAtOnce + 1, n_threads_, [&](size_t block) {
      const size_t end = std::min(counts_.n_unique(), (block + 1) * kPiecesAtOnce);
      for (size_t i = block * kPiecesAtOnce; i < end; ++i) {
        alphabet_.ForEachToken(counts_[i].bytes, [&](TokenId) { ++n_symbols[i]; });
      }
    });
    for (size_t i = 0; i < n_symbols.size(); ++i) {
      report_.n_symbols += n_symbols[i];
      if (n_symbols[i] > 1) builder.Plan(n_symbols[i], counts_[i].count);
    }
    TOK_RETURN_IF_ERROR(builder.Begin());
    for (size_t i = 0; i < n_symbols.size(); ++i) {
      if (n_symbols[i] < 2) continue;
      uint32_t* next = builder.Add(n_symbols[i], counts_[i].count).data();
      alphabet_.ForEachToken(counts_[i].bytes, [&](TokenId token) { *next++ = token; });
    }
    return builder.Finish();
  }

  // False if a merge made a token that was there before: then nothing counts.
  absl::StatusOr<bool> RunEngine(GrowingVocabulary* vocabulary) {
    TOK_ASSIGN_OR_RETURN(SymbolText text, Spell());
    const auto n_first = static_cast<uint32_t>(vocabulary->size());
    std::vector<uint32_t> lengths(n_first, 1);  // of tokens, in symbols
    bool has_collided = false;
    MergeEngine::Options options;
    options.min_count = min_count_;
    options.max_merges = std::max(options_.vocab_size, n_first + 1) - n_first;
    options.n_threads = n_threads_;
    options.on_merge = [&](uint32_t left, uint32_t right) {
      has_collided |= vocabulary->Add(left, right) != lengths.size();
      lengths.push_back(lengths[left] + lengths[right]);
    };
    if (options_.max_token_length > 0) {
      options.is_vetoed = [&](uint32_t left, uint32_t right) {
        if (left < n_first && right < n_first) return false;
        return uint64_t{lengths[left]} + lengths[right] >= options_.max_token_length;
      };
    }
    MergeEngine engine(std::move(text), n_first, std::move(options));
    while (vocabulary->size() < options_.vocab_size && !has_collided) {
      const std::optional<TokenMerge> merge = engine.Next();
      if (!merge) break;
      TOK_RETURN_IF_ERROR(Note(*merge, *vocabulary));
    }
    return !has_collided;
  }

  absl::Status RunColliding(GrowingVocabulary* vocabulary) {
    std::vector<CollidingMerges::Piece> pieces;
    for (size_t i = 0; i < counts_.n_unique(); ++i) {
      CollidingMerges::Piece piece;
      piece.count = counts_[i].count;
      alphabet_.ForEachToken(counts_[i].bytes, [&](TokenId token) { piece.tokens.push_back(token); });
      piece.lengths.assign(piece.tokens.size(), 1);
      if (piece.tokens.size() > 1) pieces.push_back(std::move(piece));
    }
    CollidingMerges engine(std::move(pieces), min_count_, options_.max_token_length);
    while (vocabulary->size() < options_.vocab_size) {
      const std::optional<TokenMerge> merge =
          engine.Next([&](uint32_t left, uint32_t right) { return vocabulary->Add(left, right); });
      if (!merge) break;
      TOK_RETURN_IF_ERROR(Note(*merge, *vocabulary));
    }
    return absl::OkStatus();
  }

  absl::Status Note(const TokenMerge& merge, const GrowingVocabulary& vocabulary) {
    if (merge.count != report_.last_count) report_.n_tied = 0;
    report_.last_count = merge.count;
    ++report_.n_tied;
    const bool is_asked = options_.progress && vocabulary.merges().size() % kMergesBetweenReports == 0;
    if (!is_asked || options_.progress({vocabulary.size(), options_.vocab_size, merge.count}))
      return absl::OkStatus();
    return MakeError(ErrorCode::kInterrupted, "training",
                     Concat("stopped at ", vocabulary.size(), " tokens"));
  }

  const PieceCounts& counts_;
  const BpeTrainerOptions& options_;
  const Alphabet alphabet_;
  const uint64_t min_count_;
  const unsigned n_threads_;
  BpeTrainingReport report_;
};

}  // namespace

absl::StatusOr<BpeTraining> TrainBpe(const PieceCounts& counts, const BpeTrainerOptions& options) {
  TOK_ASSIGN_OR_RETURN(Alphabet alphabet, Alphabet::Create(counts, options));
  return Trainer(counts, options, std::move(alphabet)).Run();
}

}  // namespace tok
