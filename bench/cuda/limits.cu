// bench/cuda/limits.cu: what the device can do at most, for the steps that encoding is made of (docs/gpu.md quotes it).
//
//   probes     random reads of 16 and 32 bytes out of tables of 1 to 256 MiB
//   classes    text to bit planes to class masks and piece starts, counted: nothing is written
//   copies     pinned memory to the device, back, and both at once
//
// Times are of device events, the median of several runs.
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "cuda/split/class_masks.h"
#include "cuda/split/device_warp.h"

namespace tok::cuda {
namespace {

void Check(cudaError_t error, int line) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "limits.cu:%d: %s\n", line, cudaGetErrorString(error));
  std::exit(1);
}
#define CHECK(call) Check((call), __LINE__)

constexpr int kRuns = 9;

double MedianSeconds(const std::function<void()>& launch) {
  cudaEvent_t begin, end;
  CHECK(cudaEventCreate(&begin));
  CHECK(cudaEventCreate(&end));
  std::vector<float> times;
  for (int run = -2; run < kRuns; ++run) {
    CHECK(cudaEventRecord(begin));
    launch();
    CHECK(cudaEventRecord(end));
    CHECK(cudaEventSynchronize(end));
    CHECK(cudaGetLastError());
    float milliseconds = 0;
    CHECK(cudaEventElapsedTime(&milliseconds, begin, end));
    if (run >= 0) times.push_back(milliseconds);
  }
  std::sort(times.begin(), times.end());
  return times[kRuns / 2] * 1e-3;
}

// ---- probes

constexpr int kProbesAtOnce = 4;

template <int kVectors>  // of 16 bytes
__global__ void Probe(const uint4* table, uint32_t slot_mask, int n_rounds, uint32_t* sink) {
  uint32_t state = (blockIdx.x * blockDim.x + threadIdx.x) * 2654435761u + 12345u, sum = 0;
  for (int round = 0; round < n_rounds; ++round) {
    uint4 found[kProbesAtOnce][kVectors];
#pragma unroll
    for (int p = 0; p < kProbesAtOnce; ++p) {
      state = state * 1664525u + 1013904223u;
      const uint32_t slot = ((state >> 8) ^ (state << 13)) & slot_mask;
#pragma unroll
      for (int v = 0; v < kVectors; ++v) found[p][v] = __ldg(table + size_t{slot} * kVectors + v);
    }
#pragma unroll
    for (int p = 0; p < kProbesAtOnce; ++p)
#pragma unroll
      for (int v = 0; v < kVectors; ++v) sum += found[p][v].x ^ found[p][v].y ^ found[p][v].z ^ found[p][v].w;
  }
  if (sum == 0x12345678u) *sink = sum;
}

template <int kVectors>
void MeasureProbes(int n_multiprocessors) {
  for (size_t mebibytes = 1; mebibytes <= 256; mebibytes *= 2) {
    const size_t n_bytes = mebibytes << 20, n_slots = n_bytes / (16 * kVectors);
    uint4* table;
    uint32_t* sink;
    CHECK(cudaMalloc(&table, n_bytes));
    CHECK(cudaMalloc(&sink, 4));
    CHECK(cudaMemset(table, 0x5A, n_bytes));
    const int n_blocks = n_multiprocessors * 8, n_threads = 256, n_rounds = 128;
    const double seconds = MedianSeconds([&] {
      Probe<kVectors><<<n_blocks, n_threads>>>(table, static_cast<uint32_t>(n_slots - 1), n_rounds, sink);
    });
    const double n_probes = 1.0 * n_blocks * n_threads * n_rounds * kProbesAtOnce;
    std::printf("probes of %2d bytes, table of %3zu MiB: %6.1f G/s\n", 16 * kVectors, mebibytes,
                n_probes / seconds * 1e-9);
    CHECK(cudaFree(table));
    CHECK(cudaFree(sink));
  }
}

// ---- classes

// The starts of r50k's pieces but for contractions, of text that is ASCII: about what a family's rules cost.
__global__ void CountStarts(const uint4* text, size_t n_words, unsigned long long* n_starts) {
  const size_t n_threads = size_t{gridDim.x} * blockDim.x;
  const unsigned lane = threadIdx.x % 32;
  const DeviceWarp warp(lane);
  unsigned long long sum = 0;
  for (size_t word = size_t{blockIdx.x} * blockDim.x + threadIdx.x; word < n_words; word += n_threads) {
    const uint4 first = text[2 * word], second = text[2 * word + 1];
    const ClassMasks<uint32_t> m = ClassifyAscii(
        PlanesOf({{first.x, first.y, first.z, first.w, second.x, second.y, second.z, second.w}}));
    const uint32_t letter = m.upper | m.lower, other = ~(letter | m.digit | m.space);
    const auto behind = [&](uint32_t mask) { return mask << 1 | warp.FromLaneBefore(mask) >> 31; };
    const auto ahead = [&](uint32_t mask) { return mask >> 1 | warp.FromLaneBehind(mask) << 31; };
    const uint32_t same = (letter & behind(letter)) | (m.digit & behind(m.digit)) | (other & behind(other));
    uint32_t starts = ~m.space & ~same & ~behind(m.blank);
    starts |= (m.space & ~behind(m.space)) | (m.space & ~ahead(m.space));
    sum += __popc(starts);
  }
  for (int step = 16; step > 0; step /= 2) sum += __shfl_down_sync(~0u, sum, step);
  if (lane == 0) atomicAdd(n_starts, sum);
}

void MeasureClasses(int n_multiprocessors) {
  const size_t n_bytes = size_t{1} << 30;
  std::vector<char> text(n_bytes);
  uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525u + 1013904223u;
    const uint32_t draw = state >> 24;
    c = static_cast<char>(draw < 45 ? ' ' : draw < 50 ? ',' : draw < 55 ? '1' : 'a' + draw % 26);
  }
  uint4* device;
  unsigned long long* n_starts;
  CHECK(cudaMalloc(&device, n_bytes));
  CHECK(cudaMalloc(&n_starts, 8));
  CHECK(cudaMemcpy(device, text.data(), n_bytes, cudaMemcpyHostToDevice));
  CHECK(cudaMemset(n_starts, 0, 8));
  for (const int n_per : {4, 8, 16}) {
    const double seconds = MedianSeconds(
        [&] { CountStarts<<<n_multiprocessors * n_per, 256>>>(device, n_bytes / 32, n_starts); });
    unsigned long long counted;
    CHECK(cudaMemcpy(&counted, n_starts, 8, cudaMemcpyDeviceToHost));
    std::printf("classes and starts, %2d blocks of 256 a multiprocessor: %7.1f GB/s (%.3f starts a byte)\n",
                n_per, n_bytes / seconds * 1e-9,
                counted / (1.0 * n_bytes * (kRuns + 2) *
                           (n_per == 4   ? 1
                            : n_per == 8 ? 2
                                         : 3)));
  }
  CHECK(cudaFree(device));
}

// ---- copies

void MeasureCopies() {
  const size_t n_bytes = size_t{256} << 20;
  char *up_host, *down_host, *up, *down;
  CHECK(cudaMallocHost(&up_host, n_bytes));
  CHECK(cudaMallocHost(&down_host, n_bytes));
  CHECK(cudaMalloc(&up, n_bytes));
  CHECK(cudaMalloc(&down, n_bytes));
  cudaStream_t streams[2];
  cudaEvent_t fork, joined[2];
  CHECK(cudaEventCreate(&fork));
  for (int s = 0; s < 2; ++s) {
    CHECK(cudaStreamCreateWithFlags(&streams[s], cudaStreamNonBlocking));
    CHECK(cudaEventCreate(&joined[s]));
  }
  const auto copy = [&](bool to_device, bool to_host) {
    return MedianSeconds([&] {
      CHECK(cudaEventRecord(fork));
      for (cudaStream_t stream : streams) CHECK(cudaStreamWaitEvent(stream, fork));
      if (to_device) CHECK(cudaMemcpyAsync(up, up_host, n_bytes, cudaMemcpyHostToDevice, streams[0]));
      if (to_host) CHECK(cudaMemcpyAsync(down_host, down, n_bytes, cudaMemcpyDeviceToHost, streams[1]));
      for (int s = 0; s < 2; ++s) {
        CHECK(cudaEventRecord(joined[s], streams[s]));
        CHECK(cudaStreamWaitEvent(nullptr, joined[s]));
      }
    });
  };
  const double gigabytes = n_bytes * 1e-9;
  std::printf("copies of 256 MiB: to the device %.1f GB/s, back %.1f GB/s, both at once %.1f GB/s each way\n",
              gigabytes / copy(true, false), gigabytes / copy(false, true), gigabytes / copy(true, true));
}

}  // namespace

void MeasureAll() {
  cudaDeviceProp device;
  CHECK(cudaGetDeviceProperties(&device, 0));
  std::printf("%s: %d multiprocessors, L2 %d MB\n", device.name, device.multiProcessorCount,
              device.l2CacheSize >> 20);
  MeasureProbes<1>(device.multiProcessorCount);
  MeasureProbes<2>(device.multiProcessorCount);
  MeasureClasses(device.multiProcessorCount);
  MeasureCopies();
}

}  // namespace tok::cuda

int main() { tok::cuda::MeasureAll(); }
