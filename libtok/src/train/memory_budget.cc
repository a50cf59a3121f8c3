#include "src/train/memory_budget.h"

#include <algorithm>

#include "src/base/parallel.h"
#include "src/base/strings.h"
#include "src/train/pieces/counting_table.h"

namespace tok {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
// Measured: tests/cli/train_memory_test.py and train_memory_slow_test.py hold what a training takes against its budget.
constexpr uint64_t kProgram = 4 * kMiB, kPerThread = kMiB + CountingTable::kLeastMemory;
constexpr uint64_t kPerToken = 288, kPerEncodedToken = 480;
constexpr uint64_t kLeastLeft = 4 * kMiB;

}  // namespace

absl::StatusOr<MemoryBudget> MemoryBudget::Create(uint64_t n_bytes, unsigned n_threads, uint64_t n_tokens,
                                                  bool encodes) {
  MemoryBudget budget;
  if (n_bytes == 0) return budget;
  if (n_threads == 0) n_threads = AvailableThreads();
  const uint64_t n_fixed =
      kProgram + n_threads * kPerThread + n_tokens * (encodes ? kPerEncodedToken : kPerToken);
  const uint64_t n_least = n_fixed + kLeastLeft;
  if (n_bytes < n_least) {
    return MakeError(
        ErrorCode::kLimit, "memory budget",
        Concat("of ", n_bytes, " bytes is too small for ", n_threads, n_threads == 1 ? " thread" : " threads",
               n_tokens > 0 ? Concat(" and ", n_tokens, " tokens") : std::string()),
        Concat("--memory ", (n_least + kMiB - 1) / kMiB, "M is the least"));
  }
  budget.n_bytes_ = n_bytes;
  budget.n_left_ = n_bytes - n_fixed;
  return budget;
}

uint64_t MemoryBudget::ForTables(unsigned n_threads) const {
  return n_threads * CountingTable::kLeastMemory + n_left_ / 2;
}

uint64_t MemoryBudget::ForTrainer(const PieceCounts& counts) const {
  const uint64_t n_counts = counts.n_unique_bytes() + counts.n_unique() * 2 * sizeof(uint64_t);
  return n_left_ - std::min(n_counts, ForCounts());
}

}  // namespace tok
