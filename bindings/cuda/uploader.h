// bindings/cuda/uploader.h: text of the host, copied to a device through pinned memory while more is fetched into it.
#ifndef TOK_BINDINGS_CUDA_UPLOADER_H_
#define TOK_BINDINGS_CUDA_UPLOADER_H_

#include <cuda_runtime_api.h>

#include <array>
#include <mutex>
#include <span>
#include <string_view>

#include "cuda/base/device_memory.h"
#include "tok/status.h"

namespace tok::python {

// Of the current device. Threads: one at a time copies, others wait.
class Uploader {
 public:
  Uploader() = default;
  ~Uploader();
  Uploader(const Uploader&) = delete;
  Uploader& operator=(const Uploader&) = delete;

  // Puts the pieces side by side. They may change or go as soon as this returns, which is when the last 32 MiB at most are still on
  // their way.
  absl::Status Upload(std::span<const std::string_view> pieces, char* to, cudaStream_t stream);

 private:
  // Pinned memory, and what says that it was copied out of.
  struct Slot {
    cuda::PinnedMemory memory;
    cudaEvent_t copied = nullptr;
    size_t n_filled = 0;
  };
  absl::Status Open(Slot* slot);

  std::mutex mutex_;
  std::array<Slot, 2> slots_;
  size_t next_ = 0;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_UPLOADER_H_
