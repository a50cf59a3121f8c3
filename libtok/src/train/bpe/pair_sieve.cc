#include "src/train/bpe/pair_sieve.h"

#include <bit>
#include <functional>
#include <vector>

#include "src/base/parallel.h"
#include "src/train/bpe/neighbour_pairs.h"

namespace tok {
namespace {

constexpr size_t kPlacesPerBucket = 8;
constexpr unsigned kLeastLog = 10, kMostLog = 28;

void AddTo(uint32_t* sum, uint64_t count, uint64_t most) {
  *sum = static_cast<uint32_t>(std::min(most, *sum + std::min(count, most)));
}

}  // namespace

PairSieve::PairSieve(const SymbolText& text, std::span<const uint32_t> lengths, unsigned n_threads,
                     ScratchMemory* scratch)
    : counts_(scratch) {
  const auto log = static_cast<unsigned>(std::bit_width(text.size() / kPlacesPerBucket));
  shift_ = 64 - std::clamp(log, kLeastLog, kMostLog);
  const size_t n_buckets = size_t{1} << (64 - shift_);
  const std::vector<PlaceRange> ranges = CutText(text, n_threads);
  // The first counts where the sums will be.
  std::vector<ScratchVector<uint32_t>> others(ranges.empty() ? 0 : ranges.size() - 1,
                                              ScratchVector<uint32_t>(scratch));
  counts_.resize(n_buckets);
  ParallelFor(ranges.size(), n_threads, [&](size_t r) {
    ScratchVector<uint32_t>& counts = r == 0 ? counts_ : others[r - 1];
    counts.resize(n_buckets);
    ForEachPair(text, ranges[r], lengths, [&](uint32_t, uint64_t pair, uint64_t weight) {
      AddTo(&counts[BucketOf(pair, shift_)], weight, kMost);
    });
  });
  ParallelFor(n_buckets >> kLeastLog, n_threads, [&](size_t block) {
    const size_t begin = block << kLeastLog, end = (block + 1) << kLeastLog;
    for (const ScratchVector<uint32_t>& other : others) {
      for (size_t i = begin; i < end; ++i) AddTo(&counts_[i], other[i], kMost);
    }
  });
}

uint64_t PairSieve::NthCount(size_t n) const {
  if (n >= counts_.size()) return 0;
  ScratchVector<uint32_t> sorted = counts_;
  const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(n);
  std::nth_element(sorted.begin(), nth, sorted.end(), std::greater<>());
  return *nth;
}

}  // namespace tok
