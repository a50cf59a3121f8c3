// cuda/base/stream_handles.h: streams and events of the current device, destroyed with their owner.
#ifndef TOK_CUDA_BASE_STREAM_HANDLES_H_
#define TOK_CUDA_BASE_STREAM_HANDLES_H_

#include <cuda_runtime_api.h>

#include <memory>

#include "cuda/base/cuda_status.h"

namespace tok::cuda {

struct DestroyStream {
  void operator()(cudaStream_t stream) const { cudaStreamDestroy(stream); }
};
struct DestroyEvent {
  void operator()(cudaEvent_t event) const { cudaEventDestroy(event); }
};
using OwnedStream = std::unique_ptr<CUstream_st, DestroyStream>;
using OwnedEvent = std::unique_ptr<CUevent_st, DestroyEvent>;

// One that does not wait for the default stream.
inline absl::StatusOr<OwnedStream> MakeStream() {
  cudaStream_t stream;
  TOK_RETURN_IF_CUDA_ERROR(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "a stream");
  return OwnedStream(stream);
}

// Without the time. A thread that waits for it sleeps.
inline absl::StatusOr<OwnedEvent> MakeEvent() {
  cudaEvent_t event;
  TOK_RETURN_IF_CUDA_ERROR(cudaEventCreateWithFlags(&event, cudaEventDisableTiming | cudaEventBlockingSync),
                           "an event");
  return OwnedEvent(event);
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_BASE_STREAM_HANDLES_H_
