#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/merge.h"
#include "cuda/kernels/splice.h"
#include "cuda/kernels/warp_symbols.cuh"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr unsigned kEndThreads = 1024;
constexpr unsigned kWarpThreads = 128, kWarps = kWarpThreads / 32;
constexpr unsigned kChainThreads = 64;
// A shared token begins so far before the end of the overlap that the last part is no short piece: tables of pieces do not tell
// pieces from parts.
constexpr int kMaxShared = kWindowOverlap - kMaxLanePiece;

// A thread a word of starts: whether the last piece that begins there is long.
__global__ void FindLongPieces(const DeviceText* text_at, const uint32_t* starts, SpliceWork work) {
  const DeviceText text = *text_at;
  const int64_t word = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (word + 1 >= text.n_words() || starts[word] == 0 || starts[word + 1] != 0) return;
  const int64_t begin = word * 32 + 31 - __clz(static_cast<int>(starts[word]));
  const int64_t end = begin + kWindowBytes + 1 < text.end ? begin + kWindowBytes + 1 : text.end;
  if (NextSet(starts, begin, end) - begin > kWindowBytes)
    work.long_pieces[atomicAdd(work.n_long_pieces, 1ull)].begin = begin;
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
    const auto n = static_cast<unsigned long long>(CeilDiv(end - begin - kWindowOverlap, kWindowStride));
    if (threadIdx.x == 0) {
      first_window = atomicAdd(work.n_windows, n);
      work.long_pieces[p] = {begin, end, first_window, n, 0};
    }
    __syncthreads();
    for (unsigned long long w = threadIdx.x; w < n; w += kEndThreads) {
      const int64_t at = begin + static_cast<int64_t>(w) * kWindowStride;
      const int64_t n_bytes = end - at < kWindowBytes ? end - at : kWindowBytes;
      work.windows[first_window + w] = {at, static_cast<int32_t>(n_bytes), static_cast<uint32_t>(p), -1};
    }
    __syncthreads();
  }
}

// What a warp merges a window in.
struct WindowMemory {
  uint32_t ids[kWindowBytes], ranks[kWindowBytes], bits[kWindowBits];
};

// Writes where the tokens of the window begin.
__device__ void MergeWindow(const DeviceText& text, const MergeTables& tables, int64_t begin, int n_bytes,
                            WindowMemory* memory) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  for (int i = lane; i < n_bytes; i += 32) memory->ids[i] = tables.byte_ids[text.bytes[begin + i]];
  memory->bits[lane] = 0;
  __syncwarp();
  WarpSymbols symbols(tables.pairs, memory->ids, memory->ranks, n_bytes, lane);
  symbols.MergeAll();
  __syncwarp();
  int place = 0;  // of the first symbol of the 32 at hand
  for (int base = 0; base < symbols.size(); base += 32) {
    const int i = base + lane;
    const int length = i < symbols.size() ? tables.token_lengths[memory->ids[i]] : 0;
    int up_to = length;
    for (int distance = 1; distance < 32; distance *= 2) {
      const int before = __shfl_up_sync(~0u, up_to, distance);
      if (lane >= distance) up_to += before;
    }
    const int at = place + up_to - length;
    if (i < symbols.size()) atomicOr(&memory->bits[at / 32], 1u << (at % 32));
    place += __shfl_sync(~0u, up_to, 31);
  }
  __syncwarp();
}

// A warp a window.
__global__ void __launch_bounds__(kWarpThreads)
    MergeWindows(const DeviceText* text_at, MergeTables tables, SpliceWork work) {
  __shared__ WindowMemory memories[kWarps];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  for (unsigned long long w = blockIdx.x * kWarps + warp; w < *work.n_windows; w += gridDim.x * kWarps) {
    const Window window = work.windows[w];
    MergeWindow(text, tables, window.begin, window.n_bytes, &memories[warp]);
    work.token_begins[w * kWindowBits + lane] = memories[warp].bits[lane];
    __syncwarp();
  }
}

// Of the overlap of two windows, of which the second begins `distance` behind the first: where the first token begins that both
// have, negative if there is none. Two begins in a row that both have, and nothing between them in either, are a token of
// both. Both begin before `most`.
__device__ int SharedToken(const uint32_t* first, const uint32_t* second, int distance, int most) {
  int begin = -1;
  for (int q = 0; 32 * q < most; ++q) {
    const int from = distance + 32 * q;
    const uint32_t here = from % 32 == 0
                              ? first[from / 32]
                              : __funnelshift_r(first[from / 32],
                                                from / 32 + 1 < kWindowBits ? first[from / 32 + 1] : 0, from % 32);
    const uint32_t in_overlap = most - 32 * q >= 32 ? ~0u : (1u << (most - 32 * q)) - 1;
    const uint32_t both = here & second[q];
    for (uint32_t left = (here | second[q]) & in_overlap; left != 0; left &= left - 1) {
      const bool is_shared = (both & left & (0u - left)) != 0;
      if (is_shared && begin >= 0) return begin;
      begin = is_shared ? 32 * q + __ffs(static_cast<int>(left)) - 1 : -1;
    }
  }
  return -1;
}

__device__ void CutAt(const CutOutput& output, int64_t place) {
  atomicOr(&output.starts[place / 32], 1u << (place % 32));
  atomicOr(&output.cuts[place / 32], 1u << (place % 32));
}

// A thread two windows that overlap.
__global__ void FindSharedTokens(SpliceWork work) {
  for (unsigned long long w = blockIdx.x * kThreads + threadIdx.x; w < *work.n_windows;
       w += gridDim.x * kThreads) {
    Window* const window = work.windows + w;
    LongPiece* const piece = work.long_pieces + window->piece;
    if (w + 1 == piece->first_window + piece->n_windows) continue;
    const uint32_t* const bits = work.token_begins + w * kWindowBits;
    const int shared = SharedToken(bits, bits + kWindowBits, kWindowStride, kMaxShared);
    if (shared < 0) {
      atomicExch(&piece->shares_nothing, 1u);
    } else {
      window->cut = window->begin + kWindowStride + shared;
    }
  }
}

__global__ void CutAtSharedTokens(SpliceWork work, CutOutput output) {
  for (unsigned long long w = blockIdx.x * kThreads + threadIdx.x; w < *work.n_windows;
       w += gridDim.x * kThreads) {
    const Window window = work.windows[w];
    if (window.cut >= 0 && work.long_pieces[window.piece].shares_nothing == 0) CutAt(output, window.cut);
  }
}

// Where the last token of a window begins that begins at kWindowStride or before. By all lanes.
__device__ int LastTokenBefore(const uint32_t* bits) {
  const unsigned lane = threadIdx.x % 32;
  const int word = static_cast<int>(lane);
  const uint32_t mine = 32 * word > kWindowStride ? 0 : 32 * word == kWindowStride ? bits[word] & 1 : bits[word];
  const uint32_t lanes = __ballot_sync(~0u, mine != 0);
  const int last = 31 - __clz(static_cast<int>(lanes));
  return 32 * last + 31 - __clz(static_cast<int>(__shfl_sync(~0u, mine, last)));
}

// A warp a piece in which windows at fixed distances share nothing.
__global__ void __launch_bounds__(kChainThreads)
    ChainWindows(const DeviceText* text_at, MergeTables tables, SpliceWork work, CutOutput output) {
  __shared__ WindowMemory memories[kChainThreads / 32][2];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  constexpr unsigned kChainWarps = kChainThreads / 32;
  for (unsigned long long p = blockIdx.x * kChainWarps + warp; p < *work.n_long_pieces;
       p += gridDim.x * kChainWarps) {
    const LongPiece piece = work.long_pieces[p];
    if (piece.shares_nothing == 0) continue;
    int64_t begin = piece.begin;
    MergeWindow(text, tables, begin, kWindowBytes, &memories[warp][0]);
    for (int at = 0; begin + kWindowBytes < piece.end; at ^= 1) {
      const uint32_t *const here = memories[warp][at].bits, *const next = memories[warp][at ^ 1].bits;
      const int distance = LastTokenBefore(here);
      const int64_t next_begin = begin + distance;
      const int64_t n_bytes = piece.end - next_begin < kWindowBytes ? piece.end - next_begin : kWindowBytes;
      MergeWindow(text, tables, next_begin, static_cast<int>(n_bytes), &memories[warp][at ^ 1]);
      const int shared = distance == 0 ? -1 : SharedToken(here, next, distance, kMaxShared);
      if (shared < 0) {
        if (lane == 0) FlagDocument(text, work.flags, piece.begin, DocumentStatus::kNeedsHost);
        break;
      }
      if (lane == 0) CutAt(output, next_begin + shared);
      begin = next_begin;
      __syncwarp();
    }
    __syncwarp();
  }
}

}  // namespace

cudaError_t SplicePieces(const TextOnDevice& text, const MergeTables& tables, const CutOutput& output,
                         const SpliceWork& work, cudaStream_t stream) {
  FindLongPieces<<<BlocksFor(text.max_words(), kThreads), kThreads, 0, stream>>>(text.text, output.starts,
                                                                                 work);
  MakeWindows<<<kMultiprocessors, kEndThreads, 0, stream>>>(text.text, output.starts, work);
  MergeWindows<<<4 * kMultiprocessors, kWarpThreads, 0, stream>>>(text.text, tables, work);
  FindSharedTokens<<<kMultiprocessors, kThreads, 0, stream>>>(work);
  CutAtSharedTokens<<<kMultiprocessors, kThreads, 0, stream>>>(work, output);
  ChainWindows<<<4 * kMultiprocessors, kChainThreads, 0, stream>>>(text.text, tables, work, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
