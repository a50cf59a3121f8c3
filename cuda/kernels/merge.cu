#include "cuda/kernels/merge.h"

namespace tok::cuda {
namespace {

constexpr int kLaneThreads = 128;
constexpr int kWarpThreads = 128;
constexpr int kMaxShortPiece = 128;  // bytes: of more of them at a time

struct Found {
  uint32_t rank, merged;
};

__device__ Found FindPair(const PairTableView& pairs, uint32_t left, uint32_t right) {
  const uint32_t mask = (1u << pairs.log_slots) - 1;
  for (uint32_t home = pairs.Home(left, right);; home = (home + 1) & mask) {
    const uint4 slot = __ldg(reinterpret_cast<const uint4*>(pairs.slots) + home);
    if (slot.x == left && slot.y == right) return {slot.z, slot.w};
    if (slot.w == kNothing) return {kNothing, kNothing};
  }
}

__device__ int64_t PieceEnd(const DeviceText& text, const uint32_t* starts, int64_t begin) {
  int64_t word = begin / 32;
  uint32_t bits = starts[word] & (begin % 32 == 31 ? 0 : ~0u << (begin % 32 + 1));
  const int64_t n_words = text.n_words();
  while (bits == 0 && ++word < n_words) bits = starts[word];
  return bits == 0 ? text.n_bytes : word * 32 + __ffs(static_cast<int>(bits)) - 1;
}

__device__ void WriteRecord(const PieceOutput& pieces, const Miss& miss, unsigned long long offset,
                            unsigned n_ids) {
  pieces.records[miss.piece] = offset | static_cast<uint64_t>(n_ids) << kRecordOffsetBits;
  atomicAdd(&pieces.tile_ids[miss.begin / kTileBytes], static_cast<unsigned long long>(n_ids));
}

// The ids of a missed piece of up to 31 bytes, if the table of longer ones has it.
__device__ const PieceSlot<32>* FindLonger(const DeviceText& text, const PieceTableView<32>& table,
                                           int64_t begin, unsigned n_bytes) {
  PieceKey<32> key;
#pragma unroll
  for (unsigned w = 0; w < key.kWords; ++w) {
    uint32_t word = 0;
#pragma unroll
    for (unsigned i = 0; i < 4; ++i) {
      if (4 * w + i < n_bytes) word |= uint32_t{text.bytes[begin + 4 * w + i]} << (8 * i);
    }
    key.words[w] = word;
  }
  key.words[key.kWords - 1] |= n_bytes << 24;
  const uint32_t hash = key.Hash();
  for (const uint32_t home : {table.FirstHome(hash), table.SecondHome(hash)}) {
    const PieceSlot<32>& slot = table.slots[home];
    uint32_t different = 0;
#pragma unroll
    for (unsigned w = 0; w < key.kWords; ++w) different |= slot.key.words[w] ^ key.words[w];
    if (different == 0) return &slot;
  }
  return nullptr;
}

// The symbols of a piece that a lane merges, at the places of their first bytes; `left_`: the places that are symbols still, so
// that neighbours are found without moving anything.
class LaneSymbols {
 public:
  using Column = uint32_t[kMaxLanePiece][kLaneThreads];

  __device__ LaneSymbols(const PairTableView& pairs, Column* ids, Column* ranks)
      : pairs_(pairs), ids_(*ids), ranks_(*ranks), thread_(threadIdx.x) {}

  __device__ void MergeAll(const unsigned char* bytes, const uint32_t* byte_ids, int n) {
    for (int i = 0; i < n; ++i) ids_[i][thread_] = byte_ids[bytes[i]];
    for (int i = 0; i + 1 < n; ++i) ranks_[i][thread_] = Pair(i, i + 1).rank;
    ranks_[n - 1][thread_] = kNothing;
    left_ = n == 32 ? ~0u : (1u << n) - 1;
    for (int place = FirstOfLeastRank(); place >= 0; place = FirstOfLeastRank()) {
      const int second = Next(place);
      ids_[place][thread_] = Pair(place, second).merged;
      left_ &= ~(1u << second);
      const int next = Next(place);
      ranks_[place][thread_] = next < 0 ? kNothing : Pair(place, next).rank;
      const uint32_t before = left_ & ((1u << place) - 1);
      if (before == 0) continue;
      const int previous = 31 - __clz(static_cast<int>(before));
      ranks_[previous][thread_] = Pair(previous, place).rank;
    }
  }
  __device__ unsigned size() const { return static_cast<unsigned>(__popc(left_)); }
  __device__ void Write(uint32_t* out) const {
    for (uint32_t bits = left_; bits != 0; bits &= bits - 1)
      *out++ = ids_[__ffs(static_cast<int>(bits)) - 1][thread_];
  }

 private:
  __device__ Found Pair(int left, int right) const {
    return FindPair(pairs_, ids_[left][thread_], ids_[right][thread_]);
  }
  // Negative if there is none.
  __device__ int Next(int place) const {
    return __ffs(static_cast<int>(left_ & (place == 31 ? 0 : ~0u << (place + 1)))) - 1;
  }
  __device__ int FirstOfLeastRank() const {
    uint32_t least = kNothing;
    int place = -1;
    for (uint32_t bits = left_; bits != 0; bits &= bits - 1) {
      const int i = __ffs(static_cast<int>(bits)) - 1;
      const uint32_t rank = ranks_[i][thread_];
      if (rank < least) {
        least = rank;
        place = i;
      }
    }
    return place;
  }

  const PairTableView& pairs_;
  Column &ids_, &ranks_;
  unsigned thread_;
  uint32_t left_ = 0;
};

__global__ void __launch_bounds__(kLaneThreads)
    MergeByLanes(DeviceText text, const uint32_t* starts, MergeInput input, PieceOutput pieces,
                 MergeOutput output) {
  __shared__ LaneSymbols::Column ids, ranks;
  const auto n_misses = static_cast<int64_t>(min(*pieces.n_misses, pieces.max_misses));
  for (int64_t m = int64_t{blockIdx.x} * kLaneThreads + threadIdx.x; m < n_misses;
       m += int64_t{gridDim.x} * kLaneThreads) {
    const Miss miss = pieces.misses[m];
    const int64_t n_bytes = PieceEnd(text, starts, miss.begin) - miss.begin;
    if (n_bytes > kMaxLanePiece) {
      output.long_misses[atomicAdd(output.n_long_misses, 1u)] = static_cast<uint32_t>(m);
      continue;
    }
    const PieceSlot<32>* known = nullptr;
    if (n_bytes > PieceKey<16>::kMaxPiece && n_bytes <= PieceKey<32>::kMaxPiece)
      known = FindLonger(text, input.longer, miss.begin, static_cast<unsigned>(n_bytes));
    LaneSymbols symbols(input.pairs, &ids, &ranks);
    if (known == nullptr)
      symbols.MergeAll(text.bytes + miss.begin, input.byte_ids, static_cast<int>(n_bytes));
    const unsigned n_ids = known != nullptr ? known->n_ids : symbols.size();
    const unsigned long long offset = atomicAdd(output.n_ids, static_cast<unsigned long long>(n_ids));
    WriteRecord(pieces, miss, offset, n_ids);
    if (known == nullptr) {
      symbols.Write(output.ids + offset);
    } else {
      for (unsigned i = 0; i < n_ids; ++i) output.ids[offset + i] = known->ids[i];
    }
  }
}

// Of runs of ones every second one, from the first of each run on; of a run that goes on from before, not the first if
// `is_first_taken`.
__device__ uint32_t EverySecond(uint32_t runs, bool is_first_taken) {
  constexpr uint32_t kEven = 0x55555555u;
  uint32_t even_begins = runs & ~(runs << 1) & kEven;
  if (is_first_taken) even_begins &= ~1u;
  const uint32_t even_runs = runs & ~(runs + even_begins);
  return (even_runs & kEven) | (runs & ~even_runs & ~kEven);
}

// The symbols of a piece, in order and without gaps, and for each the rank of the pair that it begins. A round merges every
// occurrence of the pair that merges first: of those that overlap, as in "aaa", the first.
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
    uint32_t merged = kNothing;
    bool was_flagged = false, was_taken = false;  // the last place of the 32 before
    int n = 0;
    for (int base = 0; base < n_; base += 32) {
      const int i = base + lane_;
      const uint32_t id = i < n_ ? ids_[i] : 0, rank = i < n_ ? ranks_[i] : kNothing;
      const uint32_t flagged = __ballot_sync(~0u, rank == least && i < n_);
      const uint32_t taken = EverySecond(flagged, was_flagged && was_taken);
      const uint32_t removed = taken << 1 | (was_taken ? 1u : 0);
      if (taken != 0 && merged == kNothing) {
        const int first = base + __ffs(static_cast<int>(taken)) - 1;
        merged = FindPair(pairs_, ids_[first], ids_[first + 1]).merged;
      }
      const uint32_t kept = __ballot_sync(~0u, i < n_) & ~removed;
      __syncwarp();
      if ((kept >> lane_ & 1) != 0) {
        const bool is_taken = (taken >> lane_ & 1) != 0;
        const int place = n + __popc(kept & ((1u << lane_) - 1));
        ids_[place] = is_taken ? merged : id;
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

// A warp a piece of more than kAbove bytes.
template <int kAbove, int kMost>
__global__ void __launch_bounds__(kWarpThreads)
    MergeByWarps(DeviceText text, const uint32_t* starts, MergeInput input, PieceOutput pieces,
                 MergeOutput output) {
  constexpr int kWarps = kWarpThreads / 32;
  __shared__ uint32_t all_ids[kWarps][kMost], all_ranks[kWarps][kMost];
  const int warp = static_cast<int>(threadIdx.x / 32), lane = static_cast<int>(threadIdx.x % 32);
  uint32_t* const ids = all_ids[warp];
  for (uint32_t l = blockIdx.x * kWarps + static_cast<uint32_t>(warp); l < *output.n_long_misses;
       l += gridDim.x * kWarps) {
    const Miss miss = pieces.misses[output.long_misses[l]];
    const int64_t n_bytes = PieceEnd(text, starts, miss.begin) - miss.begin;
    if (kMost == kMaxWarpPiece && n_bytes > kMost && lane == 0) atomicAdd(output.n_too_long, 1ull);
    if (n_bytes <= kAbove || n_bytes > kMost) continue;
    for (int i = lane; i < n_bytes; i += 32) ids[i] = input.byte_ids[text.bytes[miss.begin + i]];
    __syncwarp();
    WarpSymbols symbols(input.pairs, ids, all_ranks[warp], static_cast<int>(n_bytes), lane);
    symbols.MergeAll();
    const int n = symbols.size();
    unsigned long long offset = 0;
    if (lane == 0) {
      offset = atomicAdd(output.n_ids, static_cast<unsigned long long>(n));
      WriteRecord(pieces, miss, offset, static_cast<unsigned>(n));
    }
    offset = __shfl_sync(~0u, offset, 0);
    for (int i = lane; i < n; i += 32) output.ids[offset + i] = ids[i];
    __syncwarp();
  }
}

}  // namespace

cudaError_t MergeMisses(const DeviceText& text, const uint32_t* starts, const MergeInput& input,
                        const PieceOutput& pieces, const MergeOutput& output, cudaStream_t stream) {
  int device, n_multiprocessors;
  if (cudaError_t error = cudaGetDevice(&device)) return error;
  if (cudaError_t error = cudaDeviceGetAttribute(&n_multiprocessors, cudaDevAttrMultiProcessorCount, device))
    return error;
  const auto n_blocks = static_cast<unsigned>(n_multiprocessors * 4);
  MergeByLanes<<<2 * n_blocks, kLaneThreads, 0, stream>>>(text, starts, input, pieces, output);
  MergeByWarps<kMaxLanePiece, kMaxShortPiece>
      <<<4 * n_blocks, kWarpThreads, 0, stream>>>(text, starts, input, pieces, output);
  MergeByWarps<kMaxShortPiece, kMaxWarpPiece>
      <<<n_blocks, kWarpThreads, 0, stream>>>(text, starts, input, pieces, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
