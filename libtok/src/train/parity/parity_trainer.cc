#include <algorithm>
#include <cmath>
#include <utility>

#include "src/base/scratch_memory.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/bpe_trainer.h"
#include "src/train/bpe/extra_tokens.h"
#include "src/train/bpe/growing_vocabulary.h"
#include "src/train/bpe/merge_run.h"
#include "src/train/bpe/tokenized_pieces.h"
#include "src/train/bpe/trained_spec.h"
#include "src/train/bpe/training_job.h"
#include "src/train/parity/language_choice.h"
#include "tok/train_parity.h"

namespace tok {
namespace {

absl::Status BadLanguage(const ParityLanguage& language, std::string_view fact, std::string_view remedy) {
  return MakeError(ErrorCode::kUsage, Concat("language '", language.name, "'"), fact, remedy);
}

absl::Status CheckRatio(const ParityLanguage& language) {
  if (!std::isfinite(language.ratio) || language.ratio <= 0) {
    return BadLanguage(language, "has a ratio that is not above 0", "give a number like 1.5");
  }
  if (language.dev.has_value() && language.ratio != 1) {
    return BadLanguage(language, "has a ratio, but development texts are compared by their tokens alone",
                       "leave the ratios out, or the development texts");
  }
  return absl::OkStatus();
}

// That all were cut alike. What a document of a development text is does not matter: nothing is learned from it.
absl::Status CheckCounts(std::span<const ParityLanguage> languages) {
  const PieceCounts::Origin& origin = languages[0].counts.origin();
  for (const ParityLanguage& language : languages) {
    if (language.counts.n_unique() == 0 || (language.dev.has_value() && language.dev->n_unique() == 0)) {
      return BadLanguage(language, "has no text", "give it some, or leave it out");
    }
    if (absl::Status s = CheckMergeable(origin, language.counts.origin()); !s.ok()) {
      return AtPlace(Concat("language '", language.name, "'"), s);
    }
    if (!language.dev.has_value()) continue;
    PieceCounts::Origin dev = language.dev->origin();
    dev.sequence_unit = origin.sequence_unit;
    if (absl::Status s = CheckMergeable(origin, dev); !s.ok()) {
      return AtPlace(Concat("development text of language '", language.name, "'"), s);
    }
  }
  return absl::OkStatus();
}

// The texts under training.
class Languages {
 public:
  static absl::StatusOr<Languages> Create(std::span<const ParityLanguage> languages,
                                          const Alphabet& alphabet) {
    Languages all;
    for (const ParityLanguage& language : languages) {
      TOK_ASSIGN_OR_RETURN(TokenizedPieces text,
                           TokenizedPieces::Create(language.counts, alphabet, /*splits=*/false));
      all.n_symbols_.push_back(text.n_tokens());
      all.texts_.push_back(std::move(text));
      all.ratios_.push_back(language.ratio);
      if (!language.dev.has_value()) continue;
      TOK_ASSIGN_OR_RETURN(text, TokenizedPieces::Create(*language.dev, alphabet, /*splits=*/false));
      all.dev_texts_.push_back(std::move(text));
    }
    return all;
  }

  TokenizedPieces& operator[](size_t i) { return texts_[i]; }
  size_t size() const { return texts_.size(); }

  void Merge(TokenId left, TokenId right, TokenId token) {
    for (TokenizedPieces& text : texts_) text.Merge(left, right, token);
    for (TokenizedPieces& text : dev_texts_) text.Merge(left, right, token);
  }

  // The more, the worse a language is compressed.
  double NeedOf(size_t i) const {
    if (!dev_texts_.empty()) return static_cast<double>(dev_texts_[i].n_tokens());
    return -(static_cast<double>(n_symbols_[i]) / static_cast<double>(texts_[i].n_tokens())) / ratios_[i];
  }

  void ReportTo(size_t i, ParityTraining::Language* report) const {
    report->n_symbols = n_symbols_[i];
    report->n_tokens = texts_[i].n_tokens();
    if (!dev_texts_.empty()) report->n_dev_tokens = dev_texts_[i].n_tokens();
  }

 private:
  std::vector<TokenizedPieces> texts_, dev_texts_;
  std::vector<uint64_t> n_symbols_;
  std::vector<double> ratios_;
};

// The merges of all texts together, made in each of them. A merge may have made a token that was there before.
void ApplyMerges(const std::vector<Merge>& merges, GrowingVocabulary at_first, Languages* languages) {
  for (const Merge& merge : merges) {
    languages->Merge(merge.left, merge.right, at_first.Add(merge.left, merge.right));
  }
}

// A merge for the language that needs it most. Nothing if no language has a pair left.
std::optional<std::pair<size_t, TokenMerge>> NextMerge(const LanguageChoice& choice, uint64_t min_count,
                                                       Languages* languages) {
  std::vector<double> needs;
  for (size_t i = 0; i < languages->size(); ++i) needs.push_back(languages->NeedOf(i));
  std::vector<bool> can_be_helped(languages->size(), true);
  for (;;) {
    const std::optional<size_t> chosen = choice.Next(needs, can_be_helped);
    if (!chosen.has_value()) return std::nullopt;
    const std::optional<TokenMerge> best = (*languages)[*chosen].Best();
    if (best.has_value() && best->count >= min_count) return std::pair(*chosen, *best);
    can_be_helped[*chosen] = false;
  }
}

absl::StatusOr<ParityTraining> Train(std::span<const ParityLanguage> languages,
                                     const ParityOptions& options) {
  TOK_RETURN_IF_ERROR(CheckTrainerOptions(options, languages));
  TOK_RETURN_IF_ERROR(CheckCounts(languages));
  std::vector<PieceCounts> parts;
  for (const ParityLanguage& language : languages) parts.push_back(language.counts);
  TOK_ASSIGN_OR_RETURN(PieceCounts together, MergePieceCounts(parts));
  TOK_ASSIGN_OR_RETURN(const Alphabet alphabet, Alphabet::Create(together, options.bpe));
  const GrowingVocabulary at_first(alphabet.tokens(), options.bpe.continuing_subword_prefix);
  GrowingVocabulary vocabulary = at_first;
  ParityTraining training;
  BpeTrainerOptions global = options.bpe;
  global.vocab_size = static_cast<uint32_t>(
      std::min<uint64_t>(options.bpe.vocab_size, at_first.size() + uint64_t{options.n_global_merges}));
  TOK_RETURN_IF_ERROR(
      TrainMerges(together, alphabet, global, /*checkpoint=*/nullptr, &vocabulary, &training.report));
  const PieceRules rules = together.origin().rules;
  together = PieceCounts();

  TOK_ASSIGN_OR_RETURN(Languages texts, Languages::Create(languages, alphabet));
  ApplyMerges(vocabulary.merges(), at_first, &texts);
  for (size_t i = 0; i < texts.size(); ++i) {
    training.languages.push_back({.name = languages[i].name});
    if (options.bpe.max_token_length == 0) continue;
    texts[i].is_vetoed = [&](TokenId left, TokenId right) {
      return !vocabulary.IsShorter(left, right, options.bpe.max_token_length);
    };
  }
  MergeRun run(options.bpe, &training.report);
  LanguageChoice choice(languages.size(), options.window, options.alpha);
  while (vocabulary.size() < options.bpe.vocab_size) {
    const auto next = NextMerge(choice, MinCountOf(options.bpe), &texts);
    if (!next.has_value()) break;
    const auto& [language, merge] = *next;
    texts.Merge(merge.left, merge.right, vocabulary.Add(merge.left, merge.right));
    choice.Note(language);
    ++training.languages[language].n_steps;
    TOK_RETURN_IF_ERROR(run.Note(merge, vocabulary));
  }
  for (size_t i = 0; i < texts.size(); ++i) texts.ReportTo(i, &training.languages[i]);
  TOK_ASSIGN_OR_RETURN(training.spec, MakeTrainedSpec(rules, options.bpe, vocabulary.tokens(),
                                                      alphabet.special_tokens(), vocabulary.merges()));
  return training;
}

}  // namespace

absl::Status CheckTrainerOptions(const ParityOptions& options, std::span<const ParityLanguage> languages) {
  TOK_RETURN_IF_ERROR(CheckBeginsAnew(options.bpe));
  TOK_RETURN_IF_ERROR(RefuseExtraTokens(options.bpe, "parity-aware BPE"));
  if (options.alpha < 1) {
    return MakeError(ErrorCode::kUsage, "alpha", "is 0", "give each language its share at least: 1 or more");
  }
  if (languages.empty()) {
    return MakeError(ErrorCode::kUsage, "parity", "needs languages", "give the training text of each");
  }
  for (const ParityLanguage& language : languages) {
    TOK_RETURN_IF_ERROR(CheckRatio(language));
    const bool has_dev = language.dev.has_value();
    if (has_dev == languages[0].dev.has_value()) continue;
    return BadLanguage(
        language, Concat(has_dev ? "has" : "lacks", " a development text, unlike '", languages[0].name, "'"),
        "give the same text in all languages, or none");
  }
  return CheckTrainerOptions(options.bpe, languages[0].counts.origin().rules.alphabet);
}

absl::StatusOr<ParityTraining> TrainParity(std::span<const ParityLanguage> languages,
                                           const ParityOptions& options) {
  return CatchScratchFull([&] { return Train(languages, options); });
}

}  // namespace tok
