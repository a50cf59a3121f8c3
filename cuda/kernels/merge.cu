#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/merge.h"
#include "cuda/kernels/misses.cuh"
#include "cuda/kernels/warp_symbols.cuh"

namespace tok::cuda {
namespace {

constexpr int kLaneThreads = 128;
// As many warps a block as its shared memory, 48 KiB, has room for.
template <int kMost>
constexpr int kWarpsOf = kMost > 512 ? 2 : 4;
constexpr int kMaxShortPiece = 128;  // bytes: of more of them at a time

__device__ void WriteRecord(const PieceOutput& pieces, Miss miss, unsigned long long offset, unsigned n_ids) {
  *RecordOf(pieces, miss) = offset | static_cast<uint64_t>(n_ids) << kRecordOffsetBits;
  atomicAdd(&pieces.tile_ids[PlaceOf(miss) / kTileBytes], static_cast<unsigned long long>(n_ids));
}

// The ids of a piece that need no merging.
struct KnownIds {
  const uint32_t* ids;
  unsigned n_ids;  // 0: not known
};

__device__ KnownIds FindLonger(const PieceTableView<32>& table, const unsigned char* bytes,
                               unsigned n_bytes) {
  const PieceKey<32> key = LongerKey(bytes, n_bytes);
  const uint32_t hash = key.Hash();
  for (const uint32_t home : {table.FirstHome(hash), table.SecondHome(hash)}) {
    const PieceSlot<32>& slot = table.slots[home];
    uint32_t different = 0;
#pragma unroll
    for (unsigned w = 0; w < key.kWords; ++w) different |= slot.key.words[w] ^ key.words[w];
    if (different == 0) return {slot.ids, slot.n_ids};
  }
  return {nullptr, 0};
}

__device__ KnownIds FindWhole(const DeviceText& text, const MergeInput& input, int64_t begin,
                              int64_t n_bytes) {
  const WholeToken* const token = input.whole.Find(text.bytes + begin, static_cast<uint32_t>(n_bytes));
  if (token == nullptr || IsSet(input.cuts, begin)) return {nullptr, 0};
  if (begin + n_bytes < text.end && IsSet(input.cuts, begin + n_bytes)) return {nullptr, 0};
  return {&token->id, 1};
}

__device__ KnownIds FindKnown(const DeviceText& text, const MergeInput& input, int64_t begin,
                              int64_t n_bytes) {
  if (n_bytes <= int64_t{PieceKey<32>::kMaxPiece}) {
    const KnownIds known = FindLonger(input.longer, text.bytes + begin, static_cast<unsigned>(n_bytes));
    if (known.n_ids != 0) return known;
  }
  return FindWhole(text, input, begin, n_bytes);
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
      ids_[place][thread_] = Pair(place, second).merged & ~kOneAtATime;
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
  __device__ FoundPair Pair(int left, int right) const {
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
    MergeByLanes(const DeviceText* text_at, MergeInput input, PieceOutput pieces, MergeOutput output) {
  __shared__ LaneSymbols::Column ids, ranks;
  const DeviceText text = *text_at;
  const unsigned long long n_misses = NumMisses(pieces);
  for (unsigned long long m = blockIdx.x * kLaneThreads + threadIdx.x; m < n_misses;
       m += gridDim.x * kLaneThreads) {
    const Miss miss = pieces.misses[m];
    const int64_t begin = PlaceOf(miss), n_bytes = PieceLength(text, input.starts, begin, kMaxLanePiece);
    if (n_bytes > kMaxLanePiece) {
      output.long_misses[atomicAdd(output.n_long_misses, 1ull)] = m;
      continue;
    }
    const KnownIds known = FindKnown(text, input, begin, n_bytes);
    LaneSymbols symbols(input.tables.pairs, &ids, &ranks);
    if (known.n_ids == 0)
      symbols.MergeAll(text.bytes + begin, input.tables.byte_ids, static_cast<int>(n_bytes));
    const unsigned n_ids = known.n_ids != 0 ? known.n_ids : symbols.size();
    const unsigned long long offset = atomicAdd(output.n_ids, static_cast<unsigned long long>(n_ids));
    WriteRecord(pieces, miss, offset, n_ids);
    if (known.n_ids == 0) {
      symbols.Write(output.ids + offset);
    } else {
      for (unsigned i = 0; i < n_ids; ++i) output.ids[offset + i] = known.ids[i];
    }
  }
}

// A warp a piece of more than kAbove bytes.
template <int kAbove, int kMost>
__global__ void __launch_bounds__(32 * kWarpsOf<kMost>)
    MergeByWarps(const DeviceText* text_at, MergeInput input, PieceOutput pieces, MergeOutput output) {
  constexpr int kWarps = kWarpsOf<kMost>;
  __shared__ WarpMemory<kMost> memories[kWarps];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32;
  const int lane = static_cast<int>(threadIdx.x % 32);
  WarpMemory<kMost>& memory = memories[warp];
  for (unsigned long long l = blockIdx.x * kWarps + warp; l < *output.n_long_misses;
       l += gridDim.x * kWarps) {
    const Miss miss = pieces.misses[output.long_misses[l]];
    const int64_t begin = PlaceOf(miss), n_bytes = PieceLength(text, input.starts, begin, kMost);
    if (n_bytes <= kAbove || n_bytes > kMost) {
      if (n_bytes > kMaxWarpPiece && lane == 0) {
        WriteRecord(pieces, miss, 0, 0);
        FlagDocument(text, output.flags, begin, DocumentStatus::kNeedsHost);
      }
      continue;
    }
    const KnownIds known = FindWhole(text, input, begin, n_bytes);
    for (int i = lane; i < n_bytes && known.n_ids == 0; i += 32)
      memory.ids[i] = input.tables.byte_ids[text.bytes[begin + i]];
    __syncwarp();
    WarpSymbols<kMost> symbols(input.tables.pairs, &memory, known.n_ids == 0 ? static_cast<int>(n_bytes) : 0);
    symbols.MergeAll();
    const unsigned n = known.n_ids != 0 ? known.n_ids : static_cast<unsigned>(symbols.size());
    unsigned long long offset = 0;
    if (lane == 0) {
      offset = atomicAdd(output.n_ids, static_cast<unsigned long long>(n));
      WriteRecord(pieces, miss, offset, n);
      if (known.n_ids != 0) output.ids[offset] = known.ids[0];
    }
    symbols.Write(output.ids + __shfl_sync(~0u, offset, 0));
    __syncwarp();
  }
}

}  // namespace

cudaError_t MergeMisses(const TextOnDevice& text, const MergeInput& input, const PieceOutput& pieces,
                        const MergeOutput& output, cudaStream_t stream) {
  MergeByLanes<<<8 * kMultiprocessors, kLaneThreads, 0, stream>>>(text.text, input, pieces, output);
  MergeByWarps<kMaxLanePiece, kMaxShortPiece>
      <<<16 * kMultiprocessors, 32 * kWarpsOf<kMaxShortPiece>, 0, stream>>>(text.text, input, pieces, output);
  MergeByWarps<kMaxShortPiece, kMaxWarpPiece>
      <<<8 * kMultiprocessors, 32 * kWarpsOf<kMaxWarpPiece>, 0, stream>>>(text.text, input, pieces, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
