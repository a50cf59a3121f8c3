#include "bench/cuda/host_bench.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "cuda/base/cuda_status.h"
#include "cuda/base/device_memory.h"
#include "cuda/base/stream_handles.h"
#include "tok/cuda/batch_encoder.h"

namespace tok::cuda {
namespace {

constexpr size_t kLeastBytes = 2'000'000'000;
constexpr size_t kCopiedBytes = size_t{256} << 20;
constexpr int kMostRuns = 5;  // of that much text

// GB/s, by the host's clock.
absl::StatusOr<double> MedianRate(size_t n_bytes, int n_runs, const std::function<absl::Status()>& work) {
  std::vector<double> rates;
  for (int run = -1; run < n_runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    const absl::Status status = work();
    if (!status.ok()) return status;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    if (run >= 0) rates.push_back(static_cast<double>(n_bytes) * 1e-9 / seconds.count());
  }
  std::ranges::sort(rates);
  return rates.empty() ? 0 : rates[rates.size() / 2];
}

// Text again and again, side by side.
struct Repeated {
  char* text;  // n_bytes
  size_t n_bytes;
  std::vector<int64_t> offsets = {0};

  static size_t Times(const GpuText& text) {
    return kLeastBytes / std::max<size_t>(text.bytes.size(), 1) + 1;
  }
  Repeated(const GpuText& once, char* memory) : text(memory), n_bytes(Times(once) * once.bytes.size()) {
    for (size_t at = 0; at < n_bytes; at += once.bytes.size()) {
      std::memcpy(text + at, once.bytes.data(), once.bytes.size());
      for (size_t d = 1; d < once.offsets.size(); ++d)
        offsets.push_back(static_cast<int64_t>(at) + once.offsets[d]);
    }
  }
};

absl::StatusOr<double> RateOf(BatchEncoder* encoder, const Repeated& text, int n_runs, size_t* n_ids) {
  BatchOptions options;
  options.special = SpecialPolicy::Text();
  return MedianRate(text.n_bytes, std::min(n_runs, kMostRuns), [&] {
    *n_ids = 0;
    return encoder->Encode({text.text, text.offsets}, options, [&](const IdChunk& chunk) {
      *n_ids += chunk.ids.size();
      return absl::OkStatus();
    });
  });
}

absl::Status AddRatesOfCopies(int n_runs, nlohmann::json* row) {
  auto in_host = PinnedMemory::Allocate(kCopiedBytes), out_host = PinnedMemory::Allocate(kCopiedBytes);
  auto in_device = DeviceMemory::Allocate(kCopiedBytes), out_device = DeviceMemory::Allocate(kCopiedBytes);
  auto in = MakeStream(), out = MakeStream();
  for (const absl::Status& status : {in_host.status(), out_host.status(), in_device.status(),
                                     out_device.status(), in.status(), out.status()}) {
    if (!status.ok()) return status;
  }
  const auto rate = [&](bool copies_in, bool copies_out) {
    return MedianRate(kCopiedBytes, n_runs, [&]() -> absl::Status {
      constexpr std::string_view kWhat = "a copy";
      if (copies_in)
        TOK_RETURN_IF_CUDA_ERROR(cudaMemcpyAsync(in_device->get(), in_host->get(), kCopiedBytes,
                                                 cudaMemcpyHostToDevice, in->get()),
                                 kWhat);
      if (copies_out)
        TOK_RETURN_IF_CUDA_ERROR(cudaMemcpyAsync(out_host->get(), out_device->get(), kCopiedBytes,
                                                 cudaMemcpyDeviceToHost, out->get()),
                                 kWhat);
      TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(in->get()), kWhat);
      return CudaStatus(cudaStreamSynchronize(out->get()), kWhat);
    });
  };
  const absl::StatusOr<double> only_in = rate(true, false), only_out = rate(false, true),
                               both = rate(true, true);
  for (const absl::Status& status : {only_in.status(), only_out.status(), both.status()}) {
    if (!status.ok()) return status;
  }
  (*row)["copy_in_gb_per_s"] = *only_in;
  (*row)["copy_out_gb_per_s"] = *only_out;
  (*row)["copy_both_gb_per_s"] = *both;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<nlohmann::json> BenchHostToHost(const Tokenizer& tokenizer, const GpuText& text, int n_runs) {
  nlohmann::json row;
  const absl::Status copies = AddRatesOfCopies(n_runs, &row);
  if (!copies.ok()) return copies;
  auto encoder = MakeBatchEncoder(tokenizer);
  if (!encoder.ok()) return encoder.status();
  const size_t n_bytes = Repeated::Times(text) * text.bytes.size();
  size_t n_ids = 0, n_pageable_ids = 0;
  {
    absl::StatusOr<PinnedMemory> pinned = PinnedMemory::Allocate(n_bytes);
    if (!pinned.ok()) return pinned.status();
    const absl::StatusOr<double> rate =
        RateOf(encoder->get(), Repeated(text, pinned->get<char>()), n_runs, &n_ids);
    if (!rate.ok()) return rate.status();
    row["host_to_host_gb_per_s"] = *rate;
  }
  const std::unique_ptr<char[]> pageable(new char[n_bytes]);
  const absl::StatusOr<double> rate =
      RateOf(encoder->get(), Repeated(text, pageable.get()), n_runs, &n_pageable_ids);
  if (!rate.ok()) return rate.status();
  row["host_to_host_pageable_gb_per_s"] = *rate;
  if (n_ids != n_pageable_ids)
    return MakeError(ErrorCode::kMismatch, text.name, "pageable text has other ids");
  row["host_to_host_bytes"] = n_bytes;
  row["host_to_host_ids"] = n_ids;
  return row;
}

}  // namespace tok::cuda
