#include "cli/train/merge_progress.h"
#include "cli/train/training_kind.h"
#include "tok/train_wordpiece.h"

namespace tok::cli {
namespace {

class WordPieceKind final : public TrainingKind {
 public:
  explicit WordPieceKind(const TrainOptions& options) : TrainingKind("wordpiece", options) {}

  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--min-frequency", "--max-token-length", "--limit-alphabet",
         "--unk"},
        parser, modes);
    modes->For({name()}, parser
                             ->add_option("--prefix", prefix_,
                                          "What tokens begin with that do not begin a word (default: ##)")
                             ->type_name("TEXT"));
    modes->For({name()}, parser
                             ->add_option("--max-word-length", max_word_length_,
                                          "Words of more characters are unknown (default: 100)")
                             ->type_name("N"));
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    MergeProgressBar bar;
    const absl::StatusOr<PieceCounts> counts = Count(options(),
                                                     {.alphabet = VocabularyAlphabet::kText,
                                                      .pattern = "bert",
                                                      .split = "lines",
                                                      .normalizers = {normalizer::Bert{}}},
                                                     bar.reading(), report);
    if (!counts.ok()) return counts.status();
    absl::StatusOr<BpeTrainerOptions> bpe = options().Bpe();
    if (!bpe.ok()) return bpe.status();
    bpe->continuing_subword_prefix = prefix_;
    bpe->progress = bar.merging();
    absl::StatusOr<BpeTraining> trained = TrainWordPiece(*counts, {*std::move(bpe), max_word_length_});
    if (!trained.ok()) return trained.status();
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    return std::move(trained->spec);
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3; }

 private:
  std::string prefix_ = "##";
  uint64_t max_word_length_ = 100;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeWordPieceKind(const TrainOptions& options) {
  return std::make_unique<WordPieceKind>(options);
}

}  // namespace tok::cli
