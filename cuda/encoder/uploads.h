// cuda/encoder/uploads.h: several arrays on the device, kept together.
#ifndef TOK_CUDA_ENCODER_UPLOADS_H_
#define TOK_CUDA_ENCODER_UPLOADS_H_

#include <span>
#include <utility>
#include <vector>

#include "cuda/base/device_memory.h"
#include "src/base/status_macros.h"
#include "tok/status.h"

namespace tok::cuda {

class Uploads {
 public:
  template <typename T>
  absl::Status Add(std::span<const T> values, T** on_device) {
    TOK_ASSIGN_OR_RETURN(DeviceMemory memory, Upload(values));
    *on_device = memory.get<T>();
    memories_.push_back(std::move(memory));
    return absl::OkStatus();
  }
  template <typename T>
  absl::Status Add(const std::vector<T>& values, T** on_device) {
    return Add(std::span<const T>(values), on_device);
  }

 private:
  std::vector<DeviceMemory> memories_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_ENCODER_UPLOADS_H_
