#include "tests/gpu/fake/fake_cuda.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <thread>

namespace tok::cuda {
namespace {

std::atomic<int64_t> things = 0, calls = 0, failing_call = -1;
std::atomic<bool> fails_for_ever = false;
thread_local int current_device = 0;
constexpr int kDevices = 4;

cudaError_t Turn() {
  const int64_t call = calls++, failing = failing_call;
  const bool fails = failing >= 0 && (fails_for_ever ? call >= failing : call == failing);
  return fails ? cudaErrorUnknown : cudaSuccess;
}

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "fake CUDA: %s\n", what);
  std::abort();
}

// What was allocated, and whether it is a device's.
class Memory {
 public:
  void* Allocate(size_t n_bytes, bool is_device) {
    void* const data = std::malloc(n_bytes);
    std::memset(data, 0xA5, n_bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    blocks_[static_cast<char*>(data)] = {n_bytes, is_device};
    ++things;
    return data;
  }
  void Free(void* data) {
    if (data == nullptr) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (blocks_.erase(static_cast<char*>(data)) == 0) Die("freed what was not allocated");
    }
    --things;
    std::free(data);
  }
  // 1: of a device, 0: pinned, -1: neither.
  int KindOf(const void* data, size_t n_bytes) {
    const auto* const begin = static_cast<const char*>(data);
    const std::lock_guard<std::mutex> lock(mutex_);
    auto next = blocks_.upper_bound(const_cast<char*>(begin));
    if (next == blocks_.begin()) return -1;
    const auto& [at, block] = *--next;
    if (begin >= at + block.n_bytes) return -1;
    if (begin + n_bytes > at + block.n_bytes) Die("reached beyond memory");
    return block.is_device ? 1 : 0;
  }

 private:
  struct Block {
    size_t n_bytes;
    bool is_device;
  };
  std::mutex mutex_;
  std::map<char*, Block> blocks_;
};

Memory& memory() {
  static auto* const all = new Memory();
  return *all;
}

}  // namespace
}  // namespace tok::cuda

struct CUevent_st {
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t n_recorded = 0, n_done = 0;

  uint64_t Record() {
    const std::lock_guard<std::mutex> lock(mutex);
    return ++n_recorded;
  }
  uint64_t Recorded() {
    const std::lock_guard<std::mutex> lock(mutex);
    return n_recorded;
  }
  void Done(uint64_t record) {
    const std::lock_guard<std::mutex> lock(mutex);
    n_done = record;
    changed.notify_all();
  }
  void Wait(uint64_t record) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return n_done >= record; });
  }
};

struct CUstream_st {
  CUstream_st() : thread([this] { Live(); }) {}
  ~CUstream_st() {
    Put(nullptr);
    thread.join();
  }
  void Put(std::function<void()> work) {
    const std::lock_guard<std::mutex> lock(mutex);
    waiting.push_back(std::move(work));
    ++n_put;
    changed.notify_all();
  }
  void Synchronize() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&, n = n_put] { return n_done >= n; });
  }
  void Live() {
    std::mt19937 random(1);
    for (;;) {
      std::function<void()> work;
      {
        std::unique_lock<std::mutex> lock(mutex);
        changed.wait(lock, [&] { return !waiting.empty(); });
        work = std::move(waiting.front());
        waiting.pop_front();
      }
      if (work == nullptr) return;
      if (random() % 4 == 0) std::this_thread::sleep_for(std::chrono::microseconds(random() % 200));
      work();
      const std::lock_guard<std::mutex> lock(mutex);
      ++n_done;
      changed.notify_all();
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> waiting;
  uint64_t n_put = 0, n_done = 0;
  std::thread thread;
};

namespace tok::cuda {

cudaError_t LaunchOnFakeStream(cudaStream_t stream, std::function<void()> work) {
  if (const cudaError_t error = Turn()) return error;
  stream->Put(std::move(work));
  return cudaSuccess;
}

void FakeCuda::FailCall(int64_t number, bool for_ever) {
  fails_for_ever = for_ever;
  failing_call = number < 0 ? -1 : calls + number;
}
int64_t FakeCuda::CallsSoFar() { return calls; }
int64_t FakeCuda::Things() { return things; }

}  // namespace tok::cuda

using namespace tok::cuda;

extern "C" {

cudaError_t cudaGetDevice(int* device) {
  *device = current_device;
  return Turn();
}
cudaError_t cudaGetDeviceCount(int* n_devices) {
  *n_devices = kDevices;
  return Turn();
}
cudaError_t cudaSetDevice(int device) {
  if (device < 0 || device >= kDevices) return cudaErrorInvalidDevice;
  current_device = device;
  return cudaSuccess;
}
cudaError_t cudaMalloc(void** data, size_t n_bytes) {
  if (const cudaError_t error = Turn()) return error;
  *data = memory().Allocate(n_bytes, /*is_device=*/true);
  return cudaSuccess;
}
cudaError_t cudaFree(void* data) {
  memory().Free(data);
  return cudaSuccess;
}
cudaError_t cudaHostAlloc(void** data, size_t n_bytes, unsigned) {
  if (const cudaError_t error = Turn()) return error;
  *data = memory().Allocate(n_bytes, /*is_device=*/false);
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* data) {
  memory().Free(data);
  return cudaSuccess;
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* data) {
  const int kind = memory().KindOf(data, 1);
  *attributes = {};
  attributes->type = kind < 0    ? cudaMemoryTypeUnregistered
                     : kind == 1 ? cudaMemoryTypeDevice
                                 : cudaMemoryTypeHost;
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t n_bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const bool is_in = kind == cudaMemcpyHostToDevice;
  if (memory().KindOf(to, n_bytes) != (is_in ? 1 : 0) || memory().KindOf(from, n_bytes) != (is_in ? 0 : 1))
    Die("a copy between other kinds of memory than pinned and a device's");
  return LaunchOnFakeStream(stream, [=] { std::memcpy(to, from, n_bytes); });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  if (const cudaError_t error = Turn()) return error;
  *stream = new CUstream_st();
  ++things;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  --things;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  stream->Synchronize();
  return Turn();
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  return LaunchOnFakeStream(stream, [event, n = event->Recorded()] { event->Wait(n); });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  if (const cudaError_t error = Turn()) return error;
  *event = new CUevent_st();
  ++things;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  --things;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  if (const cudaError_t error = Turn()) return error;
  stream->Put([event, n = event->Record()] { event->Done(n); });
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  event->Wait(event->Recorded());
  return Turn();
}

cudaError_t cudaGetLastError() { return cudaSuccess; }
const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorInvalidDevice ? "no such device" : "made to fail";
}

}  // extern "C"
