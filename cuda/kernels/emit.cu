#include <cub/block/block_scan.cuh>
#include <cub/device/device_scan.cuh>

#include "cuda/kernels/emit.h"

namespace tok::cuda {
namespace {

constexpr int kThreads = 256;
static_assert(kThreads == kTileWords);

__device__ unsigned CountOf(PieceRecord record) {
  const auto n = static_cast<unsigned>(record >> kRecordCountShift);
  return n != 0 ? n : static_cast<unsigned>(record >> kRecordOffsetBits);
}

// The first of sorted offsets that is `at` or more.
__device__ int64_t LowerBound(const int64_t* offsets, int64_t n, int64_t at) {
  int64_t first = 0;
  while (n > 0) {
    const int64_t half = n / 2;
    if (offsets[first + half] < at) {
      first += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return first;
}

__global__ void __launch_bounds__(kThreads)
    EmitTiles(int64_t n_tiles, int64_t n_bytes, EmitInput input, PieceOutput pieces, EmitOutput output) {
  using BlockScan = cub::BlockScan<int, kThreads>;
  __shared__ typename BlockScan::TempStorage scan;
  __shared__ uint32_t ids_before[kTileBytes];  // each piece, of this tile
  __shared__ uint16_t pieces_before[kTileWords];
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t tile = blockIdx.x, first_piece = pieces.tile_pieces[tile];
  const int n_pieces = static_cast<int>(pieces.tile_pieces[tile + 1] - first_piece);
  const auto first_id = static_cast<int64_t>(pieces.tile_ids[tile]);
  int before = 0;
  for (int base = 0; base < n_pieces; base += kThreads) {
    const int p = base + thread;
    const PieceRecord record = p < n_pieces ? __ldcs(&pieces.records[first_piece + p]) : 0;
    const int n = p < n_pieces ? static_cast<int>(CountOf(record)) : 0;
    int place, n_all;
    BlockScan(scan).ExclusiveSum(n, place, n_all);
    __syncthreads();
    place += before;
    before += n_all;
    if (p >= n_pieces) continue;
    ids_before[p] = static_cast<uint32_t>(place);
    uint32_t* const out = output.ids + first_id + place;
    if (record >> kRecordCountShift != 0) {
      constexpr uint32_t kIdMask = (1u << kRecordIdBits) - 1;
      out[0] = static_cast<uint32_t>(record) & kIdMask;
      if (n > 1) out[1] = static_cast<uint32_t>(record >> kRecordIdBits) & kIdMask;
      if (n > 2) out[2] = static_cast<uint32_t>(record >> (2 * kRecordIdBits)) & kIdMask;
    } else {
      const uint32_t* const from = input.miss_ids + (record & ((uint64_t{1} << kRecordOffsetBits) - 1));
      for (int i = 0; i < n; ++i) out[i] = from[i];
    }
  }
  // Documents that begin here.
  const int64_t first_byte = tile * kTileBytes;
  const int64_t first_document = LowerBound(input.document_offsets, input.n_documents + 1, first_byte);
  const bool is_last = tile + 1 == n_tiles;
  const int64_t end = is_last ? n_bytes + 1 : first_byte + kTileBytes;
  if (first_document > input.n_documents || input.document_offsets[first_document] >= end) return;
  const int64_t word = tile * kTileWords + thread;
  const uint32_t bits = word <= n_bytes / 32 ? input.starts[word] : 0;
  int words_before, n_all;
  BlockScan(scan).ExclusiveSum(__popc(bits), words_before, n_all);
  pieces_before[thread] = static_cast<uint16_t>(words_before);
  __syncthreads();
  for (int64_t d = first_document + thread; d <= input.n_documents; d += kThreads) {
    const int64_t offset = input.document_offsets[d];
    if (offset >= end) break;
    const int64_t local = offset - first_byte;
    int64_t ids = first_id + before;
    if (local < kTileBytes && offset < n_bytes) {
      const uint32_t below = input.starts[offset / 32] & ((1u << (offset % 32)) - 1);
      ids = first_id + ids_before[pieces_before[local / 32] + __popc(below)];
    }
    output.id_offsets[d] = ids;
  }
}

cudaError_t ScanIds(void* workspace, size_t* n_bytes, unsigned long long* tile_ids, int64_t n_tiles,
                    cudaStream_t stream) {
  return cub::DeviceScan::ExclusiveSum(workspace, *n_bytes, tile_ids, tile_ids, n_tiles + 1, stream);
}

}  // namespace

size_t EmitWorkspace(int64_t n_bytes) {
  size_t n_workspace_bytes = 0;
  ScanIds(nullptr, &n_workspace_bytes, nullptr, NumTiles(n_bytes), nullptr);
  return n_workspace_bytes;
}

cudaError_t EmitIds(const DeviceText& text, const EmitInput& input, const PieceOutput& pieces,
                    const EmitOutput& output, void* workspace, size_t n_workspace_bytes,
                    cudaStream_t stream) {
  const int64_t n_tiles = NumTiles(text.n_bytes);
  if (cudaError_t error = ScanIds(workspace, &n_workspace_bytes, pieces.tile_ids, n_tiles, stream))
    return error;
  EmitTiles<<<static_cast<unsigned>(n_tiles), kThreads, 0, stream>>>(n_tiles, text.n_bytes, input, pieces,
                                                                     output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
