#include <cub/block/block_scan.cuh>
#include <cub/device/device_scan.cuh>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/pieces.h"

namespace tok::cuda {
namespace {

constexpr unsigned kMaxPiece = PieceKey<16>::kMaxPiece;
constexpr int kHaloBytes = 32;  // behind a tile: of pieces that the table may have

__global__ void CountPieces(const uint32_t* starts, int64_t n_words, int64_t n_tiles, int64_t* tile_pieces) {
  const int64_t tile = int64_t{blockIdx.x} * (blockDim.x / 32) + threadIdx.x / 32;
  const unsigned lane = threadIdx.x % 32;
  if (tile > n_tiles) return;
  int n = 0;
  for (int w = static_cast<int>(lane); w < kTileWords; w += 32) {
    const int64_t word = tile * kTileWords + w;
    if (tile < n_tiles && word < n_words) n += __popc(starts[word]);
  }
  n = __reduce_add_sync(~0u, n);
  if (lane == 0) tile_pieces[tile] = n;
}

// Where the piece that begins last in a tile ends, or that it is too long for the table.
__device__ int EndBehindTile(const uint32_t* starts, int64_t next_word, int64_t n_words, int64_t n_left) {
  const uint32_t bits = next_word < n_words ? starts[next_word] : 0;
  const int end = bits == 0 ? kHaloBytes : __ffs(static_cast<int>(bits)) - 1;
  return static_cast<int>(kTileBytes + end < n_left ? kTileBytes + end : n_left);
}

__global__ void __launch_bounds__(kTileWords)
    ProbePieces(DeviceText text, const uint32_t* starts, PieceTableView<16> table, PieceOutput output) {
  using BlockScan = cub::BlockScan<int, kTileWords>;
  __shared__ union {
    typename BlockScan::TempStorage scan;
    int n_ids;
  } shared;
  __shared__ alignas(16) uint32_t bytes[(kTileBytes + kHaloBytes) / 4];
  __shared__ uint16_t begins[kTileBytes + 1];
  __shared__ alignas(16) uint4 key_masks[kMaxPiece + 1];

  const int thread = static_cast<int>(threadIdx.x);
  const int64_t tile = blockIdx.x, first_byte = tile * kTileBytes, n_left = text.n_bytes - first_byte;
  // The text, 16 bytes a load; what lies behind its end is zero.
  auto* const vectors = reinterpret_cast<uint4*>(bytes);
  for (int v = thread; v < (kTileBytes + kHaloBytes) / 16; v += kTileWords)
    vectors[v] = LoadVector(text, first_byte + 16 * v);
  if (thread <= static_cast<int>(kMaxPiece)) {
    uint32_t masks[4];
    for (int q = 0; q < 4; ++q) {
      const int n_bits = 8 * thread - 32 * q;
      masks[q] = n_bits >= 32 ? ~0u : n_bits <= 0 ? 0 : (1u << n_bits) - 1;
    }
    key_masks[thread] = make_uint4(masks[0], masks[1], masks[2], masks[3]);
  }
  const int64_t n_words = text.n_words(), word = tile * kTileWords + thread;
  uint32_t bits = word < n_words ? starts[word] : 0;
  int place, n_pieces;
  BlockScan(shared.scan).ExclusiveSum(__popc(bits), place, n_pieces);
  for (; bits != 0; bits &= bits - 1)
    begins[place++] = static_cast<uint16_t>(32 * thread + __ffs(static_cast<int>(bits)) - 1);
  if (thread == 0)
    begins[n_pieces] = static_cast<uint16_t>(EndBehindTile(starts, (tile + 1) * kTileWords, n_words, n_left));
  __syncthreads();
  if (thread == 0) shared.n_ids = 0;
  __syncthreads();

  const int64_t first_piece = output.tile_pieces[tile];
  const auto* const slots = reinterpret_cast<const uint4*>(table.slots);
  int n_ids = 0;
  for (int p = thread; p < n_pieces; p += kTileWords) {
    const unsigned begin = begins[p], n_bytes = begins[p + 1] - begin;
    PieceRecord record = 0;
    if (n_bytes <= kMaxPiece) {
      const uint32_t* quads = bytes + begin / 4;
      const unsigned shift = 8 * (begin % 4);
      const uint4 mask = key_masks[n_bytes];
      PieceKey<16> key;
      uint32_t low = quads[0];
#pragma unroll
      for (int q = 0; q < 4; ++q) {
        const uint32_t high = quads[q + 1];
        key.words[q] = __funnelshift_r(low, high, shift);
        low = high;
      }
      key.words[0] &= mask.x;
      key.words[1] &= mask.y;
      key.words[2] &= mask.z;
      key.words[3] = (key.words[3] & mask.w) | n_bytes << 24;
      const uint32_t hash = key.Hash();
      uint32_t home = table.FirstHome(hash);
#pragma unroll 1
      for (int attempt = 0; attempt < 2; ++attempt, home = table.SecondHome(hash)) {
        const uint4 k = __ldg(slots + 2 * size_t{home}), v = __ldg(slots + 2 * size_t{home} + 1);
        const uint32_t different =
            (k.x ^ key.words[0]) | (k.y ^ key.words[1]) | (k.z ^ key.words[2]) | (k.w ^ key.words[3]);
        if (different == 0) {
          n_ids += static_cast<int>(v.w);
          record = v.x | uint64_t{v.y} << kRecordIdBits | uint64_t{v.z} << (2 * kRecordIdBits) |
                   uint64_t{v.w} << kRecordCountShift;
          break;
        }
      }
    }
    if (record == 0) {
      const unsigned long long miss = atomicAdd(output.n_misses, 1ull);
      record = miss;
      if (miss < output.max_misses)
        output.misses[miss] = {first_byte + begin, first_piece + p, int64_t{n_bytes}};
    }
    __stcs(&output.records[first_piece + p], record);
  }
  n_ids = __reduce_add_sync(~0u, n_ids);
  if (thread % 32 == 0) atomicAdd(&shared.n_ids, n_ids);
  __syncthreads();
  if (thread == 0) output.tile_ids[tile] = static_cast<unsigned long long>(shared.n_ids);
}

cudaError_t ScanPieces(void* workspace, size_t* n_bytes, int64_t* tile_pieces, int64_t n_tiles,
                       cudaStream_t stream) {
  return cub::DeviceScan::ExclusiveSum(workspace, *n_bytes, tile_pieces, tile_pieces, n_tiles + 1, stream);
}

}  // namespace

int64_t NumTiles(int64_t n_bytes) { return (n_bytes + kTileBytes - 1) / kTileBytes; }

size_t PiecesWorkspace(int64_t n_bytes) {
  size_t n_workspace_bytes = 0;
  ScanPieces(nullptr, &n_workspace_bytes, nullptr, NumTiles(n_bytes), nullptr);
  return n_workspace_bytes;
}

cudaError_t FindPieces(const DeviceText& text, const uint32_t* starts, const PieceTableView<16>& table,
                       const PieceOutput& output, void* workspace, cudaStream_t stream) {
  const int64_t n_tiles = NumTiles(text.n_bytes);
  size_t n_workspace_bytes = PiecesWorkspace(text.n_bytes);
  constexpr int kWarps = 8;
  CountPieces<<<static_cast<unsigned>(n_tiles / kWarps + 1), 32 * kWarps, 0, stream>>>(
      starts, text.n_words(), n_tiles, output.tile_pieces);
  if (cudaError_t error = ScanPieces(workspace, &n_workspace_bytes, output.tile_pieces, n_tiles, stream))
    return error;
  ProbePieces<<<static_cast<unsigned>(n_tiles), kTileWords, 0, stream>>>(text, starts, table, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
