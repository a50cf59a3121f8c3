// tok/train_picky.h: trains PickyBPE: byte-pair encoding that deletes tokens which were only steps on the way to others.
//
// Model: BPE (tok/train_bpe.h) up to the merge of (a, b). If the places that were merged are at least `threshold` of them and
// those where a is left, together (its intersection over self: for a pair of a with itself a merged place counts once, though
// it took two of a), a is deleted: it is split into the parts that first made it, or theirs where those are deleted too,
// wherever it is left. The same then holds for b. Special tokens and the alphabet stay. A deleted token may be merged again,
// and is back then. A deletion that would split a token for the 65th time is not made, which bounds what encoding takes.
// Training ends when vocab_size tokens are there that are not deleted.
// The tokenizer applies merges and splits in the order in which they were made; ids are those of the tokens that are left, in
// the order in which they were made first. Only .tok holds it, unless nothing was deleted: then it is plain BPE.
// Source: Chizhov, Arnett, Korotkova and Yamshchikov, 2024, "BPE Gets Picky: Efficient Vocabulary Refinement During
// Tokenizer Training". Their code deletes above the threshold, not at it, counts a merge of tokens that were there already
// as a new one, splits as often as it may, and starts from characters; of equally frequent pairs it takes any.
// Errors: those of TrainBpe; TOK-E040 for pieces or an alphabet that is not all bytes, and thresholds outside (0, 1].
// Cost: some fifteen times TrainBpe's. Memory: about 40 bytes a symbol of the different pieces.
// Threads: one. Determinism: the same result for any order of pieces.
// Example:
//   auto trained = tok::TrainPicky(*counts, {.bpe = {.vocab_size = 50000}, .threshold = 0.9});
#ifndef TOK_TRAIN_PICKY_H_
#define TOK_TRAIN_PICKY_H_

#include <cstdint>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/train_bpe.h"

namespace tok {

struct PickyOptions {
  BpeTrainerOptions bpe;
  double threshold = 0.9;
};

struct PickyTraining {
  TokenizerSpec spec;
  BpeTrainingReport report;  // n_merges: repeated ones too
  uint64_t n_deletions = 0;  // how often a token was deleted
  uint64_t n_returns = 0;    // how often a deleted one came back
};

// The errors of TrainPicky that are of the options alone: to be asked before text is counted.
absl::Status CheckTrainerOptions(const PickyOptions& options);

absl::StatusOr<PickyTraining> TrainPicky(const PieceCounts& counts, const PickyOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_PICKY_H_
