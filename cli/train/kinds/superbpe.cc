#include <optional>
#include <utility>

#include "cli/signals.h"
#include "cli/tokenizer_file.h"
#include "cli/train/merge_training.h"
#include "cli/train/training_kind.h"
#include "tok/train_superbpe.h"

namespace tok::cli {
namespace {

class SuperBpeKind final : public TrainingKind {
 public:
  explicit SuperBpeKind(const TrainOptions& options) : TrainingKind("superbpe", options) {}

  // No --pattern: its two patterns are part of what it is. No --counts: stage 2 reads the text.
  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--min-frequency", "--max-token-length", "--alphabet", "--limit-alphabet", "--resume",
         "--checkpoint-seconds"},
        parser, modes);
    modes->For({name()}, WholeNumber(parser
                                         ->add_option("--transition", transition_,
                                                      "Tokens after stage 1, the words (default: nine tenths "
                                                      "of SIZE)")
                                         ->type_name("T"),
                                     0, UINT32_MAX));
    modes->For({name()},
               WholeNumber(
                   parser->add_option("--max-words", max_words_, "Words in a superword, at most (default: 4)")
                       ->type_name("N"),
                   1, 1000));
  }

  absl::Status Check() const override {
    const absl::StatusOr<SuperBpeOptions> superbpe = Options();
    if (!superbpe.ok()) return superbpe.status();
    const absl::StatusOr<SuperBpeTraining> of_nothing = TrainSuperBpe({}, *superbpe);
    if (!of_nothing.ok() || options().output.empty()) return of_nothing.status();
    return CheckCanBeWritten(of_nothing->spec, options().output);
  }

  PieceDefaults Defaults() const override { return {.split = "lines-lf"}; }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>& inputs,
                                      TrainingReport* report) const override {
    absl::StatusOr<SuperBpeOptions> superbpe = Options();
    if (!superbpe.ok()) return superbpe.status();
    MergeTraining training(options());
    if (absl::Status s = training.Begin(&superbpe->bpe); !s.ok()) return s;
    const bool is_in_stage_2 = superbpe->bpe.resume && superbpe->bpe.resume->stages.size() == 2;
    std::string phase = is_in_stage_2 ? "encode" : "count";
    superbpe->bpe.progress = [&, watch = superbpe->bpe.progress](const MergeProgress& progress) {
      EndPhases(progress, &phase, report);
      return watch(progress);
    };
    superbpe->corpus.progress = training.reading();
    superbpe->corpus.goes_on = [] { return NotedInterrupt() == 0; };
    absl::StatusOr<SuperBpeTraining> trained = TrainSuperBpe(inputs, *superbpe);
    if (!trained.ok()) return training.Explain(trained.status());
    report->SetCorpus(trained->n_bytes, trained->n_documents);
    report->EndPhase(phase);
    report->AddStage("subwords", trained->subwords);
    report->AddStage("superwords", trained->superwords);
    return std::move(trained->spec);
  }

  // Of the text in words and all their pairs; an early transition leaves most of them.
  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 16; }
  bool KeepsToBudget() const override { return true; }
  bool KeepsCheckpoints() const override { return true; }

  std::vector<Format> Formats() const override {
    return {Format::kTokenizerJson, Format::kTiktoken, Format::kImage};
  }

 private:
  // A phase is over when merges of the next one are first heard of, a tenth of a second later or less.
  static void EndPhases(const MergeProgress& progress, std::string* phase, TrainingReport* report) {
    const bool is_reading = *phase == "count" || *phase == "encode";
    if (is_reading) report->EndPhase(*phase);
    if (is_reading) *phase = *phase == "count" ? "subwords" : "superwords";
    if (!progress.ends_stage) return;
    report->EndPhase(*phase);
    *phase = "encode";
  }

  absl::StatusOr<SuperBpeOptions> Options() const {
    absl::StatusOr<CountPiecesOptions> counting = options().corpus.Counting(Defaults().split);
    if (!counting.ok()) return counting.status();
    SuperBpeOptions superbpe;
    superbpe.bpe = options().Bpe();
    superbpe.transition = transition_.value_or(options().vocab_size - options().vocab_size / 10);
    superbpe.max_words = max_words_;
    superbpe.corpus = *std::move(counting);
    for (const normalizer::Step& step : options().corpus.Normalizers()) {
      superbpe.subword_rules.normalizers.push_back(step);
      superbpe.superword_rules.normalizers.push_back(step);
    }
    return superbpe;
  }

  std::optional<uint32_t> transition_;
  uint32_t max_words_ = 4;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeSuperBpeKind(const TrainOptions& options) {
  return std::make_unique<SuperBpeKind>(options);
}

}  // namespace tok::cli
