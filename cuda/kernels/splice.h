// cuda/kernels/splice.h: pieces longer than a warp merges -> their tokens, as parts.
//
// Model: a long piece is covered by windows that overlap, and each is merged by itself. Tokens side by side are what merging
// gives if every two neighbours are: so if each window shares a token with the next one, at the same place, the tokens of all
// windows from one shared token to the next are the piece's, and each becomes a part of its own.
// Windows lie at fixed distances. Where two of them share nothing, as in what repeats itself in another rhythm, a warp goes on from the
// first of them until it meets the others again (piece_walk.cuh). If it finds no way either, the document is flagged.
// Cost: a long piece is merged once and a third more; where it is walked, up to as much again, by one warp. Memory: 160 bytes a window.
// Source: that neighbours decide is known from van Antwerpen and Neubeck, 2024, "So many tokens, so little time".
#ifndef TOK_CUDA_KERNELS_SPLICE_H_
#define TOK_CUDA_KERNELS_SPLICE_H_

#include <cuda_runtime_api.h>

#include <cstdint>

#include "cuda/kernels/cut.h"
#include "cuda/kernels/device_text.h"
#include "cuda/kernels/document_flags.h"
#include "cuda/tables/merge_tables.h"

namespace tok::cuda {

inline constexpr int kWindowBytes = kMaxMergedBytes;
inline constexpr int kWindowOverlap = 256;
inline constexpr int kWindowStride = kWindowBytes - kWindowOverlap;
inline constexpr int kWindowBits = kWindowBytes / 32;  // words of them

struct LongPiece {
  int64_t begin, end;
  unsigned long long first_window, n_windows;
  uint32_t is_to_walk;  // not 0: two windows share nothing
};

struct Window {
  int64_t begin;
  int64_t used_from, used_to;  // the piece's are tokens that begin there; used_to negative: none
  uint32_t piece;
  int32_t n_bytes;
};

struct SpliceWork {
  LongPiece* long_pieces;
  unsigned long long* n_long_pieces;
  Window* windows;
  unsigned long long* n_windows;
  uint32_t* token_begins;  // kWindowBits of each window
  DocumentFlags flags;
};

constexpr int64_t MaxLongPieces(int64_t max_places) { return max_places / kWindowBytes + 1; }
// A piece of kWindowBytes + 1 has two.
constexpr int64_t MaxWindows(int64_t max_places) { return 2 * MaxLongPieces(max_places); }

cudaError_t SplicePieces(const TextOnDevice& text, const MergeTables& tables, const CutOutput& output,
                         const SpliceWork& work, cudaStream_t stream);

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_SPLICE_H_
