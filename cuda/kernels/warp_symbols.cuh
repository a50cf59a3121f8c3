// cuda/kernels/warp_symbols.cuh: merging the symbols of a piece, by a warp.
//
// Model: symbols stay at the places of their first bytes, 32 of which are a group; each lane keeps of one group which places are
// symbols still, and the least rank of its pairs. A round goes to the groups that have the least rank of all, merges every
// occurrence of that pair (of those that overlap, as in "aaa", the first; or only the first of all where what it makes may
// merge before the others do), and looks up the pairs that this made, all of a group at once.
// Cost: a round takes time for the groups it goes to, not for the piece.
#ifndef TOK_CUDA_KERNELS_WARP_SYMBOLS_CUH_
#define TOK_CUDA_KERNELS_WARP_SYMBOLS_CUH_

#include <cstdint>

#include "cuda/kernels/find_pair.cuh"

namespace tok::cuda {

// In shared memory, for pieces of up to kMost bytes.
template <int kMost>
struct WarpMemory {
  static_assert(kMost % 32 == 0 && kMost <= 1024);
  uint32_t ids[kMost];
  uint32_t ranks[kMost];   // of the pair that begins at the place; kNothing: it does not merge
  uint32_t merged[kMost];  // what it makes
  uint32_t order[32];
};

// Of runs of ones every second one, from the first of each run on; of a run that goes on from before, not the first if
// `is_first_taken`.
__device__ inline uint32_t EverySecond(uint32_t runs, bool is_first_taken) {
  constexpr uint32_t kEven = 0x55555555u;
  uint32_t even_begins = runs & ~(runs << 1) & kEven;
  if (is_first_taken) even_begins &= ~1u;
  const uint32_t even_runs = runs & ~(runs + even_begins);
  return (even_runs & kEven) | (runs & ~even_runs & ~kEven);
}

__device__ inline uint32_t BitsBelow(int n) { return n >= 32 ? ~0u : (1u << n) - 1; }

template <int kMost>
class WarpSymbols {
 public:
  // ids[0, n) are there already.
  __device__ WarpSymbols(const PairTableView& pairs, WarpMemory<kMost>* memory, int n)
      : pairs_(pairs), memory_(*memory), lane_(static_cast<int>(threadIdx.x % 32)), n_groups_((n + 31) / 32) {
    left_ = lane_ < n_groups_ ? BitsBelow(n - 32 * lane_) : 0;
    for (int g = 0; g < n_groups_; ++g) {
      LookUpPairs(g, left_of(g));
      FindLeast(g);
    }
  }

  __device__ void MergeAll() {
    for (uint32_t least = __reduce_min_sync(~0u, least_); least != kNothing;
         least = __reduce_min_sync(~0u, least_))
      MergeRound(least);
  }

  // Places of group g that are symbols, and of the lane's.
  __device__ uint32_t left_of(int g) const { return __shfl_sync(~0u, left_, g); }
  __device__ uint32_t left() const { return left_; }
  __device__ int size() const { return __reduce_add_sync(~0u, __popc(left_)); }
  // In order.
  __device__ void Write(uint32_t* out) const {
    int n = 0;
    for (int g = 0; g < n_groups_; ++g) {
      const uint32_t left = left_of(g);
      if ((left >> lane_ & 1) != 0) out[n + __popc(left & BitsBelow(lane_))] = memory_.ids[32 * g + lane_];
      n += __popc(left);
    }
  }

 private:
  // The first symbol behind group g; negative if there is none.
  __device__ int FirstBehind(int g) const {
    const uint32_t groups = __ballot_sync(~0u, left_ != 0) & ~BitsBelow(g + 1);
    if (groups == 0) return -1;
    const int next = __ffs(static_cast<int>(groups)) - 1;
    return 32 * next + __ffs(static_cast<int>(left_of(next))) - 1;
  }
  // The last group before g that has symbols; negative if there is none.
  __device__ int GroupBefore(int g) const {
    return 31 - __clz(static_cast<int>(__ballot_sync(~0u, left_ != 0) & BitsBelow(g)));
  }

  // The pairs of group g that begin at `places`.
  __device__ void LookUpPairs(int g, uint32_t places) {
    const uint32_t left = left_of(g);
    const int behind = FirstBehind(g);
    if ((places >> lane_ & 1) != 0) {
      const uint32_t after = lane_ == 31 ? 0 : left & ~BitsBelow(lane_ + 1);
      const int next = after != 0 ? 32 * g + __ffs(static_cast<int>(after)) - 1 : behind;
      FoundPair pair = {kNothing, kNothing};
      if (next >= 0) pair = FindPair(pairs_, memory_.ids[32 * g + lane_], memory_.ids[next]);
      memory_.ranks[32 * g + lane_] = pair.rank;
      memory_.merged[32 * g + lane_] = pair.merged;
    }
    __syncwarp();
  }
  __device__ void FindLeast(int g) {
    const uint32_t left = left_of(g);
    const uint32_t least =
        __reduce_min_sync(~0u, (left >> lane_ & 1) != 0 ? memory_.ranks[32 * g + lane_] : kNothing);
    if (lane_ == g) least_ = least;
  }

  // Bits of symbols -> bits of their order among `left`, and back.
  __device__ uint32_t ToOrder(uint32_t left, uint32_t places) {
    if ((left >> lane_ & 1) != 0) memory_.order[__popc(left & BitsBelow(lane_))] = places >> lane_ & 1;
    __syncwarp();
    const uint32_t ordered = __ballot_sync(~0u, lane_ < __popc(left) && memory_.order[lane_] != 0);
    __syncwarp();
    return ordered;
  }
  __device__ uint32_t ToPlaces(uint32_t left, uint32_t ordered) const {
    return __ballot_sync(~0u,
                         (left >> lane_ & 1) != 0 && (ordered >> __popc(left & BitsBelow(lane_)) & 1) != 0);
  }

  __device__ void MergeRound(uint32_t least) {
    taken_ = 0;
    is_touched_ = false;
    MergeOccurrences(least);
    // A pair is new if its first is, or its second.
    uint32_t changed = 0;  // places of group lane_
    for (uint32_t groups = __ballot_sync(~0u, taken_ != 0); groups != 0; groups &= groups - 1) {
      const int g = __ffs(static_cast<int>(groups)) - 1;
      const uint32_t taken = __shfl_sync(~0u, taken_, g), left = left_of(g);
      const uint32_t after = lane_ == 31 ? 0 : left & ~BitsBelow(lane_ + 1);
      const uint32_t first_and_second = (1u << lane_) | (after & (0u - after));
      const uint32_t new_pairs =
          __ballot_sync(~0u, (left >> lane_ & 1) != 0 && (taken & first_and_second) != 0);
      if (lane_ == g) changed |= new_pairs;
      const int before = (taken & left & (0u - left)) != 0 ? GroupBefore(g) : -1;
      if (lane_ != before) continue;
      changed |= 1u << (31 - __clz(static_cast<int>(left_)));
      is_touched_ = true;
    }
    __syncwarp();
    for (uint32_t groups = __ballot_sync(~0u, is_touched_); groups != 0; groups &= groups - 1) {
      const int g = __ffs(static_cast<int>(groups)) - 1;
      LookUpPairs(g, __shfl_sync(~0u, changed, g));
      FindLeast(g);
    }
  }

  __device__ void MergeOccurrences(uint32_t least) {
    uint32_t to_do = __ballot_sync(~0u, least_ == least);
    bool is_removed = false;  // the first symbol of the group at hand
    bool may_take = true;
    while (to_do != 0) {
      const int g = __ffs(static_cast<int>(to_do)) - 1;
      to_do &= to_do - 1;
      const uint32_t left = left_of(g);
      const bool is_least = may_take && (left >> lane_ & 1) != 0 && memory_.ranks[32 * g + lane_] == least;
      uint32_t taken = EverySecond(ToOrder(left, __ballot_sync(~0u, is_least)), is_removed);
      if (taken != 0) {
        const int first = __ffs(static_cast<int>(ToPlaces(left, taken))) - 1;
        if ((memory_.merged[32 * g + first] & kOneAtATime) != 0) {
          taken &= 0u - taken;
          to_do = 0;
          may_take = false;
        }
      }
      const uint32_t removed = taken << 1 | (is_removed ? 1u : 0);
      Replace(g, left, ToPlaces(left, taken), ToPlaces(left, removed));
      is_removed = (taken >> (__popc(left) - 1) & 1) != 0;
      if (is_removed) to_do |= 1u << (FirstBehind(g) / 32);
    }
  }

  // What the pairs at `taken` make takes their places; `removed` are no symbols any more.
  __device__ void Replace(int g, uint32_t left, uint32_t taken, uint32_t removed) {
    if ((taken >> lane_ & 1) != 0)
      memory_.ids[32 * g + lane_] = memory_.merged[32 * g + lane_] & ~kOneAtATime;
    if (lane_ == g) {
      left_ = left & ~removed;
      taken_ = taken;
      is_touched_ = true;
    }
    __syncwarp();
  }

  const PairTableView& pairs_;
  WarpMemory<kMost>& memory_;
  int lane_, n_groups_;
  // Of group lane_.
  uint32_t left_ = 0;          // places that are symbols
  uint32_t least_ = kNothing;  // rank
  uint32_t taken_ = 0;         // places of pairs that this round merged
  bool is_touched_ = false;    // by this round
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_WARP_SYMBOLS_CUH_
