#include "cli/train/merge_training.h"
#include "cli/train/training_kind.h"
#include "tok/train_wordpiece.h"

namespace tok::cli {
namespace {

class WordPieceKind final : public TrainingKind {
 public:
  explicit WordPieceKind(const TrainOptions& options) : TrainingKind("wordpiece", options) {}

  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--min-frequency", "--max-token-length", "--limit-alphabet",
         "--unk", "--resume", "--checkpoint-seconds"},
        parser, modes);
    modes->For({name()}, parser
                             ->add_option("--prefix", prefix_,
                                          "What tokens begin with that do not begin a word (default: ##)")
                             ->type_name("TEXT"));
    modes->For({name()}, WholeNumber(parser
                                         ->add_option("--max-word-length", max_word_length_,
                                                      "Words of more characters are unknown (default: 100)")
                                         ->type_name("N")));
  }

  absl::Status Check() const override { return CheckTrainerOptions(Trainer().bpe, Defaults().alphabet); }

  PieceDefaults Defaults() const override {
    return {.alphabet = VocabularyAlphabet::kText,
            .pattern = "bert",
            .split = "lines",
            .normalizers = {normalizer::Bert{}}};
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    WordPieceTrainerOptions trainer = Trainer();
    MergeTraining training(options());
    if (absl::Status s = training.Begin(&trainer.bpe); !s.ok()) return s;
    const absl::StatusOr<PieceCounts> counts = Count(options(), Defaults(), training.reading(), report);
    if (!counts.ok()) return counts.status();
    return training.End(TrainWordPiece(*counts, trainer), report);
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3; }
  bool KeepsCheckpoints() const override { return true; }

 private:
  WordPieceTrainerOptions Trainer() const {
    WordPieceTrainerOptions trainer{options().Bpe(), max_word_length_};
    trainer.bpe.continuing_subword_prefix = prefix_;
    return trainer;
  }

  std::string prefix_ = "##";
  uint64_t max_word_length_ = 100;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeWordPieceKind(const TrainOptions& options) {
  return std::make_unique<WordPieceKind>(options);
}

}  // namespace tok::cli
