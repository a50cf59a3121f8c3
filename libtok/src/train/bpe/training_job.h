// train/bpe/training_job.h: what a training is, so that a checkpoint of another one is not resumed; and going back to where a
// checkpoint was made.
#ifndef TOK_SRC_TRAIN_BPE_TRAINING_JOB_H_
#define TOK_SRC_TRAIN_BPE_TRAINING_JOB_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/train/bpe/growing_vocabulary.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// All that decides the result, "name value" a line; corpora and long lists by a hash. The order of pieces does not matter.
class TrainingJob {
 public:
  TrainingJob(const PieceCounts& counts, const BpeTrainerOptions& options);

  void Add(std::string_view name, std::string_view value);
  void Add(std::string_view name, uint64_t value) { Add(name, std::string_view(std::to_string(value))); }
  void AddRules(std::string_view name, const PieceRules& rules);

  const std::string& text() const { return text_; }
  // TOK-E040 naming what differs.
  absl::Status CheckSame(const TrainingCheckpoint& checkpoint) const;

 private:
  std::string text_;
};

// TOK-E040 for options.base or options.resume, of trainers that cannot go on.
absl::Status CheckBeginsAnew(const BpeTrainerOptions& options);

// Makes checkpoints of a training under way: of *training, whose spec make_spec() makes, and the job. All outlive the result.
using MakeCheckpoint = std::function<absl::StatusOr<TrainingCheckpoint>()>;
MakeCheckpoint CheckpointOf(const std::function<absl::StatusOr<TokenizerSpec>()>& make_spec,
                            const BpeTraining& training, const std::optional<TrainingJob>& job);

// Makes the merges of the checkpoint that *vocabulary does not have yet. Errors: TOK-E020 if the checkpoint has other tokens then.
absl::Status RepeatMerges(const TrainingCheckpoint& checkpoint, GrowingVocabulary* vocabulary);
// The same for options.resume, if there is one, with the report so far.
absl::Status TakeUp(const BpeTrainerOptions& options, GrowingVocabulary* vocabulary,
                    BpeTrainingReport* report);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_TRAINING_JOB_H_
