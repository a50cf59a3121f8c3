// tests/gpu/fake/fake_cuda.h: CUDA's runtime without a GPU, as far as cuda/stream uses it, for tests.
//
// Model: a stream is a thread that does one thing after another, and dawdles; memory is the host's, poisoned; copies to and from
// the device that lie outside of what was allocated, or between the wrong kinds, fail the process. An event stands for what was
// recorded last. So what is not ordered by events goes wrong sooner or later, and thread sanitizers see it at once.
#ifndef TOK_TESTS_GPU_FAKE_FAKE_CUDA_H_
#define TOK_TESTS_GPU_FAKE_FAKE_CUDA_H_

#include <cuda_runtime_api.h>

#include <cstdint>
#include <functional>

namespace tok::cuda {

// Puts work on the stream, as a launch does. An error if it is this call's turn to fail.
cudaError_t LaunchOnFakeStream(cudaStream_t stream, std::function<void()> work);

struct FakeCuda {
  // Of the calls that may fail, the one with this number from now on does, and all behind it if `for_ever`. Negative: none.
  static void FailCall(int64_t number, bool for_ever = false);
  static int64_t CallsSoFar();
  // Memory, streams and events that are there.
  static int64_t Things();
};

}  // namespace tok::cuda

#endif  // TOK_TESTS_GPU_FAKE_FAKE_CUDA_H_
