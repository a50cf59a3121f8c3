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

// Bit k of the bytes: bit i of plane k is that of byte i of 32.
struct Planes {
  uint32_t bit[8];
};

__device__ void Transpose4x4(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t* out) {
  const uint32_t ab_low = __byte_perm(a, b, 0x5140), ab_high = __byte_perm(a, b, 0x7362);
  const uint32_t cd_low = __byte_perm(c, d, 0x5140), cd_high = __byte_perm(c, d, 0x7362);
  out[0] = __byte_perm(ab_low, cd_low, 0x5410);
  out[1] = __byte_perm(ab_low, cd_low, 0x7632);
  out[2] = __byte_perm(ab_high, cd_high, 0x5410);
  out[3] = __byte_perm(ab_high, cd_high, 0x7632);
}

template <int kShift>
__device__ void Exchange(uint32_t* a, uint32_t* b, uint32_t low_bits) {
  const uint32_t new_a = (*a & low_bits) | ((*b << kShift) & ~low_bits);
  const uint32_t new_b = ((*a >> kShift) & low_bits) | (*b & ~low_bits);
  *a = new_a;
  *b = new_b;
}

__device__ Planes PlanesOf(uint4 first, uint4 second) {
  Planes p;
  // Byte 8j + w to byte j of word w.
  Transpose4x4(first.x, first.z, second.x, second.z, p.bit);
  Transpose4x4(first.y, first.w, second.y, second.w, p.bit + 4);
  // Bit k of word w to bit w of word k.
#pragma unroll
  for (int w = 0; w < 4; ++w) Exchange<4>(&p.bit[w], &p.bit[w + 4], 0x0F0F0F0Fu);
#pragma unroll
  for (int w = 0; w < 8; w += (w & 1) ? 3 : 1) Exchange<2>(&p.bit[w], &p.bit[w + 2], 0x33333333u);
#pragma unroll
  for (int w = 0; w < 8; w += 2) Exchange<1>(&p.bit[w], &p.bit[w + 1], 0x55555555u);
  return p;
}

// The starts of r50k's pieces but for contractions, of text that is ASCII: about what a family's rules cost.
__global__ void CountStarts(const uint4* text, size_t n_words, unsigned long long* n_starts) {
  const size_t n_threads = size_t{gridDim.x} * blockDim.x;
  const unsigned lane = threadIdx.x % 32;
  unsigned long long sum = 0;
  for (size_t word = size_t{blockIdx.x} * blockDim.x + threadIdx.x; word < n_words; word += n_threads) {
    const Planes p = PlanesOf(text[2 * word], text[2 * word + 1]);
    const uint32_t* b = p.bit;
    const uint32_t low5 = b[4] | b[3] | b[2] | b[1] | b[0];
    const uint32_t above_z = b[4] & b[3] & (b[2] | (b[1] & b[0]));
    const uint32_t letter = ~b[7] & b[6] & low5 & ~above_z;
    const uint32_t digit = ~b[7] & ~b[6] & b[5] & b[4] & ~(b[3] & (b[2] | b[1]));
    const uint32_t blank = ~b[7] & ~b[6] & b[5] & ~low5;
    const uint32_t control = ~b[7] & ~b[6] & ~b[5] & ~b[4] & b[3] & (b[2] | b[1] | b[0]) & ~(b[2] & b[1]);
    const uint32_t space = blank | control;
    const uint32_t other = ~(letter | digit | space);
    const auto behind = [lane](uint32_t mask) {
      const uint32_t before = __shfl_up_sync(~0u, mask, 1);
      return __funnelshift_l(lane == 0 ? 0 : before, mask, 1);
    };
    const auto ahead = [lane](uint32_t mask) {
      const uint32_t after = __shfl_down_sync(~0u, mask, 1);
      return __funnelshift_r(mask, lane == 31 ? 0 : after, 1);
    };
    const uint32_t same = (letter & behind(letter)) | (digit & behind(digit)) | (other & behind(other));
    uint32_t starts = ~space & ~same & ~behind(blank);
    starts |= (space & ~behind(space)) | (space & ~ahead(space));
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

int main() {
  cudaDeviceProp device;
  CHECK(cudaGetDeviceProperties(&device, 0));
  std::printf("%s: %d multiprocessors, L2 %d MB\n", device.name, device.multiProcessorCount,
              device.l2CacheSize >> 20);
  MeasureProbes<1>(device.multiProcessorCount);
  MeasureProbes<2>(device.multiProcessorCount);
  MeasureClasses(device.multiProcessorCount);
  MeasureCopies();
  return 0;
}
