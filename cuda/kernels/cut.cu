#include "cuda/kernels/cut.h"
#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/launch.h"

namespace tok::cuda {
namespace {

constexpr int kThreads = 256;   // a word each
constexpr int kHaloBytes = 16;  // at either side: two characters
constexpr int kBlockBytes = kThreads * 32;

__global__ void __launch_bounds__(kThreads)
    CutWords(const DeviceText* text_at, JoinBitsView joins, CutOutput output) {
  const DeviceText text = *text_at;
  __shared__ alignas(16) uint32_t bytes[(kBlockBytes + 2 * kHaloBytes) / 4 + 1];
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t first_byte = int64_t{blockIdx.x} * kBlockBytes;
  auto* const vectors = reinterpret_cast<uint4*>(bytes);
  uint32_t high = 0;
  for (int v = thread; v < (kBlockBytes + 2 * kHaloBytes) / 16; v += kThreads) {
    const uint4 loaded = LoadVector(text, first_byte - kHaloBytes + 16 * v);
    vectors[v] = loaded;
    high |= (loaded.x | loaded.y | loaded.z | loaded.w) & 0x80808080u;
  }
  const bool is_ascii = __syncthreads_or(static_cast<int>(high)) == 0;
  const int64_t word = first_byte / 32 + thread;
  if (word >= text.n_words()) return;
  output.cuts[word] = 0;
  if (is_ascii) return;
  const auto three_at = [&](int i) {
    const uint32_t three = FourBytesAt(bytes, static_cast<unsigned>(kHaloBytes + i)) & 0xFFFFFF;
    return JoinBitsView::IsCharacter(three) ? three : JoinBitsView::kOther;
  };
  const uint32_t known = output.starts[word];
  uint32_t cuts = 0, leads = 0;
  for (int q = 0; q < 8; ++q) {
    // Bytes 0xE0 to 0xEF: their top four bits are 1110.
    const uint32_t b = bytes[(kHaloBytes + 32 * thread) / 4 + q];
    const uint32_t is_lead = (b >> 7 & b >> 6 & b >> 5 & ~(b >> 4)) & 0x01010101u;
    leads |= ((is_lead * 0x01020408u) >> 24 & 0xF) << (4 * q);
  }
  for (leads &= ~known; leads != 0; leads &= leads - 1) {
    const int i = 32 * thread + __ffs(static_cast<int>(leads)) - 1;
    const uint32_t a = three_at(i - 3), b = three_at(i);
    if (a == JoinBitsView::kOther || b == JoinBitsView::kOther) continue;
    if (!joins.MayJoin(three_at(i - 6), a, b, three_at(i + 3))) cuts |= leads & (0u - leads);
  }
  if (cuts == 0) return;
  output.starts[word] = known | cuts;
  output.cuts[word] = cuts;
}

}  // namespace

cudaError_t CutPieces(const TextOnDevice& text, const JoinBitsView& joins, const CutOutput& output,
                      cudaStream_t stream) {
  CutWords<<<BlocksFor(text.max_words(), kThreads), kThreads, 0, stream>>>(text.text, joins, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
