#include "cuda/kernels/launch.h"
#include "cuda/kernels/prepare.h"

namespace tok::cuda {
namespace {

constexpr unsigned kThreads = 256;

// A thread an offset.
__global__ void CheckOffsets(DeviceBatch batch, PrepareOutput output) {
  const int64_t d = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (d > batch.n_documents) return;
  const int64_t offset = batch.offsets[d];
  const bool is_bad =
      offset < 0 || offset > batch.max_text_bytes || (d < batch.n_documents && batch.offsets[d + 1] < offset);
  if (is_bad) atomicExch(&output.counters->has_bad_offsets, 1ull);
  output.id_offsets[d] = 0;
  if (d < batch.n_documents) output.document_statuses[d] = 0;
}

__global__ void FindText(DeviceBatch batch, PrepareOutput output) {
  const bool is_bad = output.counters->has_bad_offsets != 0;
  const int64_t first = is_bad ? 0 : batch.offsets[0];
  const int64_t n_bytes = is_bad ? 0 : batch.offsets[batch.n_documents] - first;
  const auto address = reinterpret_cast<uintptr_t>(batch.text) + static_cast<uintptr_t>(first);
  const auto begin = static_cast<int64_t>(address % kTextAlignment);
  *output.text = {.bytes = reinterpret_cast<const unsigned char*>(address - static_cast<uintptr_t>(begin)),
                  .begin = begin,
                  .end = begin + n_bytes,
                  .offsets = batch.offsets,
                  .n_documents = is_bad ? 0 : batch.n_documents,
                  .place_of_offset = begin - first,
                  .document_begins = output.document_begins};
}

__global__ void MarkDocuments(const DeviceText* text_at, uint32_t* document_begins) {
  const DeviceText text = *text_at;
  const int64_t d = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (text.n_documents == 0 || d > text.n_documents) return;
  const int64_t place = text.offsets[d] + text.place_of_offset;
  atomicOr(&document_begins[place / 32], 1u << (place % 32));
}

}  // namespace

cudaError_t LoadKernels() {
  cudaFuncAttributes attributes;
  return cudaFuncGetAttributes(&attributes, FindText);
}

cudaError_t PrepareText(const DeviceBatch& batch, const PrepareOutput& output, cudaStream_t stream) {
  const int64_t max_words = (batch.max_text_bytes + kTextAlignment) / 32 + 1;
  const unsigned n_blocks = BlocksFor(batch.n_documents + 1, kThreads);
  if (cudaError_t error = cudaMemsetAsync(output.counters, 0, sizeof(Counters), stream)) return error;
  if (cudaError_t error =
          cudaMemsetAsync(output.document_begins, 0, 4 * static_cast<size_t>(max_words), stream))
    return error;
  CheckOffsets<<<n_blocks, kThreads, 0, stream>>>(batch, output);
  FindText<<<1, 1, 0, stream>>>(batch, output);
  MarkDocuments<<<n_blocks, kThreads, 0, stream>>>(output.text, output.document_begins);
  return cudaGetLastError();
}

}  // namespace tok::cuda
