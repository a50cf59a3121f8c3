#include "cuda/kernels/amend.h"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/records.cuh"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256, kWarps = kThreads / 32;

__device__ void Amend(const PieceOutput& pieces, int64_t tile, int64_t piece, PieceRecord record) {
  const unsigned n_before = CountOf(pieces.records[piece]);
  pieces.records[piece] = record;
  // The sum may go below zero meanwhile, and comes back: it is modular.
  atomicAdd(&pieces.tile_ids[tile],
            static_cast<unsigned long long>(CountOf(record)) - static_cast<unsigned long long>(n_before));
}

// A warp a match.
__global__ void __launch_bounds__(kThreads)
    AmendMatches(MatchOutput found, const uint32_t* starts, PieceOutput pieces) {
  const unsigned lane = threadIdx.x % 32;
  const auto n = min(*found.n_matches, found.max_matches);
  for (unsigned long long m = blockIdx.x * kWarps + threadIdx.x / 32; m < n; m += gridDim.x * kWarps) {
    const Match match = found.matches[m];
    const int64_t tile = match.begin / kTileBytes;
    const int64_t piece = pieces.tile_pieces[tile] + PiecesBefore(starts, match.begin);
    if (lane == 0) Amend(pieces, tile, piece, RecordOfIds(1, match.id, 0, 0) | kIsMatch);
  }
}

// A warp a tile, if any document is flagged.
__global__ void __launch_bounds__(kThreads)
    DropDocuments(const DeviceText* text_at, const uint32_t* starts, PieceOutput pieces, int64_t n_tiles) {
  const DeviceText text = *text_at;
  const int64_t tile = int64_t{blockIdx.x} * kWarps + threadIdx.x / 32;
  const int64_t tile_begin = tile * kTileBytes, tile_end = tile_begin + kTileBytes;
  if (*pieces.flags.n_documents == 0 || tile >= n_tiles || tile_begin >= text.end) return;
  const unsigned lane = threadIdx.x % 32;
  const auto place_of = [&](int64_t document) { return text.offsets[document] + text.place_of_offset; };
  for (int64_t base = DocumentAt(text, tile_begin < text.begin ? text.begin : tile_begin);; base += 32) {
    const int64_t document = base + lane;
    const bool is_here = document < text.n_documents && place_of(document) < tile_end;
    uint32_t flagged = __ballot_sync(~0u, is_here && pieces.flags.statuses[document] != 0);
    for (; flagged != 0; flagged &= flagged - 1) {
      const int64_t d = base + __ffs(static_cast<int>(flagged)) - 1;
      const int64_t begin = place_of(d) < tile_begin ? tile_begin : place_of(d), end = place_of(d + 1);
      const int64_t first_piece = pieces.tile_pieces[tile] + PiecesBefore(starts, begin);
      const int64_t end_piece = end >= tile_end ? pieces.tile_pieces[tile + 1]
                                                : pieces.tile_pieces[tile] + PiecesBefore(starts, end);
      for (int64_t piece = first_piece + lane; piece < end_piece; piece += 32) Amend(pieces, tile, piece, 0);
    }
    if (!__all_sync(~0u, is_here)) return;
  }
}

}  // namespace

cudaError_t GiveMatchesTheirIds(const MatchOutput& found, const uint32_t* starts, const PieceOutput& pieces,
                                cudaStream_t stream) {
  AmendMatches<<<8 * kMultiprocessors, kThreads, 0, stream>>>(found, starts, pieces);
  return cudaGetLastError();
}

cudaError_t DropFlagged(const TextOnDevice& text, const uint32_t* starts, const PieceOutput& pieces,
                        cudaStream_t stream) {
  const int64_t n_tiles = MaxTiles(text.max_places);
  DropDocuments<<<BlocksFor(n_tiles, kWarps), kThreads, 0, stream>>>(text.text, starts, pieces, n_tiles);
  return cudaGetLastError();
}

}  // namespace tok::cuda
