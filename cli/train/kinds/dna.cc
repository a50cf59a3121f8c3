#include <utility>

#include "cli/options.h"
#include "cli/train/merge_training.h"
#include "cli/train/training_kind.h"
#include "tok/train_dna.h"

namespace tok::cli {
namespace {

class DnaKind final : public TrainingKind {
 public:
  explicit DnaKind(const TrainOptions& options) : TrainingKind("dna", options) {}

  // No --pattern and no --alphabet: they are what it is.
  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--min-frequency", "--max-token-length", "--unk", "--resume", "--checkpoint-seconds"}, parser,
        modes);
    Refuse({"--normalizer"}, parser, modes);
    modes->For({name()}, parser
                             ->add_option("--ambiguous", ambiguous_,
                                          "Letters but A, C, G, T: cut (they end the sequence) or remove "
                                          "(what stood beside them is neighbours) (default: cut)")
                             ->type_name("POLICY"));
    modes->For({name()},
               parser
                   ->add_option("--soft-mask", soft_mask_,
                                "Small letters: fold (the same bases) or cut (other letters) (default: fold)")
                   ->type_name("POLICY"));
    modes->For({name()}, parser->add_flag("--both-strands", both_strands_,
                                          "Learn from the reverse complement of each sequence too"));
  }

  absl::Status Check() const override {
    if (absl::Status s = CheckChoice("--ambiguous", ambiguous_, {"cut", "remove"}); !s.ok()) return s;
    if (absl::Status s = CheckChoice("--soft-mask", soft_mask_, {"fold", "cut"}); !s.ok()) return s;
    return CheckTrainerOptions(options().Bpe(), VocabularyAlphabet::kText);
  }

  PieceDefaults Defaults() const override { return {.split = "fasta"}; }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    TrainOptions shared = options();
    absl::StatusOr<PieceRules> rules =
        DnaRules({ambiguous_ == "cut" ? AmbiguousBases::kCut : AmbiguousBases::kRemove,
                  soft_mask_ == "cut" ? SoftMask::kCut : SoftMask::kFold});
    if (!rules.ok()) return rules.status();
    shared.corpus.given_rules = *std::move(rules);
    DnaTrainerOptions trainer{shared.Bpe(), both_strands_};
    MergeTraining training(shared);
    if (absl::Status s = training.Begin(&trainer.bpe); !s.ok()) return s;
    const absl::StatusOr<PieceCounts> counts = Count(shared, Defaults(), training.reading(), report);
    if (!counts.ok()) return counts.status();
    return training.End(TrainDna(*counts, trainer), report);
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * (both_strands_ ? 24 : 12); }
  bool KeepsCheckpoints() const override { return true; }

 private:
  std::string ambiguous_ = "cut", soft_mask_ = "fold";
  bool both_strands_ = false;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeDnaKind(const TrainOptions& options) {
  return std::make_unique<DnaKind>(options);
}

}  // namespace tok::cli
