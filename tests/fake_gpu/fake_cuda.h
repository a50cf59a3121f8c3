// tests/fake_gpu/fake_cuda.h: what of CUDA's runtime the Python binding calls, on the host, for tests where there is no GPU.
//
// Model: streams are queues whose work is done as late as CUDA may do it: when the host waits. Memory is poisoned when it is given
// out and when it goes back, both in the order of the stream. So whoever forgets to wait, or to keep memory, reads rubbish.
// A memory of the device is one of the host; there is one device, number 0. Threads: any, one at a time.
#ifndef TOK_TESTS_FAKE_GPU_FAKE_CUDA_H_
#define TOK_TESTS_FAKE_GPU_FAKE_CUDA_H_

#include <cuda_runtime_api.h>

#include <functional>

namespace tok {

// Puts work on a stream.
void Enqueue(cudaStream_t stream, std::function<void()> work);

}  // namespace tok

#endif  // TOK_TESTS_FAKE_GPU_FAKE_CUDA_H_
