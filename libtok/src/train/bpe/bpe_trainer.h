// train/bpe/bpe_trainer.h: BPE training up to a spec, for trainers that go on from there.
#ifndef TOK_SRC_TRAIN_BPE_BPE_TRAINER_H_
#define TOK_SRC_TRAIN_BPE_BPE_TRAINER_H_

#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/growing_vocabulary.h"
#include "src/train/bpe/training_job.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// Merges until *vocabulary, which holds the alphabet and maybe merges of an earlier run, has options.vocab_size tokens or no
// pair is left. `checkpoint` is one of *vocabulary and *report.
absl::Status TrainMerges(const PieceCounts& counts, const Alphabet& alphabet,
                         const BpeTrainerOptions& options, const MakeCheckpoint& checkpoint,
                         GrowingVocabulary* vocabulary, BpeTrainingReport* report);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_BPE_TRAINER_H_
