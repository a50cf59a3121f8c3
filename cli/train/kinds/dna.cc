#include "cli/options.h"
#include "cli/train/merge_progress.h"
#include "cli/train/training_kind.h"
#include "tok/train_dna.h"

namespace tok::cli {
namespace {

class DnaKind final : public TrainingKind {
 public:
  explicit DnaKind(const TrainOptions& options) : TrainingKind("dna", options) {}

  // No --pattern and no --alphabet: they are what it is.
  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--min-frequency", "--max-token-length", "--unk"}, parser, modes);
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
    return CheckChoice("--soft-mask", soft_mask_, {"fold", "cut"});
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>& inputs,
                                      TrainingReport* report) const override {
    MergeProgressBar bar;
    const absl::StatusOr<PieceRules> rules =
        DnaRules({ambiguous_ == "cut" ? AmbiguousBases::kCut : AmbiguousBases::kRemove,
                  soft_mask_ == "cut" ? SoftMask::kCut : SoftMask::kFold});
    if (!rules.ok()) return rules.status();
    absl::StatusOr<CountPiecesOptions> counting = options().corpus.Counting("fasta");
    if (!counting.ok()) return counting.status();
    counting->progress = bar.reading();
    const absl::StatusOr<PieceCounts> counts = CountPieces(inputs, *rules, *counting);
    if (!counts.ok()) return counts.status();
    report->SetCorpus(counts->origin().n_bytes, counts->origin().n_documents);
    report->EndPhase("count");
    absl::StatusOr<BpeTrainerOptions> bpe = options().Bpe();
    if (!bpe.ok()) return bpe.status();
    bpe->progress = bar.merging();
    absl::StatusOr<BpeTraining> trained = TrainDna(*counts, {*std::move(bpe), both_strands_});
    if (!trained.ok()) return trained.status();
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    return std::move(trained->spec);
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * (both_strands_ ? 24 : 12); }

 private:
  std::string ambiguous_ = "cut", soft_mask_ = "fold";
  bool both_strands_ = false;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeDnaKind(const TrainOptions& options) {
  return std::make_unique<DnaKind>(options);
}

}  // namespace tok::cli
