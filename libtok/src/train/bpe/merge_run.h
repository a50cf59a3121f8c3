// train/bpe/merge_run.h: merges until the vocabulary is full: what all kinds of training with MergeEngine have in common.
#ifndef TOK_SRC_TRAIN_BPE_MERGE_RUN_H_
#define TOK_SRC_TRAIN_BPE_MERGE_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>

#include "src/train/bpe/growing_vocabulary.h"
#include "src/train/bpe/merge_engine.h"
#include "src/train/bpe/symbol_text.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok {

class MergeRun {
 public:
  // All outlive the run; without `scratch` it takes what memory it takes. The report's n_merges, last_count and n_tied go on from
  // what they are.
  MergeRun(const BpeTrainerOptions& options, BpeTrainingReport* report, ScratchMemory* scratch = nullptr)
      : options_(options), report_(*report), scratch_(scratch) {}

  // Pairs that are never merged, beside those that max_token_length forbids.
  std::function<bool(TokenId left, TokenId right)> is_vetoed;

  // What progress is offered. May be empty.
  std::function<absl::StatusOr<TrainingCheckpoint>()> checkpoint;

  // Symbols of `text` are tokens of *vocabulary. False if a merge made a token that was there before: then nothing counts.
  // Errors: TOK-E061.
  absl::StatusOr<bool> Run(SymbolText text, uint32_t vocab_size, GrowingVocabulary* vocabulary);

  // Before the first merge, where pieces are spelled and their pairs counted. Errors: TOK-E061.
  absl::Status AskBefore(uint64_t n_tokens) const;
  // After each merge. Errors: TOK-E061.
  absl::Status Note(const TokenMerge& merge, uint64_t n_tokens);
  absl::Status Note(const TokenMerge& merge, const GrowingVocabulary& vocabulary) {
    return Note(merge, vocabulary.size());
  }

 private:
  using Clock = std::chrono::steady_clock;

  const BpeTrainerOptions& options_;
  BpeTrainingReport& report_;
  ScratchMemory* scratch_;
  Clock::time_point last_asked_ = Clock::now();
};

// At least 1.
inline uint64_t MinCountOf(const BpeTrainerOptions& options) {
  return options.min_frequency > 0 ? options.min_frequency : 1;
}
// TOK-E061.
absl::Status Stopped(uint64_t n_tokens);
unsigned ThreadsOf(const BpeTrainerOptions& options);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_MERGE_RUN_H_
