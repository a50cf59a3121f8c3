// cuda/kernels/rhythm.cuh: text that repeats itself, whose tokens do so too.
//
// Model: a sequence of tokens is what merging gives if every two neighbours are. If a window's text repeats itself after `period`
// bytes, counted from the begin of a token to that of the same token, then these tokens again and again are such a sequence: all that
// become neighbours are neighbours in the window. So for as long as the text goes on like this nothing has to be merged.
#ifndef TOK_CUDA_KERNELS_RHYTHM_CUH_
#define TOK_CUDA_KERNELS_RHYTHM_CUH_

#include <cstdint>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/window_tokens.cuh"

namespace tok::cuda {

// All functions: by all lanes of a warp.
// Of 32 places a word, from any place of a period on.
inline constexpr int kPatternWords = kWindowStride / 32 + 2;
static_assert(kPatternWords <= 32);

struct Rhythm {
  int period;  // bytes; 0: the text does not repeat itself
  int begin;   // of a token in the window: the tokens of the `period` bytes before it come again
};

__device__ inline bool RepeatsItself(const unsigned char* window, int period) {
  bool is_same = true;
  for (int i = period + static_cast<int>(threadIdx.x % 32); i < kWindowBytes; i += 32)
    is_same &= window[i] == window[i - period];
  return __all_sync(~0u, is_same);
}

__device__ inline bool HaveSameBytes(const unsigned char* a, const unsigned char* b, int n) {
  bool is_same = true;
  for (int i = 0; i < n; ++i) is_same &= a[i] == b[i];
  return is_same;
}

// Of kWindowBytes of text, with a few tries: that of which hundreds of places look like it is not worth more.
__device__ inline Rhythm FindRhythm(const unsigned char* window, const uint32_t* bits) {
  constexpr int kProbe = 16, kMostTries = 4;
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int last = LastTokenBefore(bits);
  const auto length = static_cast<int>(NextSet(bits, last, kWindowBytes)) - last;
  if (last + length == kWindowBytes) return {0, 0};  // perhaps cut off
  int n_tries = 0;
  for (int word = last / 32; word >= 0; --word) {
    const int place = 32 * word + lane;
    const bool is_candidate =
        place < last && IsSet(bits, place) && HaveSameBytes(window + place, window + last, kProbe);
    for (uint32_t left = __ballot_sync(~0u, is_candidate); left != 0;) {
      const int nearest = 31 - __clz(static_cast<int>(left));
      left &= ~(1u << nearest);
      const int first = 32 * word + nearest, period = last - first;
      if (NextSet(bits, first, kWindowBytes) - first == length && RepeatsItself(window, period))
        return {period, last};
      if (++n_tries == kMostTries) return {0, 0};
    }
  }
  return {0, 0};
}

// The first place from `from` on where text is another than `period` bytes before; `end` if there is none.
__device__ inline int64_t EndOfRhythm(const unsigned char* bytes, int64_t from, int64_t end, int period) {
  for (int64_t base = from; base < end; base += 1024) {
    uint32_t unlike = 0;
#pragma unroll
    for (int i = 0; i < 32; ++i) {
      const int64_t place = base + 32 * i + threadIdx.x % 32;
      if (place < end && bytes[place] != bytes[place - period]) unlike |= 1u << i;
    }
    const uint32_t any = __reduce_or_sync(~0u, unlike);
    if (any == 0) continue;
    const int row = __ffs(static_cast<int>(any)) - 1;
    return base + 32 * row + __ffs(static_cast<int>(__ballot_sync(~0u, (unlike >> row & 1) != 0))) - 1;
  }
  return end;
}

// The tokens of the rhythm again, in the n_bytes that follow its begin, which is a place of text. `pattern`: kPatternWords of
// shared memory.
__device__ inline void CutByRhythm(const CutOutput& output, const uint32_t* bits, const Rhythm& rhythm,
                                   int64_t begin, int64_t n_bytes, uint32_t* pattern) {
  const int lane = static_cast<int>(threadIdx.x % 32);
  if (lane < kPatternWords) {
    uint32_t made = 0;
    for (int i = 0; i < 32; ++i) {
      const int place = rhythm.begin - rhythm.period + (32 * lane + i) % rhythm.period;
      made |= (IsSet(bits, place) ? 1u : 0) << i;
    }
    pattern[lane] = made;
  }
  __syncwarp();
  int phase = 32 * lane % rhythm.period;
  for (int64_t at = 32 * lane; at < n_bytes; at += 1024) {
    const uint32_t tokens = __funnelshift_r(pattern[phase / 32], pattern[phase / 32 + 1], phase % 32);
    CutAtTokens(output, begin + at, tokens, begin, begin + n_bytes);
    phase = (phase + 1024) % rhythm.period;
  }
  __syncwarp();
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_RHYTHM_CUH_
