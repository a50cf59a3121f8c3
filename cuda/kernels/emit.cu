#include <cub/block/block_scan.cuh>
#include <cub/device/device_scan.cuh>

#include "cuda/kernels/emit.h"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/records.cuh"

namespace tok::cuda {
namespace {

constexpr int kThreads = 256, kWarps = kThreads / 32;
static_assert(kThreads == kTileWords);

struct LaneSums {
  unsigned before, all;
};

// Of the lanes' numbers.
__device__ LaneSums SumOfLanes(unsigned n, int lane) {
  const uint32_t below = (1u << lane) - 1;
  if (__all_sync(~0u, n < 4)) {  // nearly always
    const uint32_t low = __ballot_sync(~0u, n & 1), high = __ballot_sync(~0u, n & 2);
    return {static_cast<unsigned>(__popc(low & below) + 2 * __popc(high & below)),
            static_cast<unsigned>(__popc(low) + 2 * __popc(high))};
  }
  unsigned up_to = n;
  for (int distance = 1; distance < 32; distance *= 2) {
    const unsigned other = __shfl_up_sync(~0u, up_to, distance);
    if (lane >= distance) up_to += other;
  }
  return {up_to - n, __shfl_sync(~0u, up_to, 31)};
}

template <typename Id>
__device__ void WriteIds(PieceRecord record, unsigned n, const uint32_t* miss_ids, Id* out) {
  constexpr uint32_t kIdMask = (1u << kRecordIdBits) - 1;
  if (record >> kRecordCountShift != 0) {
    out[0] = static_cast<Id>(static_cast<uint32_t>(record) & kIdMask);
    if (n > 1) out[1] = static_cast<Id>(static_cast<uint32_t>(record >> kRecordIdBits) & kIdMask);
    if (n > 2) out[2] = static_cast<Id>(static_cast<uint32_t>(record >> (2 * kRecordIdBits)) & kIdMask);
    return;
  }
  const uint32_t* const from = miss_ids + (record & ((PieceRecord{1} << kRecordOffsetBits) - 1));
  for (unsigned i = 0; i < n; ++i) out[i] = static_cast<Id>(from[i]);
}

// The first document that begins in each tile or behind it. A search in the block that emits would wait for each of its steps.
__global__ void FindDocuments(const DeviceText* text_at, int64_t n_tiles, int64_t* first_documents) {
  const DeviceText text = *text_at;
  const int64_t tile = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (tile < n_tiles)
    first_documents[tile] =
        LowerBound(text.offsets, text.n_documents + 1, tile * kTileBytes - text.place_of_offset);
}

template <typename Id>
__global__ void __launch_bounds__(kThreads)
    EmitTiles(const DeviceText* text_at, const int64_t* first_documents, EmitInput input, PieceOutput pieces,
              DeviceIds output) {
  using BlockScan = cub::BlockScan<int, kThreads>;
  __shared__ typename BlockScan::TempStorage scan;
  __shared__ uint32_t ids_before[kTileBytes];  // each piece, of this tile
  __shared__ uint16_t pieces_before[kTileWords];
  __shared__ int warp_ids[kWarps];
  const DeviceText text = *text_at;
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t tile = blockIdx.x, first_place = tile * kTileBytes;
  if (tile > 0 && first_place >= text.end) return;
  const int64_t first_piece = pieces.tile_pieces[tile];
  const int n_pieces = static_cast<int>(pieces.tile_pieces[tile + 1] - first_piece);
  const auto first_id = static_cast<int64_t>(pieces.tile_ids[tile]);
  // Each warp emits neighbouring pieces: what lies before them is counted first.
  const int warp = thread / 32, lane = thread % 32;
  const int n_warp_pieces = (n_pieces + kThreads - 1) / kThreads * 32;
  const int begin = min(warp * n_warp_pieces, n_pieces), end = min(begin + n_warp_pieces, n_pieces);
  int n_warp_ids = 0;
  for (int base = begin; base < end; base += 32) {
    const int p = base + lane;
    if (p < end) n_warp_ids += static_cast<int>(CountOf(pieces.records[first_piece + p]));
  }
  n_warp_ids = __reduce_add_sync(~0u, n_warp_ids);
  if (lane == 0) warp_ids[warp] = n_warp_ids;
  __syncthreads();
  int before = 0, n_tile_ids = 0;
  for (int w = 0; w < kWarps; ++w) {
    before += w < warp ? warp_ids[w] : 0;
    n_tile_ids += warp_ids[w];
  }
  for (int base = begin; base < end; base += 32) {
    const int p = base + lane;
    const PieceRecord record = p < end ? __ldcs(&pieces.records[first_piece + p]) : 0;
    const unsigned n = p < end ? CountOf(record) : 0;
    const auto [n_lanes_before, n_all] = SumOfLanes(n, lane);
    const int place = before + static_cast<int>(n_lanes_before);
    before += static_cast<int>(n_all);
    if (p >= end) continue;
    ids_before[p] = static_cast<uint32_t>(place);
    if (first_id + place + n <= output.max_ids)
      WriteIds(record, n, input.miss_ids, static_cast<Id*>(output.ids) + first_id + place);
  }
  __syncthreads();
  // Documents that begin here.
  const int64_t first_document = first_documents[tile];
  const bool is_last = text.end <= first_place + kTileBytes;
  const int64_t end_place = is_last ? text.end + 1 : first_place + kTileBytes;
  const auto place_of = [&](int64_t document) { return text.offsets[document] + text.place_of_offset; };
  if (text.n_documents == 0 || first_document > text.n_documents || place_of(first_document) >= end_place)
    return;
  const int64_t word = tile * kTileWords + thread;
  const uint32_t bits = word < text.n_words() ? input.starts[word] : 0;
  int words_before, n_all;
  BlockScan(scan).ExclusiveSum(__popc(bits), words_before, n_all);
  pieces_before[thread] = static_cast<uint16_t>(words_before);
  __syncthreads();
  for (int64_t d = first_document + thread; d <= text.n_documents; d += kThreads) {
    const int64_t place = place_of(d), local = place - first_place;
    if (place >= end_place) break;
    int64_t ids = first_id + n_tile_ids;
    if (local < kTileBytes && place < text.end) {
      const uint32_t below = input.starts[place / 32] & ((1u << (place % 32)) - 1);
      ids = first_id + ids_before[pieces_before[local / 32] + __popc(below)];
    }
    output.offsets[d] = ids;
  }
}

__global__ void Report(EmitInput input, const unsigned long long* n_ids, int64_t n_documents,
                       DeviceIds output) {
  const int64_t first = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (first == 0)
    *output.report = {.n_ids = static_cast<int64_t>(*n_ids),
                      .n_not_ok = static_cast<int64_t>(input.counters->n_flagged),
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
  emit<<<static_cast<unsigned>(n_tiles), kThreads, 0, stream>>>(text.text, first_documents, input, pieces,
                                                                output);
  Report<<<BlocksFor(n_documents, kThreads), kThreads, 0, stream>>>(input, pieces.tile_ids + n_tiles,
                                                                    n_documents, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
