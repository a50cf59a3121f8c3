#include <utility>

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "cli/train/merge_training.h"
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
    TrainOptions shared = options();
    BpeTrainerOptions bpe = shared.Bpe();
    if (absl::Status s = LoadBase(&bpe, &shared); !s.ok()) return s;
    const absl::StatusOr<PieceRules> rules = shared.corpus.Rules(Defaults());
    if (!rules.ok()) return rules.status();
    const absl::StatusOr<BpeTraining> of_nothing =
        TrainBpe(PieceCounts({*rules, ""}, {}, {}, {}, nullptr), bpe);
    if (!of_nothing.ok() || options().output.empty()) return of_nothing.status();
    return CheckCanBeWritten(of_nothing->spec, options().output);
  }

  std::vector<std::string> OtherInputs() const override {
    return base_.empty() ? std::vector<std::string>() : std::vector{base_};
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    TrainOptions shared = options();
    BpeTrainerOptions bpe = shared.Bpe();
    if (absl::Status s = LoadBase(&bpe, &shared); !s.ok()) return s;
    MergeTraining training(shared);
    if (absl::Status s = training.Begin(&bpe); !s.ok()) return s;
    const absl::StatusOr<PieceCounts> counts = Count(shared, Defaults(), training.reading(), report);
    if (!counts.ok()) return counts.status();
    return training.End(TrainBpe(*counts, bpe), report);
  }

  // Of different pieces, which grow as the square root of text or so, unless a document is one piece.
  uint64_t MemoryAtMost(uint64_t n_bytes) const override {
    return n_bytes * (options().corpus.pattern == "none" ? 16 : 3);
  }
  bool KeepsToBudget() const override { return true; }
  bool KeepsCheckpoints() const override { return true; }

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
