// cuda/base/check_device.h: whether the current device can run this build's kernels.
#ifndef TOK_CUDA_BASE_CHECK_DEVICE_H_
#define TOK_CUDA_BASE_CHECK_DEVICE_H_

#include "tok/status.h"

namespace tok::cuda {

// TOK-E022 without a device, or for one that is older than what they were compiled for.
absl::Status CheckDevice();

}  // namespace tok::cuda

#endif  // TOK_CUDA_BASE_CHECK_DEVICE_H_
