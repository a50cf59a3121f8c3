#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/merge.h"
#include "cuda/kernels/misses.cuh"
#include "cuda/kernels/records.cuh"
#include "cuda/kernels/short_piece.cuh"
#include "cuda/kernels/warp_sums.cuh"
#include "cuda/kernels/warp_symbols.cuh"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr int kMaxMiddlePiece = 128;  // bytes: more of them at a time
// As many warps a block as its shared memory, 48 KiB, has room for.
template <int kMost>
constexpr int kWarpsOf = kMost > 512 ? 2 : 4;

__device__ void WriteRecord(const PieceOutput& pieces, Miss miss, PieceRecord record) {
  *RecordOf(pieces, miss) = record;
  atomicAdd(&pieces.tile_ids[PlaceOf(miss) / kTileBytes], static_cast<unsigned long long>(CountOf(record)));
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

// A thread a miss: what is known gets its record, the rest is listed.
__global__ void __launch_bounds__(kThreads)
    FindKnownMisses(const DeviceText* text_at, MergeInput input, PieceOutput pieces, MergeOutput output) {
  const DeviceText text = *text_at;
  const unsigned long long n_misses = NumMisses(pieces);
  const unsigned long long n_rounded = (n_misses + 31) / 32 * 32;  // whole warps
  for (unsigned long long m = blockIdx.x * kThreads + threadIdx.x; m < n_rounded; m += gridDim.x * kThreads) {
    const bool is_miss = m < n_misses;
    const Miss miss = is_miss ? pieces.misses[m] : 0;
    const int64_t begin = PlaceOf(miss);
    const int64_t n_bytes = is_miss ? PieceLength(text, input.starts, begin, kMaxShortPiece) : 0;
    const bool is_short = is_miss && n_bytes <= kMaxShortPiece;
    const KnownIds known = is_short ? FindKnown(text, input, begin, n_bytes) : KnownIds{nullptr, 0};
    const bool is_merge = is_short && known.n_ids == 0;
    const unsigned long long offset = TakeOf(output.n_ids, known.n_ids > kMaxRecordIds ? known.n_ids : 0);
    const unsigned long long merge = TakeOf(output.n_short_merges, is_merge ? 1 : 0);
    const unsigned long long long_merge = TakeOf(output.n_long_merges, is_miss && !is_short ? 1 : 0);
    if (is_merge) output.merges[merge] = static_cast<uint32_t>(m);
    if (is_miss && !is_short) output.merges[pieces.max_misses - 1 - long_merge] = static_cast<uint32_t>(m);
    if (known.n_ids == 0) continue;
    if (known.n_ids > kMaxRecordIds) {
      for (unsigned i = 0; i < known.n_ids; ++i) output.ids[offset + i] = known.ids[i];
      WriteRecord(pieces, miss, RecordOfOffset(known.n_ids, offset));
    } else {
      WriteRecord(pieces, miss,
                  RecordOfIds(known.n_ids, known.ids[0], known.n_ids > 1 ? known.ids[1] : 0,
                              known.n_ids > 2 ? known.ids[2] : 0));
    }
  }
}

// A warp a piece of up to kMaxShortPiece bytes.
__global__ void __launch_bounds__(kThreads)
    MergeShortPieces(const DeviceText* text_at, MergeInput input, PieceOutput pieces, MergeOutput output) {
  constexpr unsigned kWarps = kThreads / 32;
  const DeviceText text = *text_at;
  const int lane = static_cast<int>(threadIdx.x % 32);
  const unsigned long long n_merges = *output.n_short_merges;
  for (unsigned long long i = blockIdx.x * kWarps + threadIdx.x / 32; i < n_merges; i += gridDim.x * kWarps) {
    const Miss miss = pieces.misses[output.merges[i]];
    const int64_t begin = PlaceOf(miss);
    const int n_bytes = static_cast<int>(PieceLength(text, input.starts, begin, kMaxShortPiece));
    ShortPiece piece(input.tables.pairs, lane < n_bytes ? input.tables.byte_ids[text.bytes[begin + lane]] : 0,
                     n_bytes);
    piece.MergeAll();
    const unsigned n = piece.size();
    if (n <= kMaxRecordIds) {
      const PieceRecord record = RecordOfIds(n, piece.IdAt(0), piece.IdAt(1), piece.IdAt(2));
      if (lane == 0) WriteRecord(pieces, miss, record);
      continue;
    }
    unsigned long long offset = 0;
    if (lane == 0) {
      offset = atomicAdd(output.n_ids, static_cast<unsigned long long>(n));
      WriteRecord(pieces, miss, RecordOfOffset(n, offset));
    }
    piece.Write(output.ids + __shfl_sync(~0u, offset, 0));
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
  const unsigned long long n_merges = *output.n_long_merges;
  for (unsigned long long l = blockIdx.x * kWarps + warp; l < n_merges; l += gridDim.x * kWarps) {
    const Miss miss = pieces.misses[output.merges[pieces.max_misses - 1 - l]];
    const int64_t begin = PlaceOf(miss), n_bytes = PieceLength(text, input.starts, begin, kMost);
    if (n_bytes <= kAbove || n_bytes > kMost) {
      if (n_bytes > kMaxWarpPiece && lane == 0)
        FlagDocument(text, output.flags, begin, DocumentStatus::kNeedsHost);
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
      WriteRecord(pieces, miss, RecordOfOffset(n, offset));
      if (known.n_ids != 0) output.ids[offset] = known.ids[0];
    }
    symbols.Write(output.ids + __shfl_sync(~0u, offset, 0));
    __syncwarp();
  }
}

}  // namespace

cudaError_t MergeMisses(const TextOnDevice& text, const MergeInput& input, const PieceOutput& pieces,
                        const MergeOutput& output, cudaStream_t stream) {
  FindKnownMisses<<<8 * kMultiprocessors, kThreads, 0, stream>>>(text.text, input, pieces, output);
  MergeShortPieces<<<8 * kMultiprocessors, kThreads, 0, stream>>>(text.text, input, pieces, output);
  MergeByWarps<kMaxShortPiece, kMaxMiddlePiece>
      <<<16 * kMultiprocessors, 32 * kWarpsOf<kMaxMiddlePiece>, 0, stream>>>(text.text, input, pieces,
                                                                             output);
  MergeByWarps<kMaxMiddlePiece, kMaxWarpPiece>
      <<<8 * kMultiprocessors, 32 * kWarpsOf<kMaxWarpPiece>, 0, stream>>>(text.text, input, pieces, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
