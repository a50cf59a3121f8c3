// tests/gpu/gpu_run.h: documents through a DeviceEncoder, from the host and back.
#ifndef TOK_TESTS_GPU_GPU_RUN_H_
#define TOK_TESTS_GPU_GPU_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tok/cuda/device_encoder.h"

namespace tok::cuda {

struct GpuRun {
  std::vector<uint32_t> ids;
  std::vector<int64_t> offsets;
  std::vector<DocumentStatus> statuses;
  DeviceReport report;

  std::vector<uint32_t> Document(size_t d) const {
    return {ids.begin() + offsets[d], ids.begin() + offsets[d + 1]};
  }
};

struct GpuRunOptions {
  int64_t n_bytes_before = 0;  // of other text in the same buffer, before the documents and behind them
  int64_t max_ids = -1;        // negative: as many as bytes
  bool narrow = false;
  bool learns = false;  // and encodes again, which is what comes back
  bool in_graph = false;
};

// Memory is poisoned before. Failures of CUDA fail the test.
GpuRun RunOnGpu(const DeviceEncoder& encoder, const std::vector<std::string>& documents,
                const GpuRunOptions& options = {});

// Documents of the encoder's kOk have the tokenizer's ids, others none. Returns how many are kOk.
size_t ExpectSameAsCpu(const DeviceEncoder& encoder, const std::vector<std::string>& documents,
                       const GpuRun& run, const SpecialPolicy& special = SpecialPolicy::Error());

bool HasGpu();

// Of names or files in TOK_GPU_TOKENIZERS, separated by colons; else the bundled ones that GPUs do.
const std::vector<Tokenizer>& GpuTokenizers();

}  // namespace tok::cuda

#endif  // TOK_TESTS_GPU_GPU_RUN_H_
