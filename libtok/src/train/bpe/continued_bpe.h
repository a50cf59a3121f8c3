// train/bpe/continued_bpe.h: BPE training that begins with a finished tokenizer.
#ifndef TOK_SRC_TRAIN_BPE_CONTINUED_BPE_H_
#define TOK_SRC_TRAIN_BPE_CONTINUED_BPE_H_

#include <optional>

#include "src/train/bpe/training_job.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// What TrainFromBase refuses whatever the text is. Errors: TOK-E022, TOK-E040.
absl::Status CheckBaseOptions(const BpeTrainerOptions& options);

// From options.base, which CheckBaseOptions has passed; `job` is of the same options.
absl::StatusOr<BpeTraining> TrainFromBase(const PieceCounts& counts, const BpeTrainerOptions& options,
                                          const std::optional<TrainingJob>& job);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_CONTINUED_BPE_H_
