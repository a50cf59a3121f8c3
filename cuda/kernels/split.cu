#include <cub/device/device_scan.cuh>
#include <cuda/std/iterator>

#include "cuda/kernels/device_text.cuh"
#include "cuda/kernels/document_flags.cuh"
#include "cuda/kernels/launch.h"
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

int64_t MaxChunks(int64_t max_places) { return CeilDiv(max_places / 32 + 1, kChunkWords); }

__device__ TextWord LoadWord(const DeviceText& text, int64_t word) {
  const uint4 a = LoadVector(text, word * kWordBytes), b = LoadVector(text, word * kWordBytes + 16);
  return {{a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w}};
}

// kSummarizes: writes the chunk's summary; else its starts.
template <PatternFamily kFamily, bool kSummarizes>
__global__ void __launch_bounds__(kThreads)
    SplitChunks(const DeviceText* text_at, CharTableView chars, int64_t n_chunks, Summaries summaries,
                SplitOutput output) {
  const DeviceText text = *text_at;
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
  const uint32_t invalid = ops.Invalid(masks);
  if (!is_inside || lane < kFirstLane || lane >= kBehindLane) return;
  const uint32_t in_text = BitsBetween(word, text.begin, text.end);
  output.starts[word] = (starts | begins) & in_text;
  FlagDocuments(text, output.flags, word, invalid & in_text, DocumentStatus::kInvalidUtf8);
  FlagDocuments(text, output.flags, word, unsure & in_text, DocumentStatus::kNeedsHost);
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
  return AlignedSize(n_bytes);
}

template <PatternFamily kFamily>
cudaError_t SplitFamily(const TextOnDevice& text, const CharTableView& chars, const SplitOutput& output,
                        void* workspace, cudaStream_t stream) {
  const int64_t n_chunks = MaxChunks(text.max_places);
  const unsigned n_blocks = BlocksFor(n_chunks, kChunksPerBlock);
  Summaries summaries = {};
  if (HasFills(kFamily)) {
    size_t n_scan_bytes = ScanWorkspace(n_chunks);
    auto* const rest = reinterpret_cast<ChunkSummary*>(static_cast<char*>(workspace) + n_scan_bytes);
    summaries = {rest, rest + n_chunks, rest + 2 * n_chunks};
    SplitChunks<kFamily, true>
        <<<n_blocks, kThreads, 0, stream>>>(text.text, chars, n_chunks, summaries, output);
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
  SplitChunks<kFamily, false>
      <<<n_blocks, kThreads, 0, stream>>>(text.text, chars, n_chunks, summaries, output);
  return cudaGetLastError();
}

}  // namespace

size_t SplitWorkspace(PatternFamily family, int64_t max_places) {
  if (!HasFills(family)) return 0;
  const int64_t n_chunks = MaxChunks(max_places);
  return ScanWorkspace(n_chunks) + 3 * sizeof(ChunkSummary) * static_cast<size_t>(n_chunks);
}

cudaError_t Split(PatternFamily family, const TextOnDevice& text, const CharTableView& chars,
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

}  // namespace tok::cuda
