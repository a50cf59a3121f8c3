#include <cub/block/block_scan.cuh>
#include <cub/device/device_scan.cuh>

#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/pieces.h"

namespace tok::cuda {
namespace {

constexpr unsigned kMaxPiece = PieceKey<16>::kMaxPiece;
constexpr int kAtOnce = 2;      // pieces that a lane looks up together
constexpr int kHaloBytes = 32;  // behind a tile: of pieces that the table may have

__global__ void CountPieces(const DeviceText* text_at, const uint32_t* starts, int64_t n_tiles,
                            int64_t* tile_pieces) {
  const int64_t n_words = text_at->n_words();
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

// Of a piece in shared memory; without bytes it is the key of nothing. `masks`: of the first 0 to 15 bytes of 16.
__device__ PieceKey<16> KeyAt(const uint32_t* bytes, unsigned begin, unsigned n_bytes, const uint4* masks) {
  const uint32_t* const quads = bytes + begin / 4;
  const unsigned shift = 8 * (begin % 4);
  const uint4 mask = masks[n_bytes];
  return {{__funnelshift_r(quads[0], quads[1], shift) & mask.x,
           __funnelshift_r(quads[1], quads[2], shift) & mask.y,
           __funnelshift_r(quads[2], quads[3], shift) & mask.z,
           (__funnelshift_r(quads[3], quads[4], shift) & mask.w) | n_bytes << 24}};
}

// In two steps, with time between them for what the first one reads.
class Lookup {
 public:
  __device__ void Begin(const PieceTableView<16>& table, const PieceKey<16>& key) {
    key_ = key;
    hash_ = key.Hash();
    Read(table, table.FirstHome(hash_));
  }
  // 0 if it is not there.
  __device__ PieceRecord Finish(const PieceTableView<16>& table) {
    if (!IsFound()) {
      Read(table, table.SecondHome(hash_));
      if (!IsFound()) return 0;
    }
    return slot_ids_.x | uint64_t{slot_ids_.y} << kRecordIdBits |
           uint64_t{slot_ids_.z} << (2 * kRecordIdBits) | uint64_t{slot_ids_.w} << kRecordCountShift;
  }

 private:
  __device__ void Read(const PieceTableView<16>& table, uint32_t home) {
    const auto* const slot = reinterpret_cast<const uint4*>(table.slots) + 2 * size_t{home};
    slot_key_ = __ldg(slot);
    slot_ids_ = __ldg(slot + 1);
  }
  // An empty slot has no bytes, and nothing is found there.
  __device__ bool IsFound() const {
    return ((slot_key_.x ^ key_.words[0]) | (slot_key_.y ^ key_.words[1]) | (slot_key_.z ^ key_.words[2]) |
            (slot_key_.w ^ key_.words[3])) == 0;
  }

  PieceKey<16> key_;
  uint32_t hash_;
  uint4 slot_key_, slot_ids_;
};

__global__ void __launch_bounds__(kTileWords) ProbePieces(const DeviceText* text_at, const uint32_t* starts,
                                                          PieceTableView<16> table, PieceOutput output) {
  using BlockScan = cub::BlockScan<int, kTileWords>;
  __shared__ union {
    typename BlockScan::TempStorage scan;
    int n_ids;
  } shared;
  __shared__ alignas(16) uint32_t bytes[(kTileBytes + kHaloBytes) / 4];
  __shared__ uint16_t begins[kTileBytes + 1];
  __shared__ alignas(16) uint4 key_masks[kMaxPiece + 1];

  const int thread = static_cast<int>(threadIdx.x);
  const DeviceText text = *text_at;
  const int64_t tile = blockIdx.x, first_byte = tile * kTileBytes, n_left = text.end - first_byte;
  if (n_left <= 0) {
    if (thread == 0) output.tile_ids[tile] = 0;
    return;
  }
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
  int n_ids = 0;
  for (int first = thread; first < n_pieces; first += kAtOnce * kTileWords) {
    Lookup lookups[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int p = first + i * kTileWords;
      const unsigned begin = p < n_pieces ? begins[p] : 0, n_bytes = p < n_pieces ? begins[p + 1] - begin : 0;
      lookups[i].Begin(table, KeyAt(bytes, begin, n_bytes <= kMaxPiece ? n_bytes : 0, key_masks));
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int p = first + i * kTileWords;
      if (p >= n_pieces) break;
      PieceRecord record = lookups[i].Finish(table);
      n_ids += static_cast<int>(record >> kRecordCountShift);
      if (record == 0) {
        const unsigned long long miss = atomicAdd(output.n_misses, 1ull);
        const int64_t place = first_byte + begins[p];
        if (miss < output.max_misses) {
          output.misses[miss] = static_cast<Miss>(p) << kMissPlaceBits | static_cast<Miss>(place);
        } else {
          FlagDocument(text, output.flags, place, DocumentStatus::kNeedsHost);
        }
      }
      __stcs(&output.records[first_piece + p], record);
    }
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

size_t PiecesWorkspace(int64_t max_places) {
  size_t n_workspace_bytes = 0;
  ScanPieces(nullptr, &n_workspace_bytes, nullptr, MaxTiles(max_places), nullptr);
  return n_workspace_bytes;
}

cudaError_t FindPieces(const TextOnDevice& text, const uint32_t* starts, const PieceTableView<16>& table,
                       const PieceOutput& output, void* workspace, cudaStream_t stream) {
  const int64_t n_tiles = MaxTiles(text.max_places);
  size_t n_workspace_bytes = PiecesWorkspace(text.max_places);
  constexpr int kWarps = 8;
  CountPieces<<<BlocksFor(n_tiles + 1, kWarps), 32 * kWarps, 0, stream>>>(text.text, starts, n_tiles,
                                                                          output.tile_pieces);
  if (cudaError_t error = ScanPieces(workspace, &n_workspace_bytes, output.tile_pieces, n_tiles, stream))
    return error;
  ProbePieces<<<static_cast<unsigned>(n_tiles), kTileWords, 0, stream>>>(text.text, starts, table, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
