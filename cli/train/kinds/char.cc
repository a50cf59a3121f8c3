#include "cli/options.h"
#include "cli/train/merge_training.h"
#include "cli/train/training_kind.h"
#include "tok/train_char.h"

namespace tok::cli {
namespace {

constexpr uint32_t kMaxLength = 3;  // of KL3M's smaller ones

class CharKind final : public TrainingKind {
 public:
  explicit CharKind(const TrainOptions& options) : TrainingKind("char", options) {}

  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--min-frequency", "--alphabet", "--limit-alphabet", "--unk",
         "--tokens", "--pad-to-power-of-2", "--unit", "--max-length", "--resume", "--checkpoint-seconds"},
        parser, modes);
    alphabet_ = parser->get_option("--alphabet");
    unk_ = parser->get_option("--unk");
  }

  absl::Status Check() const override {
    const CLI::Option* const ineffective = IsText() ? alphabet_ : unk_;
    if (ineffective->count() > 0) {
      return MakeError(ErrorCode::kUsage, ineffective->get_name(),
                       std::string("means nothing with --unit ") + (IsText() ? "chars" : "bytes"),
                       "leave it out");
    }
    return CheckTrainerOptions(Trainer(), Defaults().alphabet);
  }

  PieceDefaults Defaults() const override {
    PieceDefaults defaults{.pattern = "gpt2",
                           .normalizers = {normalizer::UnicodeForm{normalizer::Form::kNfkc}}};
    if (IsText()) defaults.alphabet = VocabularyAlphabet::kText;
    return defaults;
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    CharacterTrainerOptions trainer = Trainer();
    MergeTraining training(options());
    if (absl::Status s = training.Begin(&trainer.bpe); !s.ok()) return s;
    const absl::StatusOr<PieceCounts> counts = Count(options(), Defaults(), training.reading(), report);
    if (!counts.ok()) return counts.status();
    return training.End(TrainCharacters(*counts, trainer), report);
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3 / 2; }
  bool KeepsCheckpoints() const override { return true; }

 private:
  bool IsText() const { return options().unit == "chars"; }
  CharacterTrainerOptions Trainer() const {
    return {options().Bpe(), options().max_length.value_or(kMaxLength)};
  }

  const CLI::Option *alphabet_ = nullptr, *unk_ = nullptr;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeCharKind(const TrainOptions& options) {
  return std::make_unique<CharKind>(options);
}

}  // namespace tok::cli
