#include <optional>
#include <utility>

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "cli/train/checkpoint_keeper.h"
#include "cli/train/merge_progress.h"
#include "cli/train/training_kind.h"
#include "tok/train_bpe.h"

namespace tok::cli {
namespace {

class BpeKind final : public TrainingKind {
 public:
  explicit BpeKind(const TrainOptions& options) : TrainingKind("bpe", options) {}

  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--counts", "--min-frequency", "--max-token-length", "--alphabet",
         "--limit-alphabet", "--tokens", "--pad-to-power-of-2", "--resume", "--checkpoint-seconds"},
        parser, modes);
    modes->For({name()},
               parser
                   ->add_option("--continue", base_,
                                "Go on from a tokenizer (byte-level BPE): its ids, merges and way of "
                                "cutting text stay; SIZE counts its ids")
                   ->type_name("TOK"));
    // What the base decides. Not --split: that is not of a tokenizer.
    for (const char* option :
         {"--pattern", "--digits", "--normalizer", "--limit-alphabet", "--tokens", "--pad-to-power-of-2"}) {
      parser->get_option(option)->excludes("--continue");
    }
  }

  absl::Status Check() const override {
    if (!base_.empty()) {
      if (absl::Status s = CheckOutputIsNotInput({base_}, options().output); !s.ok()) return s;
    }
    absl::StatusOr<BpeTrainerOptions> bpe = options().Bpe();
    if (!bpe.ok()) return bpe.status();
    if (options().dry_run) {
      TrainOptions shared = options();
      if (absl::Status s = LoadBase(&*bpe, &shared); !s.ok()) return s;
    }
    return CheckMemoryBudget(*bpe);
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    TrainOptions shared = options();
    absl::StatusOr<BpeTrainerOptions> bpe = shared.Bpe();
    if (!bpe.ok()) return bpe.status();
    if (absl::Status s = LoadBase(&*bpe, &shared); !s.ok()) return s;
    CheckpointKeeper keeper(shared);
    absl::StatusOr<std::optional<TrainingCheckpoint>> resumed = keeper.Resume();
    if (!resumed.ok()) return resumed.status();
    bpe->resume = *std::move(resumed);
    MergeProgressBar bar;
    const absl::StatusOr<PieceCounts> counts = Count(shared, {}, bar.reading(), report);
    if (!counts.ok()) return counts.status();
    bpe->progress = keeper.Watch(bar.merging());
    absl::StatusOr<BpeTraining> trained = TrainBpe(*counts, *bpe);
    if (!trained.ok()) return keeper.Explain(trained.status());
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    return std::move(trained->spec);
  }

  // Of different pieces, which grow as the square root of text or so.
  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3 / 2; }
  bool KeepsToBudget() const override { return true; }

  std::vector<Format> Formats() const override {
    return {Format::kTokenizerJson, Format::kTiktoken, Format::kVocabMerges, Format::kImage};
  }

 private:
  absl::Status LoadBase(BpeTrainerOptions* bpe, TrainOptions* shared) const {
    if (base_.empty()) return absl::OkStatus();
    const absl::StatusOr<Tokenizer> base = LoadTokenizer(base_);
    if (!base.ok()) return base.status();
    absl::StatusOr<PieceRules> rules = RulesOfBase(base->spec());
    if (!rules.ok()) return AsUsage(AtPlace(base_, rules.status()));
    shared->corpus.given_rules = *std::move(rules);
    bpe->base = base->spec();
    return absl::OkStatus();
  }

  std::string base_;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeBpeKind(const TrainOptions& options) {
  return std::make_unique<BpeKind>(options);
}

}  // namespace tok::cli
