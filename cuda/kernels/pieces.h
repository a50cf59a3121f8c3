// cuda/kernels/pieces.h: piece starts -> a record for each piece: its ids, or where they will be.
#ifndef TOK_CUDA_KERNELS_PIECES_H_
#define TOK_CUDA_KERNELS_PIECES_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/split.h"
#include "cuda/tables/piece_table.h"

namespace tok::cuda {

inline constexpr int kTileWords = 256;  // of text that a block looks up
inline constexpr int kTileBytes = kTileWords * 32;

// n_ids in the top bits: 1 to 3 ids of 18 bits from the low bits on; 0: of a miss, its number.
using PieceRecord = uint64_t;
inline constexpr unsigned kRecordIdBits = 18;
inline constexpr unsigned kRecordCountShift = 62;

struct Miss {
  int64_t begin;  // of the piece, in the text
  int64_t piece;  // its number
};

struct PieceOutput {
  PieceRecord* records;          // of each piece
  int64_t* tile_pieces;          // before each tile, and in all: n_tiles + 1
  unsigned long long* tile_ids;  // of each tile, those of misses not yet
  Miss* misses;
  unsigned long long* n_misses;
  unsigned long long max_misses;
};

int64_t NumTiles(int64_t n_bytes);
size_t PiecesWorkspace(int64_t n_bytes);
cudaError_t FindPieces(const DeviceText& text, const uint32_t* starts, const PieceTableView<16>& table,
                       const PieceOutput& output, void* workspace, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_PIECES_H_
