#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
#include "cuda/kernels/matches.h"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;

// Bit 7 of each byte that is equal to that of `pattern`.
__device__ uint32_t EqualBytes(uint32_t quad, uint32_t pattern) {
  const uint32_t different = quad ^ pattern;
  return ~((different & 0x7F7F7F7Fu) + 0x7F7F7F7Fu) & ~different & 0x80808080u;
}

// Whether a document begins inside of [begin, begin + n_bytes).
__device__ bool IsCut(const uint32_t* document_begins, int64_t begin, uint32_t n_bytes) {
  return NextSet(document_begins, begin, begin + n_bytes) != begin + n_bytes;
}

__device__ void Add(const DeviceText& text, const AddedTokens& tokens, int64_t place, const TrieMatch& found,
                    const MatchOutput& output) {
  switch (tokens.actions[found.token]) {
    case TokenAction::kIgnore: return;
    case TokenAction::kRefuse: FlagDocument(text, output.flags, place, DocumentStatus::kSpecialToken); return;
    case TokenAction::kToHost: FlagDocument(text, output.flags, place, DocumentStatus::kNeedsHost); return;
    case TokenAction::kMatch: break;
  }
  const unsigned long long m = atomicAdd(output.n_matches, 1ull);
  if (m >= output.max_matches) {
    FlagDocument(text, output.flags, place, DocumentStatus::kNeedsHost);
    return;
  }
  output.matches[m] = {place, found.n_bytes, tokens.ids[found.token]};
}

// A thread 16 bytes.
__global__ void __launch_bounds__(kThreads)
    MatchTokens(const DeviceText* text_at, AddedTokens tokens, MatchOutput output) {
  const DeviceText text = *text_at;
  const int64_t first = (int64_t{blockIdx.x} * kThreads + threadIdx.x) * 16;
  if (first >= text.end) return;
  const uint4 bytes = LoadVector(text, first);
  for (uint32_t t = 0; t < tokens.trie.n_first_bytes; ++t) {
    const uint32_t pattern = tokens.trie.first_bytes[t] * 0x01010101u;
    const uint32_t quads[4] = {EqualBytes(bytes.x, pattern), EqualBytes(bytes.y, pattern),
                               EqualBytes(bytes.z, pattern), EqualBytes(bytes.w, pattern)};
    if ((quads[0] | quads[1] | quads[2] | quads[3]) == 0) continue;
#pragma unroll
    for (int q = 0; q < 4; ++q) {
      for (uint32_t left = quads[q]; left != 0; left &= left - 1) {
        const int64_t place = first + 4 * q + (__ffs(static_cast<int>(left)) - 1) / 8;
        if (place < text.begin || place >= text.end) continue;
        const TrieMatch found = tokens.trie.Find(
            [&](uint32_t i) -> uint32_t { return place + i < text.end ? text.bytes[place + i] : 0x100u; });
        if (found.token == kNoTrieToken || IsCut(text.document_begins, place, found.n_bytes)) continue;
        Add(text, tokens, place, found, output);
      }
    }
  }
}

__device__ void SetBit(uint32_t* bits, int64_t place) { atomicOr(&bits[place / 32], 1u << (place % 32)); }

// Only when all are found: what a match adds is no edge of a document for another.
__global__ void MarkMatches(MatchOutput found) {
  const auto n = min(*found.n_matches, found.max_matches);
  for (unsigned long long m = blockIdx.x * kThreads + threadIdx.x; m < n; m += gridDim.x * kThreads) {
    const Match match = found.matches[m];
    SetBit(found.document_begins, match.begin);
    SetBit(found.document_begins, match.begin + match.n_bytes);
  }
}

__global__ void ClearInside(MatchOutput found, uint32_t* starts) {
  const auto n = min(*found.n_matches, found.max_matches);
  for (unsigned long long m = blockIdx.x * kThreads + threadIdx.x; m < n; m += gridDim.x * kThreads) {
    const Match match = found.matches[m];
    const int64_t end = match.begin + match.n_bytes;
    for (int64_t word = (match.begin + 1) / 32; word * 32 < end; ++word)
      atomicAnd(&starts[word], ~BitsBetween(word, match.begin + 1, end));
  }
}

}  // namespace

cudaError_t FindMatches(const TextOnDevice& text, const AddedTokens& tokens, const MatchOutput& output,
                        cudaStream_t stream) {
  MatchTokens<<<BlocksFor(text.max_places, kThreads * 16), kThreads, 0, stream>>>(text.text, tokens, output);
  MarkMatches<<<2 * kMultiprocessors, kThreads, 0, stream>>>(output);
  return cudaGetLastError();
}

cudaError_t ClearMatches(const MatchOutput& found, uint32_t* starts, cudaStream_t stream) {
  ClearInside<<<2 * kMultiprocessors, kThreads, 0, stream>>>(found, starts);
  return cudaGetLastError();
}

}  // namespace tok::cuda
