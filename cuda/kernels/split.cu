#include <cub/device/device_scan.cuh>
#include <cuda/std/iterator>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/split.h"
#include "cuda/split/carries.h"
#include "cuda/split/chunk_ops.h"
#include "cuda/split/classify_chunk.h"
#include "cuda/split/device_warp.h"
#include "cuda/split/starts.h"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr unsigned kChunksPerBlock = kThreads / kLanes;

struct Summaries {
  ChunkSummary *own, *before, *behind;
};

int64_t NumChunks(int64_t n_bytes) { return (n_bytes / 32 + 1 + kChunkWords - 1) / kChunkWords; }

__device__ TextWord LoadWord(const DeviceText& text, int64_t word) {
  const uint4 a = LoadVector(text, word * kWordBytes), b = LoadVector(text, word * kWordBytes + 16);
  return {{a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w}};
}

// kSummarizes: writes the chunk's summary; else its starts.
template <PatternFamily kFamily, bool kSummarizes>
__global__ void __launch_bounds__(kThreads)
    SplitChunks(DeviceText text, CharTableView chars, int64_t n_chunks, Summaries summaries,
                SplitOutput output) {
  const unsigned lane = threadIdx.x % kLanes;
  const int64_t chunk = int64_t{blockIdx.x} * kChunksPerBlock + threadIdx.x / kLanes;
  if (chunk >= n_chunks) return;
  const int64_t word = chunk * kChunkWords + lane - int64_t{kFirstLane};
  const bool is_inside = word >= 0 && word < text.n_words();
  const TextWord bytes = LoadWord(text, word);
  const uint32_t begins = is_inside ? text.document_begins[word] : 0;
  const DeviceWarp warp(lane);
  const uint32_t ahead = warp.FromLaneBehind(bytes.quads[0]);
  const ClassMasks<uint32_t> masks = ClassifyChunk(warp, bytes, ahead, chars);
  Carries in;
  if (HasFills(kFamily) && !kSummarizes) {
    const ChunkSummary before = summaries.before[chunk];
    in = {before.up, before.n_numbers, summaries.behind[chunk].down};
  }
  ChunkOps<DeviceWarp> ops(warp, bytes, ahead, begins, masks.continuation, in);
  uint32_t unsure = 0;
  const uint32_t starts = PieceStarts<kFamily>(ops, masks, &unsure);
  if (kSummarizes) {
    if (lane == 0) summaries.own[chunk] = ops.summary();
    return;
  }
  if (HasFills(kFamily) && lane == kLastUpLane && ops.summary().up != ExpectedUp(in, summaries.own[chunk]))
    unsure |= 1u << 31;
  const bool is_own = is_inside && lane >= kFirstLane && lane < kBehindLane;
  if (is_own)
    output.starts[word] =
        (starts | begins) & (word == text.n_bytes / 32 ? (1u << text.n_bytes % 32) - 1 : ~0u);
  if (is_own && (unsure | masks.invalid) != 0) atomicAdd(output.n_hard, 1u);
}

// What lies before each chunk, or behind it.
template <typename Iterator, typename Combine>
cudaError_t Scan(void* workspace, size_t* n_bytes, Iterator from, Iterator to, Combine combine,
                 int64_t n_chunks, cudaStream_t stream) {
  return cub::DeviceScan::ExclusiveScan(workspace, *n_bytes, from, to, combine, ChunkSummary{}, n_chunks,
                                        stream);
}

size_t ScanWorkspace(int64_t n_chunks) {
  size_t n_bytes = 0;
  ChunkSummary* none = nullptr;
  Scan(nullptr, &n_bytes, none, none, CombineUp(), n_chunks, nullptr);
  return (n_bytes + 255) / 256 * 256;
}

template <PatternFamily kFamily>
cudaError_t SplitFamily(const DeviceText& text, const CharTableView& chars, const SplitOutput& output,
                        void* workspace, cudaStream_t stream) {
  const int64_t n_chunks = NumChunks(text.n_bytes);
  const auto n_blocks = static_cast<unsigned>((n_chunks + kChunksPerBlock - 1) / kChunksPerBlock);
  Summaries summaries = {};
  if (HasFills(kFamily)) {
    size_t n_scan_bytes = ScanWorkspace(n_chunks);
    auto* const rest = reinterpret_cast<ChunkSummary*>(static_cast<char*>(workspace) + n_scan_bytes);
    summaries = {rest, rest + n_chunks, rest + 2 * n_chunks};
    SplitChunks<kFamily, true><<<n_blocks, kThreads, 0, stream>>>(text, chars, n_chunks, summaries, output);
    if (cudaError_t error =
            Scan(workspace, &n_scan_bytes, summaries.own, summaries.before, CombineUp(), n_chunks, stream))
      return error;
    const auto last = [n_chunks](ChunkSummary* first) {
      return ::cuda::std::make_reverse_iterator(first + n_chunks);
    };
    if (cudaError_t error = Scan(workspace, &n_scan_bytes, last(summaries.own), last(summaries.behind),
                                 CombineDown(), n_chunks, stream))
      return error;
  }
  SplitChunks<kFamily, false><<<n_blocks, kThreads, 0, stream>>>(text, chars, n_chunks, summaries, output);
  return cudaGetLastError();
}

__global__ void SetBits(const int64_t* offsets, int64_t n, uint32_t* bits) {
  const int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < n) atomicOr(&bits[offsets[i] / 32], 1u << (offsets[i] % 32));
}

}  // namespace

size_t SplitWorkspace(PatternFamily family, int64_t n_bytes) {
  if (!HasFills(family)) return 0;
  const int64_t n_chunks = NumChunks(n_bytes);
  return ScanWorkspace(n_chunks) + 3 * sizeof(ChunkSummary) * static_cast<size_t>(n_chunks);
}

cudaError_t Split(PatternFamily family, const DeviceText& text, const CharTableView& chars,
                  const SplitOutput& output, void* workspace, cudaStream_t stream) {
  const auto run = [&]<PatternFamily kFamily>() {
    return SplitFamily<kFamily>(text, chars, output, workspace, stream);
  };
  switch (family) {
    case PatternFamily::kGpt2: return run.template operator()<PatternFamily::kGpt2>();
    case PatternFamily::kCl100k: return run.template operator()<PatternFamily::kCl100k>();
    case PatternFamily::kLlama3: return run.template operator()<PatternFamily::kLlama3>();
    case PatternFamily::kQwen: return run.template operator()<PatternFamily::kQwen>();
    case PatternFamily::kO200k: return run.template operator()<PatternFamily::kO200k>();
    case PatternFamily::kSubwords: return run.template operator()<PatternFamily::kSubwords>();
    default: return cudaErrorNotSupported;
  }
}

cudaError_t MarkDocuments(const int64_t* offsets, int64_t n_documents, int64_t n_bytes,
                          uint32_t* document_begins, cudaStream_t stream) {
  const int64_t n_words = n_bytes / 32 + 1;
  if (cudaError_t error = cudaMemsetAsync(document_begins, 0, 4 * static_cast<size_t>(n_words), stream))
    return error;
  const int64_t n = n_documents + 1;
  SetBits<<<static_cast<unsigned>((n + kThreads - 1) / kThreads), kThreads, 0, stream>>>(offsets, n,
                                                                                         document_begins);
  return cudaGetLastError();
}

}  // namespace tok::cuda
