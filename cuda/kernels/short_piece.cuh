// cuda/kernels/short_piece.cuh: merging the symbols of a piece of up to 32 bytes, by a warp, a byte a lane.
//
// Model: that of warp_symbols.cuh, with all of a piece in registers.
#ifndef TOK_CUDA_KERNELS_SHORT_PIECE_CUH_
#define TOK_CUDA_KERNELS_SHORT_PIECE_CUH_

#include <cstdint>

#include "cuda/kernels/find_pair.cuh"
#include "cuda/kernels/warp_sums.cuh"

namespace tok::cuda {

class ShortPiece {
 public:
  // `id`: of the lane's byte, for the first n lanes.
  __device__ ShortPiece(const PairTableView& pairs, uint32_t id, int n)
      : pairs_(pairs),
        lane_(static_cast<int>(threadIdx.x % 32)),
        id_(id),
        left_(n == 32 ? ~0u : (1u << n) - 1) {
    LookUpPairs(left_);
  }

  __device__ void MergeAll() {
    for (uint32_t least = __reduce_min_sync(~0u, rank_); least != kNothing;
         least = __reduce_min_sync(~0u, rank_))
      MergeRound(least);
  }

  __device__ unsigned size() const { return static_cast<unsigned>(__popc(left_)); }
  // Token i of the piece; 0 if there are fewer.
  __device__ uint32_t IdAt(int i) const {
    uint32_t left = left_;
    for (; i > 0; --i) left &= left - 1;
    const uint32_t id = __shfl_sync(~0u, id_, left == 0 ? 0 : __ffs(static_cast<int>(left)) - 1);
    return left == 0 ? 0 : id;
  }
  __device__ void Write(uint32_t* out) const {
    if ((left_ >> lane_ & 1) != 0) out[__popc(left_ & LanesBelow())] = id_;
  }

 private:
  // The symbol behind a place; 32 if there is none.
  __device__ int Next(int place) const {
    const uint32_t behind = place == 31 ? 0 : left_ & (~0u << (place + 1));
    return behind == 0 ? 32 : __ffs(static_cast<int>(behind)) - 1;
  }
  // The pairs that begin at `places`; what is no symbol has none.
  __device__ void LookUpPairs(uint32_t places) {
    const int next = Next(lane_);
    const uint32_t right = __shfl_sync(~0u, id_, next & 31);
    const bool is_symbol = (left_ >> lane_ & 1) != 0;
    if (!is_symbol || next == 32) {
      rank_ = kNothing;
    } else if ((places >> lane_ & 1) != 0) {
      const FoundPair pair = FindPair(pairs_, id_, right);
      rank_ = pair.rank;
      merged_ = pair.merged;
    }
    __syncwarp();
  }
  // Of occurrences that overlap, the first.
  __device__ uint32_t Separate(uint32_t occurrences) const {
    uint32_t taken = 0;
    while (occurrences != 0) {
      const int place = __ffs(static_cast<int>(occurrences)) - 1, next = Next(place);
      taken |= 1u << place;
      occurrences &= ~(1u << place | (next == 32 ? 0 : 1u << next));
    }
    return taken;
  }
  __device__ void MergeRound(uint32_t least) {
    uint32_t taken = Separate(__ballot_sync(~0u, rank_ == least));
    const uint32_t merged = __shfl_sync(~0u, merged_, __ffs(static_cast<int>(taken)) - 1);
    if ((merged & kOneAtATime) != 0) taken &= 0u - taken;
    const int before = 31 - __clz(static_cast<int>(left_ & LanesBelow()));
    const bool is_removed = before >= 0 && (taken >> before & 1) != 0;
    left_ &= ~__ballot_sync(~0u, is_removed);
    const bool is_taken = (taken >> lane_ & 1) != 0;
    if (is_taken) id_ = merged & ~kOneAtATime;
    const int next = Next(lane_);
    LookUpPairs(__ballot_sync(~0u, is_taken || (next < 32 && (taken >> next & 1) != 0)));
  }

  const PairTableView& pairs_;
  int lane_;
  uint32_t id_;
  uint32_t left_;             // places that are symbols
  uint32_t rank_ = kNothing;  // of the pair that begins at the lane's place
  uint32_t merged_ = kNothing;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_SHORT_PIECE_CUH_
