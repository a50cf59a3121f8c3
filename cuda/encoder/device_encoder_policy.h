// cuda/encoder/device_encoder_policy.h: what a DeviceEncoder does about each added token, in the memory of its device.
#ifndef TOK_CUDA_ENCODER_DEVICE_ENCODER_POLICY_H_
#define TOK_CUDA_ENCODER_DEVICE_ENCODER_POLICY_H_

#include "cuda/encoder/device_encoder_tables.h"
#include "cuda/encoder/uploads.h"
#include "cuda/kernels/matches.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {

struct DeviceEncoder::Policy {
  // On the current device, which is that of the tables.
  absl::Status Fill(const Tables& tables, const SpecialPolicy& special);

  bool has_matches = false;  // without any, stages that are about them are left out
  Uploads uploads;
  AddedTokens added = {};
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_ENCODER_DEVICE_ENCODER_POLICY_H_
