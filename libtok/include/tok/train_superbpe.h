// tok/train_superbpe.h: trains SuperBPE: byte-pair encoding whose later tokens reach across words.
//
// Model: stage 1 is byte-level BPE over words (SubwordRules) up to `transition` tokens. Stage 2 goes on from its merges over
// the whole text between digit groups and symbol runs (SuperwordRules): superwords, which never hold ": " nor more than four
// words. A sequence is a document: with lines that keep their LF, as the authors trained, superwords end with their line.
// The result is one tokenizer whose splitter is stage 2's. Merges are those of the authors' code, on the same sequences, to
// the last tie; counts are 64 bits wide.
// Source: Liu, Hayase, Hofmann, Oh, Smith and Choi, 2025, "SuperBPE: Space Travel for Language Models".
// Errors: those of CountPieces and TrainBpe; TOK-E040 for a transition outside the vocabulary.
// Cost: two passes over the text. Memory: about 1.5 bytes a byte of text at 50k tokens.
// Determinism: the same result for any number of threads and any order of documents.
#ifndef TOK_TRAIN_SUPERBPE_H_
#define TOK_TRAIN_SUPERBPE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

// The authors' patterns of the two stages.
PieceRules SubwordRules();
PieceRules SuperwordRules();

struct SuperBpeOptions {
  BpeTrainerOptions
      bpe;  // vocab_size, threads, memory, progress and resume: of both stages together; no base
  uint32_t transition = 0;  // tokens after stage 1
  uint32_t max_words = 4;   // of a superword
  CountPiecesOptions
      corpus;  // documents and progress (of both passes, one after the other); threads and memory are bpe's
  PieceRules subword_rules = SubwordRules(), superword_rules = SuperwordRules();
};

struct SuperBpeTraining {
  TokenizerSpec spec;
  BpeTrainingReport subwords, superwords;  // n_symbols of superwords: tokens of stage 1 in the text
  uint64_t n_bytes = 0, n_documents = 0;
};

// As the one for TrainBpe.
absl::Status CheckTrainerOptions(const SuperBpeOptions& options);

// Inputs are read twice: "-", standard input, is kept in a nameless file in $TMPDIR (else /var/tmp).
absl::StatusOr<SuperBpeTraining> TrainSuperBpe(const std::vector<std::string>& inputs,
                                               const SuperBpeOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_SUPERBPE_H_
