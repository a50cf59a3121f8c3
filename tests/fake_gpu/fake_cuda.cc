#include "tests/fake_gpu/fake_cuda.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

struct CUevent_st {
  cudaStream_t stream = nullptr;
  size_t n_done = 0;  // of the stream's work, when the event has come
};

namespace tok {
namespace {

constexpr int kPoison = 0xA5;

struct Queue {
  std::deque<std::function<void()>> work;
  size_t n_done = 0;
  size_t n_all() const { return n_done + work.size(); }
};

std::recursive_mutex mutex;
std::map<cudaStream_t, Queue> queues;
std::map<void*, size_t> memories;  // of the device and pinned, with their sizes
std::map<void*, size_t> pinned;

void Work(cudaStream_t stream, size_t until) {
  Queue& queue = queues[stream];
  while (queue.n_done < until && !queue.work.empty()) {
    const std::function<void()> next = std::move(queue.work.front());
    queue.work.pop_front();
    ++queue.n_done;
    next();
  }
}

bool IsPinned(const void* data) {
  return std::ranges::any_of(pinned, [&](const auto& memory) {
    return data >= memory.first && data < static_cast<char*>(memory.first) + memory.second;
  });
}

}  // namespace

void Enqueue(cudaStream_t stream, std::function<void()> work) {
  const std::lock_guard lock(mutex);
  queues[stream].work.push_back(std::move(work));
}

}  // namespace tok

using namespace tok;  // what follows are CUDA's functions, which are of no namespace

extern "C" {

cudaError_t cudaGetDevice(int* device) {
  *device = 0;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) { return device == 0 ? cudaSuccess : cudaErrorInvalidDevice; }
cudaError_t cudaGetLastError() { return cudaSuccess; }
const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorInvalidDevice ? "invalid device ordinal" : "an error of the fake";
}

cudaError_t cudaDeviceSynchronize() {
  const std::lock_guard lock(mutex);
  for (auto& [stream, queue] : queues) Work(stream, queue.n_all());
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  Work(stream, queues[stream].n_all());
  return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  *event = {stream, queues[stream].n_all()};
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  const std::lock_guard lock(mutex);
  Work(event->stream, event->n_done);
  return cudaSuccess;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  const CUevent_st as_recorded = *event;
  Enqueue(stream, [as_recorded] { Work(as_recorded.stream, as_recorded.n_done); });
  return cudaSuccess;
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps*) {
  *pool = nullptr;
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) { return cudaSuccess; }
cudaError_t cudaMemPoolDestroy(cudaMemPool_t) { return cudaSuccess; }
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t, size_t) { return cudaSuccess; }
cudaError_t cudaMallocFromPoolAsync(void** data, size_t n_bytes, cudaMemPool_t, cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  *data = ::operator new(n_bytes);
  memories[*data] = n_bytes;
  Enqueue(stream, [data = *data, n_bytes] { std::memset(data, kPoison, n_bytes); });
  return cudaSuccess;
}
cudaError_t cudaFreeAsync(void* data, cudaStream_t stream) {
  Enqueue(stream, [data] {
    std::memset(data, kPoison, memories.at(data));
    memories.erase(data);
    ::operator delete(data);
  });
  return cudaSuccess;
}
cudaError_t cudaHostAlloc(void** data, size_t n_bytes, unsigned) {
  const std::lock_guard lock(mutex);
  *data = ::operator new(n_bytes);
  pinned[*data] = n_bytes;
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* data) {
  const std::lock_guard lock(mutex);
  pinned.erase(data);
  ::operator delete(data);
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t n_bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  if (kind == cudaMemcpyHostToDevice && !IsPinned(from)) {  // read at once
    Enqueue(stream, [to, bytes = std::string(static_cast<const char*>(from), n_bytes)] {
      std::memcpy(to, bytes.data(), bytes.size());
    });
  } else {
    Enqueue(stream, [=] { std::memcpy(to, from, n_bytes); });
  }
  return cudaSuccess;
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void*) {
  *attributes = {};
  return cudaSuccess;
}

}  // extern "C"
