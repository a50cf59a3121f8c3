#include <cub/device/device_scan.cuh>

#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/pieces.h"
#include "cuda/kernels/records.cuh"
#include "cuda/kernels/warp_sums.cuh"

namespace tok::cuda {
namespace {

constexpr unsigned kMaxPiece = PieceKey<16>::kMaxPiece;
constexpr int kAtOnce = 2;      // pieces that a lane looks up together
constexpr int kHaloBytes = 32;  // behind a tile: of pieces that the table may have
constexpr unsigned kWarps = 8;  // of a block

// A warp a tile, and one for what lies behind the last, of which the scans read too.
__global__ void CountPieces(const DeviceText* text_at, const uint32_t* starts, int64_t n_tiles,
                            PieceOutput output) {
  const int64_t tile = int64_t{blockIdx.x} * kWarps + threadIdx.x / 32;
  if (tile > n_tiles) return;
  const int64_t word = tile * kTileWords + threadIdx.x % 32;
  const int n = __reduce_add_sync(~0u, word < text_at->n_words() ? __popc(starts[word]) : 0);
  if (threadIdx.x % 32 != 0) return;
  output.tile_pieces[tile] = n;
  output.tile_ids[tile] = 0;
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
    return RecordOfIds(slot_ids_.w, slot_ids_.x, slot_ids_.y, slot_ids_.z);
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

struct TileMemory {
  alignas(16) uint32_t bytes[(kTileBytes + kHaloBytes) / 4];
  uint16_t begins[kTileBytes + 1];
};

// Fills `memory` with a tile that is not behind the text; how many pieces begin there.
__device__ int ReadTile(const DeviceText& text, const uint32_t* starts, int64_t tile, TileMemory* memory) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t first = tile * kTileBytes;
  auto* const vectors = reinterpret_cast<uint4*>(memory->bytes);
  for (int v = lane; v < (kTileBytes + kHaloBytes) / 16; v += 32)
    vectors[v] = LoadVector(text, first + 16 * v);
  const int64_t word = tile * kTileWords + lane;
  uint32_t bits = word < text.n_words() ? starts[word] : 0;
  const LaneSums sums = SumOfLanes(static_cast<unsigned>(__popc(bits)));
  for (unsigned place = sums.before; bits != 0; bits &= bits - 1)
    memory->begins[place++] = static_cast<uint16_t>(32 * lane + __ffs(static_cast<int>(bits)) - 1);
  if (lane == 0)
    memory->begins[sums.all] = static_cast<uint16_t>(
        EndBehindTile(starts, (tile + 1) * kTileWords, text.n_words(), text.end - first));
  __syncwarp();
  return static_cast<int>(sums.all);
}

// The piece with number `piece` in the tile is one that the table does not have, or not. By all lanes.
__device__ void AddMisses(const DeviceText& text, bool is_missed, int64_t place, int piece,
                          const PieceOutput& output) {
  if (__ballot_sync(~0u, is_missed) == 0) return;
  const unsigned long long miss = TakeOf(output.n_misses, is_missed ? 1 : 0);
  if (!is_missed) return;
  if (miss < output.max_misses) {
    output.misses[miss] = static_cast<Miss>(piece) << kMissPlaceBits | static_cast<Miss>(place);
  } else {
    FlagDocument(text, output.flags, place, DocumentStatus::kNeedsHost);
  }
}

// A warp a tile.
__global__ void __launch_bounds__(32 * kWarps)
    ProbePieces(const DeviceText* text_at, const uint32_t* starts, PieceTableView<16> table, int64_t n_tiles,
                PieceOutput output) {
  __shared__ TileMemory memories[kWarps];
  __shared__ alignas(16) uint4 key_masks[kMaxPiece + 1];
  if (threadIdx.x <= kMaxPiece) {
    const auto mask = [](int n_bits) { return n_bits >= 32 ? ~0u : n_bits <= 0 ? 0 : (1u << n_bits) - 1; };
    const int n_bits = static_cast<int>(8 * threadIdx.x);
    key_masks[threadIdx.x] =
        make_uint4(mask(n_bits), mask(n_bits - 32), mask(n_bits - 64), mask(n_bits - 96));
  }
  __syncthreads();
  const DeviceText text = *text_at;
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t tile = int64_t{blockIdx.x} * kWarps + threadIdx.x / 32, first_byte = tile * kTileBytes;
  if (tile >= n_tiles || first_byte >= text.end) return;
  TileMemory& memory = memories[threadIdx.x / 32];
  const int n_pieces = ReadTile(text, starts, tile, &memory);
  PieceRecord* const records = output.records + output.tile_pieces[tile];
  int n_ids = 0;
  for (int first = lane; first - lane < n_pieces; first += kAtOnce * 32) {
    Lookup lookups[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int p = first + i * 32;
      const unsigned begin = p < n_pieces ? memory.begins[p] : 0;
      const unsigned n_bytes = p < n_pieces ? memory.begins[p + 1] - begin : 0;
      lookups[i].Begin(table, KeyAt(memory.bytes, begin, n_bytes <= kMaxPiece ? n_bytes : 0, key_masks));
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int p = first + i * 32;
      PieceRecord record = 0;
      if (p < n_pieces) {
        record = lookups[i].Finish(table);
        n_ids += static_cast<int>(record >> kRecordCountShift);
        __stcs(&records[p], record);
      }
      const bool is_missed = p < n_pieces && record == 0;
      AddMisses(text, is_missed, first_byte + (is_missed ? memory.begins[p] : 0), p, output);
    }
  }
  n_ids = __reduce_add_sync(~0u, n_ids);
  if (lane == 0) output.tile_ids[tile] = static_cast<unsigned long long>(n_ids);
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
  CountPieces<<<BlocksFor(n_tiles + 1, kWarps), 32 * kWarps, 0, stream>>>(text.text, starts, n_tiles, output);
  if (cudaError_t error = ScanPieces(workspace, &n_workspace_bytes, output.tile_pieces, n_tiles, stream))
    return error;
  ProbePieces<<<BlocksFor(n_tiles, kWarps), 32 * kWarps, 0, stream>>>(text.text, starts, table, n_tiles,
                                                                      output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
