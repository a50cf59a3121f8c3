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

// A warp a document.
__global__ void __launch_bounds__(kThreads)
    DropDocuments(const DeviceText* text_at, const uint32_t* starts, PieceOutput pieces) {
  const DeviceText text = *text_at;
  const unsigned lane = threadIdx.x % 32;
  for (unsigned long long f = blockIdx.x * kWarps + threadIdx.x / 32; f < *pieces.flags.n_documents;
       f += gridDim.x * kWarps) {
    const int64_t document = pieces.flags.documents[f];
    const int64_t begin = text.offsets[document] + text.place_of_offset,
                  end = text.offsets[document + 1] + text.place_of_offset;
    for (int64_t tile = begin / kTileBytes; tile * kTileBytes < end; ++tile) {
      const int64_t first = tile * kTileBytes < begin ? begin : tile * kTileBytes;
      const int64_t first_piece = pieces.tile_pieces[tile] + PiecesBefore(starts, first);
      const int64_t next = (tile + 1) * kTileBytes;
      const int64_t end_piece =
          next <= end ? pieces.tile_pieces[tile + 1] : pieces.tile_pieces[tile] + PiecesBefore(starts, end);
      for (int64_t piece = first_piece + lane; piece < end_piece; piece += 32) Amend(pieces, tile, piece, 0);
    }
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
  DropDocuments<<<8 * kMultiprocessors, kThreads, 0, stream>>>(text.text, starts, pieces);
  return cudaGetLastError();
}

}  // namespace tok::cuda
