// cuda/kernels/pieces.h: piece starts -> a record for each piece: its ids, or where they will be.
#ifndef TOK_CUDA_KERNELS_PIECES_H_
#define TOK_CUDA_KERNELS_PIECES_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/device_text.h"
#include "cuda/kernels/document_flags.h"
#include "cuda/kernels/launch.h"
#include "cuda/tables/piece_table.h"

namespace tok::cuda {

inline constexpr int kTileWords = 32;  // of text that a warp works on: a word a lane
inline constexpr int kTileBytes = kTileWords * 32;

// n_ids in the top bits: 1 to 3 ids of 18 bits from the low bits on; 0: of a piece that was missed (merge.h).
using PieceRecord = uint64_t;
inline constexpr unsigned kRecordIdBits = 18;
// Beside the ids of a record: the piece is an added token, whose bytes elsewhere have other ids.
inline constexpr PieceRecord kIsMatch = PieceRecord{1} << 61;
inline constexpr unsigned kRecordCountShift = 62;

// Of a piece that was missed: its begin in the text, and its number in its tile above that.
using Miss = uint64_t;
inline constexpr unsigned kMissPlaceBits = 48;
static_assert(kTileBytes < 1 << (64 - kMissPlaceBits));

struct PieceOutput {
  PieceRecord* records;          // of each piece
  int64_t* tile_pieces;          // before each tile, and in all: MaxTiles + 1
  unsigned long long* tile_ids;  // of each tile, those of misses not yet; MaxTiles + 1
  Miss* misses;
  unsigned long long* n_misses;  // perhaps more than max_misses: the documents of those are flagged
  unsigned long long max_misses;
  DocumentFlags flags;
};

constexpr int64_t MaxTiles(int64_t max_places) { return CeilDiv(max_places, kTileBytes); }
size_t PiecesWorkspace(int64_t max_places);
cudaError_t FindPieces(const TextOnDevice& text, const uint32_t* starts, const PieceTableView<16>& table,
                       const PieceOutput& output, void* workspace, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_PIECES_H_
