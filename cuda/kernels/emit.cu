#include <cub/device/device_scan.cuh>

#include "cuda/kernels/emit.h"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/records.cuh"
#include "cuda/kernels/warp_sums.cuh"

namespace tok::cuda {
namespace {

constexpr int kThreads = 256, kWarps = kThreads / 32;

// The first document that begins in each tile or behind it. A search in the warp that emits would wait for each of its steps.
__global__ void FindDocuments(const DeviceText* text_at, int64_t n_tiles, int64_t* first_documents) {
  const DeviceText text = *text_at;
  const int64_t tile = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (tile < n_tiles)
    first_documents[tile] =
        LowerBound(text.offsets, text.n_documents + 1, tile * kTileBytes - text.place_of_offset);
}

template <typename Id>
__device__ void WriteIds(PieceRecord record, unsigned n, const uint32_t* miss_ids, Id* out) {
  if (n > 0) out[0] = static_cast<Id>(IdOf(record, 0, miss_ids));
  if (n > 1) out[1] = static_cast<Id>(IdOf(record, 1, miss_ids));
  if (n > 2) out[2] = static_cast<Id>(IdOf(record, 2, miss_ids));
  for (unsigned i = 3; i < n; ++i) out[i] = static_cast<Id>(IdOf(record, i, miss_ids));
}

// Where the ids of documents begin that begin in a tile, `ids_before` each of whose pieces are known.
__device__ void EmitDocuments(const DeviceText& text, const EmitInput& input, int64_t tile, int64_t document,
                              int64_t end_place, int64_t first_id, int n_ids, const uint16_t* ids_before,
                              int64_t* id_offsets) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t word = tile * kTileWords + lane;
  const uint32_t bits = word < text.n_words() ? input.starts[word] : 0;
  const unsigned pieces_before = SumOfLanes(static_cast<unsigned>(__popc(bits))).before;
  for (int64_t first = document; first <= text.n_documents; first += 32) {
    const int64_t d = first + lane;
    const int64_t place = d <= text.n_documents ? text.offsets[d] + text.place_of_offset : end_place;
    const int64_t local = place - tile * kTileBytes;
    const bool is_here = place < end_place, is_piece = is_here && local < kTileBytes && place < text.end;
    const int of_lane = is_piece ? static_cast<int>(local / 32) : 0;
    const uint32_t lane_bits = __shfl_sync(~0u, bits, of_lane);
    const unsigned before = __shfl_sync(~0u, pieces_before, of_lane);
    const uint32_t below = lane_bits & ((1u << (place % 32)) - 1);
    if (is_here) id_offsets[d] = first_id + (is_piece ? ids_before[before + __popc(below)] : n_ids);
    if (__all_sync(~0u, !is_here)) return;
  }
}

// A warp a tile.
template <typename Id>
__global__ void __launch_bounds__(kThreads, 6)
    EmitTiles(const DeviceText* text_at, const int64_t* first_documents, int64_t n_tiles, EmitInput input,
              PieceOutput pieces, DeviceIds output) {
  // A piece that begins in the tile may have more ids than the tile has bytes, but no more than a warp merges.
  __shared__ uint16_t all_ids_before[kWarps][kTileBytes];
  static_assert(kTileBytes + kMaxWarpPiece < 1 << 16);
  const DeviceText text = *text_at;
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t tile = int64_t{blockIdx.x} * kWarps + threadIdx.x / 32, first_place = tile * kTileBytes;
  if (tile >= n_tiles || (tile > 0 && first_place >= text.end)) return;
  const int64_t first_document = first_documents[tile];
  const int64_t end_place = text.end <= first_place + kTileBytes ? text.end + 1 : first_place + kTileBytes;
  const bool has_documents = text.n_documents > 0 && first_document <= text.n_documents &&
                             text.offsets[first_document] + text.place_of_offset < end_place;
  uint16_t* const ids_before = all_ids_before[threadIdx.x / 32];
  const int64_t first_piece = pieces.tile_pieces[tile];
  const int n_pieces = static_cast<int>(pieces.tile_pieces[tile + 1] - first_piece);
  const auto first_id = static_cast<int64_t>(pieces.tile_ids[tile]);
  Id* const ids = static_cast<Id*>(output.ids) + first_id;
  const int64_t room = output.max_ids - first_id;
  int n_before = 0;
  for (int base = 0; base < n_pieces; base += 32) {
    const int p = base + lane;
    const PieceRecord record = p < n_pieces ? __ldcs(&pieces.records[first_piece + p]) : 0;
    const unsigned n = CountOf(record);
    const LaneSums sums = SumOfLanes(n);
    const int place = n_before + static_cast<int>(sums.before);
    n_before += static_cast<int>(sums.all);
    if (has_documents && p < n_pieces) ids_before[p] = static_cast<uint16_t>(place);
    if (place + static_cast<int64_t>(n) <= room) WriteIds(record, n, input.miss_ids, ids + place);
  }
  if (!has_documents) return;
  __syncwarp();
  EmitDocuments(text, input, tile, first_document, end_place, first_id, n_before, ids_before, output.offsets);
}

__global__ void Report(EmitInput input, PieceOutput pieces, int64_t n_tiles, int64_t n_documents,
                       DeviceIds output) {
  const int64_t first = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (first == 0)
    *output.report = {
        .n_ids = static_cast<int64_t>(pieces.tile_ids[n_tiles]),
        .n_not_ok = static_cast<int64_t>(input.counters->n_flagged),
        .n_pieces = pieces.tile_pieces[n_tiles],
        .n_missed = static_cast<int64_t>(input.counters->n_short_merges + input.counters->n_long_merges),
        .has_bad_offsets = static_cast<int64_t>(input.counters->has_bad_offsets)};
  if (first < n_documents)
    output.statuses[first] = static_cast<DocumentStatus>(input.document_statuses[first]);
}

cudaError_t ScanIds(void* workspace, size_t* n_bytes, unsigned long long* tile_ids, int64_t n_tiles,
                    cudaStream_t stream) {
  return cub::DeviceScan::ExclusiveSum(workspace, *n_bytes, tile_ids, tile_ids, n_tiles + 1, stream);
}

size_t ScanWorkspace(int64_t max_places) {
  size_t n_scan_bytes = 0;
  ScanIds(nullptr, &n_scan_bytes, nullptr, MaxTiles(max_places), nullptr);
  return AlignedSize(n_scan_bytes);
}

}  // namespace

size_t EmitWorkspace(int64_t max_places) {
  return ScanWorkspace(max_places) + sizeof(int64_t) * static_cast<size_t>(MaxTiles(max_places));
}

cudaError_t EmitIds(const TextOnDevice& text, int64_t n_documents, const EmitInput& input,
                    const PieceOutput& pieces, const DeviceIds& output, void* workspace,
                    cudaStream_t stream) {
  const int64_t n_tiles = MaxTiles(text.max_places);
  size_t n_scan_bytes = ScanWorkspace(text.max_places);
  auto* const first_documents = reinterpret_cast<int64_t*>(static_cast<char*>(workspace) + n_scan_bytes);
  if (cudaError_t error = ScanIds(workspace, &n_scan_bytes, pieces.tile_ids, n_tiles, stream)) return error;
  FindDocuments<<<BlocksFor(n_tiles, kThreads), kThreads, 0, stream>>>(text.text, n_tiles, first_documents);
  const auto emit = output.width == IdWidth::k16 ? EmitTiles<uint16_t> : EmitTiles<uint32_t>;
  emit<<<BlocksFor(n_tiles, kWarps), kThreads, 0, stream>>>(text.text, first_documents, n_tiles, input,
                                                            pieces, output);
  Report<<<BlocksFor(n_documents, kThreads), kThreads, 0, stream>>>(input, pieces, n_tiles, n_documents,
                                                                    output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
