// train/memory_budget.h: what a training may keep in anonymous memory, and how its parts share that.
//
// Model: some things are never put into files: the program itself, what each thread works with, and the vocabulary in the
// making. What is left of the budget is for what grows with the text: counts (an eighth at most, as they outlive the
// counting) and, at a time, the tables that count or the arrays of the trainer, which go on in files where it ends.
#ifndef TOK_SRC_TRAIN_MEMORY_BUDGET_H_
#define TOK_SRC_TRAIN_MEMORY_BUDGET_H_

#include <cstdint>
#include <memory>

#include "src/base/scratch_memory.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class MemoryBudget {
 public:
  // n_bytes 0: no budget. n_tokens: of the vocabulary that is made, 0 if none is; `encodes`: text is encoded with it too.
  // Errors: TOK-E030, naming the least budget.
  static absl::StatusOr<MemoryBudget> Create(uint64_t n_bytes, unsigned n_threads, uint64_t n_tokens,
                                             bool encodes = false);

  bool is_limited() const { return n_bytes_ > 0; }
  // Of text in flight.
  uint64_t ForText() const { return n_left_ / 8; }
  // Of the tables of all threads together, as many as it was made for: each has CountingTable::kLeastMemory or more.
  uint64_t ForTables(unsigned n_threads) const;
  // Of the caches of all threads together, and beside them of what they make, while a text is encoded.
  uint64_t ForCaches() const { return n_left_ / 4; }
  uint64_t ForTokens() const { return n_left_ / 2; }
  // Of counts: sorted runs and what they add up to.
  uint64_t ForCounts() const { return n_left_ / 8; }
  // Of a trainer, beside counts that were made within the same budget.
  uint64_t ForTrainer(const PieceCounts& counts) const;
  // Null without a budget.
  std::unique_ptr<ScratchMemory> MakeScratch(uint64_t n_bytes) const {
    return is_limited() ? std::make_unique<ScratchMemory>(n_bytes) : nullptr;
  }

 private:
  MemoryBudget() = default;
  uint64_t n_bytes_ = 0, n_left_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_MEMORY_BUDGET_H_
