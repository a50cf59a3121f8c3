#include "cuda/kernels/launch.h"
#include "cuda/kernels/learn.h"
#include "cuda/kernels/misses.cuh"
#include "cuda/kernels/records.cuh"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;
// In place of n_ids while a slot is written, with bits of the piece's hash: who meets its own leaves the piece to the other.
constexpr uint32_t kIsBeingWritten = 1u << 31;

template <unsigned kKeyBytes>
__device__ bool TryHome(PieceSlot<kKeyBytes>* slot, const PieceKey<kKeyBytes>& key, uint32_t hash,
                        const uint32_t* ids, unsigned n_ids) {
  const uint32_t mark = kIsBeingWritten | hash;
  const uint32_t held = atomicCAS(&slot->n_ids, 0u, mark);
  if (held == mark) return true;
  if (held != 0) {
    bool is_same = true;
    for (unsigned w = 0; w < key.kWords; ++w) is_same = is_same && slot->key.words[w] == key.words[w];
    return is_same;
  }
  slot->key = key;
  for (unsigned i = 0; i < n_ids; ++i) slot->ids[i] = ids[i];
  __threadfence();
  atomicExch(&slot->n_ids, n_ids);
  return true;
}

// Whether the piece is in the table now.
template <unsigned kKeyBytes>
__device__ bool Insert(const PieceTableView<kKeyBytes>& table, PieceSlot<kKeyBytes>* slots,
                       const PieceKey<kKeyBytes>& key, const uint32_t* ids, unsigned n_ids) {
  if (n_ids > PieceSlot<kKeyBytes>::kMaxIds) return false;
  const uint32_t hash = key.Hash();
  return TryHome(slots + table.FirstHome(hash), key, hash, ids, n_ids) ||
         TryHome(slots + table.SecondHome(hash), key, hash, ids, n_ids);
}

__device__ PieceKey<16> ShortKey(const PieceKey<32>& key, unsigned n_bytes) {
  return {{key.words[0], key.words[1], key.words[2], key.words[3] | n_bytes << 24}};
}

__global__ void __launch_bounds__(kThreads)
    Learn(const DeviceText* text_at, MergeInput input, PieceTableView<16> table, PieceOutput pieces,
          const uint32_t* miss_ids, LearnOutput output) {
  const DeviceText text = *text_at;
  const unsigned long long n_misses = NumMisses(pieces);
  for (unsigned long long m = blockIdx.x * kThreads + threadIdx.x; m < n_misses; m += gridDim.x * kThreads) {
    const Miss miss = pieces.misses[m];
    const int64_t begin = PlaceOf(miss);
    constexpr auto kMost = int64_t{PieceKey<32>::kMaxPiece};
    const auto n_bytes = static_cast<unsigned>(PieceLength(text, input.starts, begin, kMost));
    const PieceRecord record = *RecordOf(pieces, miss);
    const unsigned n_ids = CountOf(record);
    if (n_bytes > kMost || n_ids == 0 || n_ids > PieceSlot<32>::kMaxIds || (record & kIsMatch) != 0) continue;
    if (input.whole.Find(text.bytes + begin, n_bytes) != nullptr) continue;
    uint32_t ids[PieceSlot<32>::kMaxIds];
    for (unsigned i = 0; i < n_ids; ++i) ids[i] = IdOf(record, i, miss_ids);
    const PieceKey<32> key = LongerKey(text.bytes + begin, n_bytes);
    if (n_bytes <= PieceKey<16>::kMaxPiece && Insert(table, output.slots, ShortKey(key, n_bytes), ids, n_ids))
      continue;
    Insert(input.longer, output.longer_slots, key, ids, n_ids);
  }
}

}  // namespace

cudaError_t LearnMisses(const TextOnDevice& text, const MergeInput& input, const PieceTableView<16>& table,
                        const PieceOutput& pieces, const uint32_t* miss_ids, const LearnOutput& output,
                        cudaStream_t stream) {
  Learn<<<8 * kMultiprocessors, kThreads, 0, stream>>>(text.text, input, table, pieces, miss_ids, output);
  return cudaGetLastError();
}

}  // namespace tok::cuda
