#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/piece_walk.cuh"
#include "cuda/kernels/splice.h"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr unsigned kEndThreads = 1024;
constexpr unsigned kWarpThreads = 64, kWarps = kWarpThreads / 32;

// A thread a word of starts: whether the last piece that begins there is long.
__global__ void FindLongPieces(const DeviceText* text_at, const uint32_t* starts, SpliceWork work) {
  const DeviceText text = *text_at;
  const int64_t word = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (word + 1 >= text.n_words() || starts[word] == 0 || starts[word + 1] != 0) return;
  const int64_t begin = word * 32 + 31 - __clz(static_cast<int>(starts[word]));
  const int64_t end = begin + kWindowBytes + 1 < text.end ? begin + kWindowBytes + 1 : text.end;
  if (NextSet(starts, begin, end) - begin > kWindowBytes)
    work.long_pieces[atomicAdd(work.n_long_pieces, 1ull)] = {begin, begin, 0, 0,
                                                             0};  // the rest when its end is found
}

// The first word behind that of `begin` with a start, by a block.
__device__ int64_t NextWordOfBlock(const uint32_t* starts, int64_t begin, int64_t n_words) {
  __shared__ unsigned first;
  for (int64_t base = begin / 32 + 1; base < n_words; base += kEndThreads) {
    if (threadIdx.x == 0) first = kEndThreads;
    __syncthreads();
    const int64_t word = base + threadIdx.x;
    if (word < n_words && starts[word] != 0) atomicMin(&first, threadIdx.x);
    __syncthreads();
    const unsigned found = first;
    __syncthreads();
    if (found < kEndThreads) return base + found;
  }
  return n_words;
}

// A block a long piece.
__global__ void __launch_bounds__(kEndThreads)
    MakeWindows(const DeviceText* text_at, const uint32_t* starts, SpliceWork work) {
  __shared__ unsigned long long first_window;
  const DeviceText text = *text_at;
  for (unsigned long long p = blockIdx.x; p < *work.n_long_pieces; p += gridDim.x) {
    const int64_t begin = work.long_pieces[p].begin;
    const int64_t word = NextWordOfBlock(starts, begin, text.n_words());
    const int64_t end =
        word == text.n_words() ? text.end : word * 32 + __ffs(static_cast<int>(starts[word])) - 1;
    const auto n =
        static_cast<unsigned long long>(CeilDiv(end - begin - kWindowOverlap, int64_t{kWindowStride}));
    if (threadIdx.x == 0) {
      first_window = atomicAdd(work.n_windows, n);
      work.long_pieces[p] = {begin, end, first_window, n, 0};
    }
    __syncthreads();
    for (unsigned long long w = threadIdx.x; w < n; w += kEndThreads) {
      const int64_t at = begin + static_cast<int64_t>(w) * kWindowStride;
      const int64_t n_bytes = end - at < kWindowBytes ? end - at : kWindowBytes;
      // The piece's own begin is no cut.
      work.windows[first_window + w] = {at, begin + 1, w + 1 == n ? end : -1, static_cast<uint32_t>(p),
                                        static_cast<int32_t>(n_bytes)};
    }
    __syncthreads();
  }
}

// A warp a window.
__global__ void __launch_bounds__(kWarpThreads)
    MergeWindows(const DeviceText* text_at, MergeTables tables, SpliceWork work) {
  __shared__ WindowMemory memories[kWarps];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  for (unsigned long long w = blockIdx.x * kWarps + warp; w < *work.n_windows; w += gridDim.x * kWarps) {
    const Window window = work.windows[w];
    work.token_begins[w * kWindowBits + lane] =
        MergeWindow(text, tables, window.begin, window.n_bytes, &memories[warp]);
  }
}

// A thread two windows that overlap.
__global__ void FindSharedTokens(SpliceWork work) {
  for (unsigned long long w = blockIdx.x * kThreads + threadIdx.x; w < *work.n_windows;
       w += gridDim.x * kThreads) {
    Window* const window = work.windows + w;
    LongPiece* const piece = work.long_pieces + window->piece;
    if (w + 1 == piece->first_window + piece->n_windows) continue;
    const uint32_t* const bits = work.token_begins + w * kWindowBits;
    const int shared = SharedToken(bits, bits + kWindowBits, kWindowStride);
    if (shared < 0) {
      atomicExch(&piece->is_to_walk, 1u);
    } else {
      window->used_to = window[1].used_from = window[1].begin + shared;
    }
  }
}

// A warp a piece.
__global__ void __launch_bounds__(kWarpThreads)
    WalkPieces(const DeviceText* text_at, MergeTables tables, SpliceWork work, CutOutput output) {
  __shared__ WalkMemory memories[kWarps];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  for (unsigned long long p = blockIdx.x * kWarps + warp; p < *work.n_long_pieces; p += gridDim.x * kWarps) {
    const LongPiece piece = work.long_pieces[p];
    if (piece.is_to_walk == 0) continue;
    if (!PieceWalk(text, tables, work, output, piece, &memories[warp]).ComesToTheEnd() && lane == 0)
      FlagDocument(text, work.flags, piece.begin, DocumentStatus::kNeedsHost);
    __syncwarp();
  }
}

// A thread 32 places of a window.
__global__ void CutPiecesAtTokens(SpliceWork work, CutOutput output) {
  const unsigned long long n_words = *work.n_windows * kWindowBits;
  for (unsigned long long i = blockIdx.x * kThreads + threadIdx.x; i < n_words; i += gridDim.x * kThreads) {
    const Window window = work.windows[i / kWindowBits];
    const auto place = window.begin + static_cast<int64_t>(i % kWindowBits) * 32;
    CutAtTokens(output, place, work.token_begins[i], window.used_from, window.used_to);
  }
}

}  // namespace

cudaError_t SplicePieces(const TextOnDevice& text, const MergeTables& tables, const CutOutput& output,
                         const SpliceWork& work, cudaStream_t stream) {
  FindLongPieces<<<BlocksFor(text.max_words(), kThreads), kThreads, 0, stream>>>(text.text, output.starts,
                                                                                 work);
  MakeWindows<<<kMultiprocessors, kEndThreads, 0, stream>>>(text.text, output.starts, work);
  MergeWindows<<<8 * kMultiprocessors, kWarpThreads, 0, stream>>>(text.text, tables, work);
  FindSharedTokens<<<kMultiprocessors, kThreads, 0, stream>>>(work);
  WalkPieces<<<4 * kMultiprocessors, kWarpThreads, 0, stream>>>(text.text, tables, work, output);
  CutPiecesAtTokens<<<4 * kMultiprocessors, kThreads, 0, stream>>>(work, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
