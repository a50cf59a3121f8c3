#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/splice.h"
#include "cuda/kernels/warp_symbols.cuh"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr unsigned kEndThreads = 1024;
constexpr unsigned kWarpThreads = 64, kWarps = kWarpThreads / 32;
constexpr unsigned kChainThreads = 64;

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

// Where the last token of a window begins that begins at kWindowStride or before. By all lanes.
__device__ int LastTokenBefore(const uint32_t* bits) {
  const int word = static_cast<int>(threadIdx.x % 32);
  const uint32_t mine = 32 * word > kWindowStride    ? 0
                        : 32 * word == kWindowStride ? bits[word] & 1
                                                     : bits[word];
  const int last = 31 - __clz(static_cast<int>(__ballot_sync(~0u, mine != 0)));
  return 32 * last + 31 - __clz(static_cast<int>(__shfl_sync(~0u, mine, last)));
}

// Windows of a pass: the numbers of the first and of the one behind the last.
struct WindowRange {
  unsigned long long first, end;
};

__device__ WindowRange WindowsOf(const SpliceWork& work, int pass) {
  const unsigned long long first = pass == 0 ? 0 : work.n_windows[0];
  return {first, first + work.n_windows[pass]};
}

// A block a long piece. In the second pass, of those whose windows share nothing.
__global__ void __launch_bounds__(kEndThreads)
    MakeWindows(const DeviceText* text_at, const uint32_t* starts, SpliceWork work, int pass) {
  __shared__ unsigned long long first_window;
  const DeviceText text = *text_at;
  for (unsigned long long p = blockIdx.x; p < *work.n_long_pieces; p += gridDim.x) {
    const LongPiece piece = work.long_pieces[p];
    if (pass == 1 && piece.shares_nothing == 0) continue;
    const int64_t word = pass == 0 ? NextWordOfBlock(starts, piece.begin, text.n_words()) : 0;
    const int64_t end = pass == 1                ? piece.end
                        : word == text.n_words() ? text.end
                                                 : word * 32 + __ffs(static_cast<int>(starts[word])) - 1;
    const int64_t distance =
        pass == 0 ? kWindowStride : LastTokenBefore(work.token_begins + piece.first_window * kWindowBits);
    const auto n = static_cast<unsigned long long>(
        1 + CeilDiv(end - piece.begin - distance - kWindowOverlap, kWindowStride));
    __syncthreads();  // all have read the piece
    if (threadIdx.x == 0) {
      first_window = WindowsOf(work, pass).first + atomicAdd(&work.n_windows[pass], n);
      work.long_pieces[p] = {piece.begin, end, first_window, n, distance == 0 ? 1u : 0u};
    }
    __syncthreads();
    for (unsigned long long w = threadIdx.x; w < n; w += kEndThreads) {
      const int64_t at =
          w == 0 ? piece.begin : piece.begin + distance + static_cast<int64_t>(w - 1) * kWindowStride;
      const int64_t n_bytes = end - at < kWindowBytes ? end - at : kWindowBytes;
      work.windows[first_window + w] = {at, static_cast<int32_t>(n_bytes), static_cast<uint32_t>(p), -1};
    }
    __syncthreads();
  }
}

using WindowMemory = WarpMemory<kWindowBytes>;

// Where the tokens of the window begin: the lane's 32 places.
__device__ uint32_t MergeWindow(const DeviceText& text, const MergeTables& tables, int64_t begin, int n_bytes,
                                WindowMemory* memory) {
  for (int i = static_cast<int>(threadIdx.x % 32); i < n_bytes; i += 32)
    memory->ids[i] = tables.byte_ids[text.bytes[begin + i]];
  __syncwarp();
  WarpSymbols<kWindowBytes> symbols(tables.pairs, memory, n_bytes);
  symbols.MergeAll();
  __syncwarp();
  return symbols.left();
}

// A warp a window.
__global__ void __launch_bounds__(kWarpThreads)
    MergeWindows(const DeviceText* text_at, MergeTables tables, SpliceWork work, int pass) {
  __shared__ WindowMemory memories[kWarps];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const WindowRange range = WindowsOf(work, pass);
  for (unsigned long long w = range.first + blockIdx.x * kWarps + warp; w < range.end;
       w += gridDim.x * kWarps) {
    const Window window = work.windows[w];
    work.token_begins[w * kWindowBits + lane] =
        MergeWindow(text, tables, window.begin, window.n_bytes, &memories[warp]);
  }
}

// Of the overlap of two windows, of which the second begins `distance` behind the first: where the first token begins that both
// have, negative if there is none. Two begins in a row that both have, and nothing between them in either, are a token of
// both.
__device__ int SharedToken(const uint32_t* first, const uint32_t* second, int distance) {
  int begin = -1;
  for (int q = 0; q < kWindowOverlap / 32; ++q) {
    const int from = distance + 32 * q;
    const uint32_t here =
        from % 32 == 0 ? first[from / 32]
                       : __funnelshift_r(first[from / 32],
                                         from / 32 + 1 < kWindowBits ? first[from / 32 + 1] : 0, from % 32);
    const uint32_t both = here & second[q];
    for (uint32_t left = here | second[q]; left != 0; left &= left - 1) {
      const bool is_shared = (both & left & (0u - left)) != 0;
      if (is_shared && begin >= 0) return begin;
      begin = is_shared ? 32 * q + __ffs(static_cast<int>(left)) - 1 : -1;
    }
  }
  return -1;
}

// A thread two windows that overlap.
__global__ void FindSharedTokens(SpliceWork work, int pass) {
  const WindowRange range = WindowsOf(work, pass);
  for (unsigned long long w = range.first + blockIdx.x * kThreads + threadIdx.x; w < range.end;
       w += gridDim.x * kThreads) {
    Window* const window = work.windows + w;
    LongPiece* const piece = work.long_pieces + window->piece;
    if (w + 1 == piece->first_window + piece->n_windows) continue;
    const uint32_t* const bits = work.token_begins + w * kWindowBits;
    const auto distance = static_cast<int>(window[1].begin - window->begin);
    const int shared = SharedToken(bits, bits + kWindowBits, distance);
    if (shared < 0) {
      atomicExch(&piece->shares_nothing, 1u);
    } else {
      window->cut = window[1].begin + shared;
    }
  }
}

__device__ void SetBits(uint32_t* words, int64_t place, uint32_t bits) {
  const unsigned shift = static_cast<unsigned>(place % 32);
  if (bits << shift != 0) atomicOr(&words[place / 32], bits << shift);
  if (shift != 0 && bits >> (32 - shift) != 0) atomicOr(&words[place / 32 + 1], bits >> (32 - shift));
}

// Tokens that begin in [first, last) are parts. `bits`: of 32 places from `place` on.
__device__ void CutAtTokens(const CutOutput& output, int64_t place, uint32_t bits, int64_t first,
                            int64_t last) {
  const int64_t from = first - place, to = last - place;
  if (to <= 0 || from >= 32) return;
  bits &= (to >= 32 ? ~0u : (1u << to) - 1) & (from <= 0 ? ~0u : ~0u << from);
  SetBits(output.starts, place, bits);
  SetBits(output.cuts, place, bits);
}

// A thread 32 places of a window.
__global__ void CutPiecesAtTokens(SpliceWork work, CutOutput output) {
  const unsigned long long n_words = WindowsOf(work, 1).end * kWindowBits;
  for (unsigned long long i = blockIdx.x * kThreads + threadIdx.x; i < n_words; i += gridDim.x * kThreads) {
    const unsigned long long w = i / kWindowBits;
    const Window window = work.windows[w];
    const LongPiece piece = work.long_pieces[window.piece];
    const bool is_of_piece = w >= piece.first_window && w < piece.first_window + piece.n_windows;
    if (piece.shares_nothing != 0 || !is_of_piece) continue;
    // The piece's own begin is no cut.
    const int64_t first = w == piece.first_window ? piece.begin + 1 : work.windows[w - 1].cut;
    const int64_t last = window.cut >= 0 ? window.cut : piece.end;
    const auto place = window.begin + static_cast<int64_t>(i % kWindowBits) * 32;
    CutAtTokens(output, place, work.token_begins[i], first, last);
  }
}

// A warp a piece whose windows share nothing in either pass.
__global__ void __launch_bounds__(kChainThreads)
    ChainWindows(const DeviceText* text_at, MergeTables tables, SpliceWork work, CutOutput output) {
  __shared__ WindowMemory memories[kChainThreads / 32];
  __shared__ uint32_t all_bits[kChainThreads / 32][2][kWindowBits];
  const DeviceText text = *text_at;
  const unsigned warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  constexpr unsigned kChainWarps = kChainThreads / 32;
  for (unsigned long long p = blockIdx.x * kChainWarps + warp; p < *work.n_long_pieces;
       p += gridDim.x * kChainWarps) {
    const LongPiece piece = work.long_pieces[p];
    if (piece.shares_nothing == 0) continue;
    int64_t begin = piece.begin, cut = piece.begin + 1;
    int at = 0;
    const auto merge_window = [&](int64_t from, uint32_t* bits) {
      const int64_t n_bytes = piece.end - from < kWindowBytes ? piece.end - from : kWindowBytes;
      bits[lane] = MergeWindow(text, tables, from, static_cast<int>(n_bytes), &memories[warp]);
      __syncwarp();
    };
    merge_window(begin, all_bits[warp][at]);
    for (; begin + kWindowBytes < piece.end; at ^= 1) {
      const uint32_t* const here = all_bits[warp][at];
      const int distance = LastTokenBefore(here);
      merge_window(begin + distance, all_bits[warp][at ^ 1]);
      const int shared = distance == 0 ? -1 : SharedToken(here, all_bits[warp][at ^ 1], distance);
      if (shared < 0) break;
      const int64_t next_cut = begin + distance + shared;
      CutAtTokens(output, begin + 32 * lane, here[lane], cut, next_cut);
      cut = next_cut;
      begin += distance;
      __syncwarp();
    }
    if (begin + kWindowBytes < piece.end) {
      if (lane == 0) FlagDocument(text, work.flags, piece.begin, DocumentStatus::kNeedsHost);
    } else {
      CutAtTokens(output, begin + 32 * lane, all_bits[warp][at][lane], cut, piece.end);
    }
    __syncwarp();
  }
}

}  // namespace

cudaError_t SplicePieces(const TextOnDevice& text, const MergeTables& tables, const CutOutput& output,
                         const SpliceWork& work, cudaStream_t stream) {
  FindLongPieces<<<BlocksFor(text.max_words(), kThreads), kThreads, 0, stream>>>(text.text, output.starts,
                                                                                 work);
  for (const int pass : {0, 1}) {
    MakeWindows<<<kMultiprocessors, kEndThreads, 0, stream>>>(text.text, output.starts, work, pass);
    MergeWindows<<<8 * kMultiprocessors, kWarpThreads, 0, stream>>>(text.text, tables, work, pass);
    FindSharedTokens<<<kMultiprocessors, kThreads, 0, stream>>>(work, pass);
  }
  CutPiecesAtTokens<<<4 * kMultiprocessors, kThreads, 0, stream>>>(work, output);
  ChainWindows<<<4 * kMultiprocessors, kChainThreads, 0, stream>>>(text.text, tables, work, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
