#include "cuda/kernels/merge.h"

#include <algorithm>

namespace tok::cuda {
namespace {

constexpr int kLaneThreads = 128;
constexpr int kWarpThreads = 128;
constexpr int kTileBytes = kTileWords * 32;

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

__device__ void WriteRecord(const PieceOutput& pieces, const Miss& miss, unsigned long long offset, unsigned n_ids) {
  pieces.records[miss.piece] = offset | static_cast<uint64_t>(n_ids) << kRecordOffsetBits;
  atomicAdd(&pieces.tile_ids[miss.begin / kTileBytes], static_cast<unsigned long long>(n_ids));
}

// A lane a piece: the rest of the piece's places as bits, so that neighbours are found without moving anything.
__global__ void __launch_bounds__(kLaneThreads) MergeByLanes(DeviceText text, const uint32_t* starts, MergeInput input,
                                                             PieceOutput pieces, MergeOutput output) {
  __shared__ uint32_t ids[kMaxLanePiece][kLaneThreads], ranks[kMaxLanePiece][kLaneThreads],
      merged[kMaxLanePiece][kLaneThreads];
  const int thread = static_cast<int>(threadIdx.x);
  const auto n_misses = static_cast<int64_t>(min(*pieces.n_misses, pieces.max_misses));
  for (int64_t m = int64_t{blockIdx.x} * kLaneThreads + thread; m < n_misses; m += int64_t{gridDim.x} * kLaneThreads) {
    const Miss miss = pieces.misses[m];
    const int64_t n_bytes = PieceEnd(text, starts, miss.begin) - miss.begin;
    if (n_bytes > kMaxLanePiece) {
      output.long_misses[atomicAdd(output.n_long_misses, 1u)] = static_cast<uint32_t>(m);
      continue;
    }
    const int n = static_cast<int>(n_bytes);
    for (int i = 0; i < n; ++i) ids[i][thread] = input.byte_ids[text.bytes[miss.begin + i]];
    const auto look_up = [&](int place, int next) {
      const Found found = FindPair(input.pairs, ids[place][thread], ids[next][thread]);
      ranks[place][thread] = found.rank;
      merged[place][thread] = found.merged;
    };
    for (int i = 0; i + 1 < n; ++i) look_up(i, i + 1);
    ranks[n - 1][thread] = kNothing;
    uint32_t left = n == 32 ? ~0u : (1u << n) - 1;
    for (;;) {
      uint32_t best = kNothing;
      int place = 0;
      for (uint32_t bits = left; bits != 0; bits &= bits - 1) {
        const int i = __ffs(static_cast<int>(bits)) - 1;
        const uint32_t rank = ranks[i][thread];
        if (rank < best) {
          best = rank;
          place = i;
        }
      }
      if (best == kNothing) break;
      const auto next_of = [&](int i) { return __ffs(static_cast<int>(left & (i == 31 ? 0 : ~0u << (i + 1)))) - 1; };
      left &= ~(1u << next_of(place));
      ids[place][thread] = merged[place][thread];
      const int next = next_of(place);
      if (next < 0) {
        ranks[place][thread] = kNothing;
      } else {
        look_up(place, next);
      }
      const uint32_t before = left & ((1u << place) - 1);
      if (before != 0) look_up(31 - __clz(static_cast<int>(before)), place);
    }
    const auto n_ids = static_cast<unsigned>(__popc(left));
    unsigned long long offset = atomicAdd(output.n_ids, static_cast<unsigned long long>(n_ids));
    WriteRecord(pieces, miss, offset, n_ids);
    for (uint32_t bits = left; bits != 0; bits &= bits - 1) output.ids[offset++] = ids[__ffs(static_cast<int>(bits)) - 1][thread];
  }
}

// A warp a piece: symbols stay in order, without gaps.
__global__ void __launch_bounds__(kWarpThreads) MergeByWarps(DeviceText text, const uint32_t* starts, MergeInput input,
                                                             PieceOutput pieces, MergeOutput output) {
  constexpr int kWarps = kWarpThreads / 32;
  __shared__ uint32_t all_ids[kWarps][kMaxWarpPiece], all_ranks[kWarps][kMaxWarpPiece];
  const int warp = static_cast<int>(threadIdx.x / 32), lane = static_cast<int>(threadIdx.x % 32);
  uint32_t *const ids = all_ids[warp], *const ranks = all_ranks[warp];
  for (uint32_t l = blockIdx.x * kWarps + static_cast<uint32_t>(warp); l < *output.n_long_misses; l += gridDim.x * kWarps) {
    const Miss miss = pieces.misses[output.long_misses[l]];
    const int64_t n_bytes = PieceEnd(text, starts, miss.begin) - miss.begin;
    if (n_bytes > kMaxWarpPiece) {
      if (lane == 0) atomicAdd(output.n_too_long, 1ull);
      continue;
    }
    int n = static_cast<int>(n_bytes);
    for (int i = lane; i < n; i += 32) ids[i] = input.byte_ids[text.bytes[miss.begin + i]];
    __syncwarp();
    const auto rank_at = [&](int i) { return i + 1 < n ? FindPair(input.pairs, ids[i], ids[i + 1]).rank : kNothing; };
    for (int i = lane; i < n; i += 32) ranks[i] = rank_at(i);
    __syncwarp();
    for (;;) {
      uint32_t best = kNothing;
      int place = n;
      for (int i = lane; i < n; i += 32) {
        if (ranks[i] < best) {
          best = ranks[i];
          place = i;
        }
      }
      const uint32_t least = __reduce_min_sync(~0u, best);
      if (least == kNothing) break;
      place = static_cast<int>(__reduce_min_sync(~0u, best == least ? static_cast<unsigned>(place) : ~0u));
      const uint32_t joined = FindPair(input.pairs, ids[place], ids[place + 1]).merged;
      __syncwarp();
      // What lies behind moves down by one.
      for (int base = place + 1; base + 1 < n; base += 32) {
        const int i = base + lane;
        const bool moves = i + 1 < n;
        const uint32_t id = moves ? ids[i + 1] : 0, rank = moves ? ranks[i + 1] : 0;
        __syncwarp();
        if (moves) {
          ids[i] = id;
          ranks[i] = rank;
        }
        __syncwarp();
      }
      --n;
      if (lane == 0) ids[place] = joined;
      __syncwarp();
      if (lane < 2 && place - lane >= 0) ranks[place - lane] = rank_at(place - lane);
      __syncwarp();
    }
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

cudaError_t MergeMisses(const DeviceText& text, const uint32_t* starts, const MergeInput& input, const PieceOutput& pieces,
                        const MergeOutput& output, cudaStream_t stream) {
  int device, n_multiprocessors;
  if (cudaError_t error = cudaGetDevice(&device)) return error;
  if (cudaError_t error = cudaDeviceGetAttribute(&n_multiprocessors, cudaDevAttrMultiProcessorCount, device)) return error;
  const auto n_blocks = static_cast<unsigned>(n_multiprocessors * 4);
  MergeByLanes<<<n_blocks, kLaneThreads, 0, stream>>>(text, starts, input, pieces, output);
  MergeByWarps<<<n_blocks, kWarpThreads, 0, stream>>>(text, starts, input, pieces, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
