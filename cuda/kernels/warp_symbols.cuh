// cuda/kernels/warp_symbols.cuh: merging the symbols of a piece, by a warp.
#ifndef TOK_CUDA_KERNELS_WARP_SYMBOLS_CUH_
#define TOK_CUDA_KERNELS_WARP_SYMBOLS_CUH_

#include <cstdint>

#include "cuda/kernels/find_pair.cuh"

namespace tok::cuda {

// Of runs of ones every second one, from the first of each run on; of a run that goes on from before, not the first if
// `is_first_taken`.
__device__ inline uint32_t EverySecond(uint32_t runs, bool is_first_taken) {
  constexpr uint32_t kEven = 0x55555555u;
  uint32_t even_begins = runs & ~(runs << 1) & kEven;
  if (is_first_taken) even_begins &= ~1u;
  const uint32_t even_runs = runs & ~(runs + even_begins);
  return (even_runs & kEven) | (runs & ~even_runs & ~kEven);
}

// The symbols of a piece, in order and without gaps, and for each the rank of the pair that it begins. A round merges every
// occurrence of the pair that merges first (of those that overlap, as in "aaa", the first), or only the first one where what it
// makes may merge before the others do.
class WarpSymbols {
 public:
  __device__ WarpSymbols(const PairTableView& pairs, uint32_t* ids, uint32_t* ranks, int n, int lane)
      : pairs_(pairs), ids_(ids), ranks_(ranks), n_(n), lane_(lane) {}

  __device__ int size() const { return n_; }
  __device__ void MergeAll() {
    for (int i = lane_; i < n_; i += 32) ranks_[i] = RankAt(i);
    __syncwarp();
    for (uint32_t least = LeastRank(); least != kNothing; least = LeastRank()) {
      MergeRound(least);
      RankChanged();
    }
  }

 private:
  static constexpr uint32_t kChanged = kNothing - 1;  // no rank

  __device__ uint32_t RankAt(int i) const {
    return i + 1 < n_ ? FindPair(pairs_, ids_[i], ids_[i + 1]).rank : kNothing;
  }
  __device__ uint32_t LeastRank() const {
    uint32_t least = kNothing;
    for (int i = lane_; i < n_; i += 32) least = min(least, ranks_[i]);
    return __reduce_min_sync(~0u, least);
  }
  __device__ void MergeRound(uint32_t least) {
    FoundPair pair = {kNothing, kNothing, false};
    bool was_flagged = false, was_taken = false;  // the last place of the 32 before
    int n = 0;
    for (int base = 0; base < n_; base += 32) {
      const int i = base + lane_;
      const uint32_t id = i < n_ ? ids_[i] : 0, rank = i < n_ ? ranks_[i] : kNothing;
      const uint32_t flagged = __ballot_sync(~0u, rank == least && i < n_);
      uint32_t taken = EverySecond(flagged, was_flagged && was_taken);
      if (taken != 0 && pair.merged == kNothing) {
        const int first = base + __ffs(static_cast<int>(taken)) - 1;
        pair = FindPair(pairs_, ids_[first], ids_[first + 1]);
        if (pair.one_at_a_time) taken &= 0u - taken;
      } else if (pair.one_at_a_time) {
        taken = 0;
      }
      const uint32_t removed = taken << 1 | (was_taken ? 1u : 0);
      const uint32_t kept = __ballot_sync(~0u, i < n_) & ~removed;
      __syncwarp();
      if ((kept >> lane_ & 1) != 0) {
        const bool is_taken = (taken >> lane_ & 1) != 0;
        const int place = n + __popc(kept & ((1u << lane_) - 1));
        ids_[place] = is_taken ? pair.merged : id;
        ranks_[place] = is_taken ? kChanged : rank;
      }
      n += __popc(kept);
      was_flagged = flagged >> 31 != 0;
      was_taken = taken >> 31 != 0;
      __syncwarp();
    }
    n_ = n;
  }
  // Of merged symbols and of those before them.
  __device__ void RankChanged() {
    for (int base = 0; base < n_; base += 32) {
      const int i = base + lane_;
      const bool has_changed = i < n_ && (ranks_[i] == kChanged || (i + 1 < n_ && ranks_[i + 1] == kChanged));
      const uint32_t rank = has_changed ? RankAt(i) : kNothing;
      __syncwarp();
      if (has_changed) ranks_[i] = rank;
      __syncwarp();
    }
  }

  const PairTableView& pairs_;
  uint32_t *ids_, *ranks_;
  int n_, lane_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_WARP_SYMBOLS_CUH_
