#include "tok/cuda/batch_encoder.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "cuda/base/cuda_status.h"
#include "cuda/stream/slice_device.h"
#include "cuda/stream/slot_pool.h"
#include "cuda/stream/stream_run.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/batch_support.h"

namespace tok::cuda {
namespace {

constexpr int64_t kMaxSliceBytes = int64_t{8} << 30;  // with what belongs to it, more than a device has
constexpr unsigned kMaxSlots = 64;

using Devices = std::vector<std::unique_ptr<SliceDevice>>;

absl::Status CheckOptions(const BatchEncoderOptions& options) {
  if (options.slice_bytes < 1 || options.slice_bytes > kMaxSliceBytes) {
    return MakeError(ErrorCode::kUsage, "slice_bytes", "is not between 1 and 8 GiB", "leave it at 32 MiB");
  }
  if (options.n_slots < 1 || options.n_slots > kMaxSlots) {
    return MakeError(ErrorCode::kUsage, "n_slots", "is not between 1 and 64", "leave it at 4");
  }
  return absl::OkStatus();
}

// The numbers of the GPUs to use.
absl::StatusOr<std::vector<int>> NumbersOf(const BatchEncoderOptions& options) {
  if (options.devices.empty()) {
    int current;
    TOK_RETURN_IF_CUDA_ERROR(cudaGetDevice(&current), "a GPU");
    return std::vector<int>{current};
  }
  int n_gpus;
  TOK_RETURN_IF_CUDA_ERROR(cudaGetDeviceCount(&n_gpus), "a GPU");
  for (const int number : options.devices) {
    if (number >= 0 && number < n_gpus) continue;
    return MakeError(ErrorCode::kUnsupportedFeature, Concat("GPU ", number),
                     n_gpus == 1 ? "there is one GPU, number 0"
                                 : Concat("there are ", n_gpus, " GPUs, numbers 0 to ", n_gpus - 1),
                     "name one that is there");
  }
  return options.devices;
}

std::deque<DeviceSlot> SlotsInTurn(const Devices& devices, unsigned n_slots) {
  std::deque<DeviceSlot> slots;
  for (unsigned i = 0; i < n_slots; ++i) {
    for (const std::unique_ptr<SliceDevice>& device : devices)
      slots.push_back({device.get(), &device->slots()[i]});
  }
  return slots;
}

class GpuBatchEncoder final : public BatchEncoder {
 public:
  GpuBatchEncoder(const Tokenizer& tokenizer, const BatchEncoderOptions& options, const SliceLimits& limits,
                  Devices devices)
      : tokenizer_(tokenizer),
        min_gpu_bytes_(std::max<int64_t>(options.min_gpu_bytes, 1)),
        limits_(limits),
        n_threads_(options.n_threads),
        cpu_(BatchEncoder::OnCpu(tokenizer, options.n_threads)),
        devices_(std::move(devices)),
        slots_(SlotsInTurn(devices_, options.n_slots)) {}

  absl::Status Encode(const DocumentBatch& batch, const BatchOptions& options,
                      const IdChunkSink& sink) override {
    TOK_RETURN_IF_ERROR(CheckBatch(tokenizer_, batch, options));
    if (!IsForGpu(batch, options)) return cpu_->Encode(batch, options, sink);
    const StreamContext context = {tokenizer_, cpu_.get(), &slots_, limits_, n_threads_};
    return StreamRun(context, batch, options, sink).Run();
  }

  const Tokenizer& tokenizer() const override { return tokenizer_; }

 private:
  bool IsForGpu(const DocumentBatch& batch, const BatchOptions& options) const {
    const bool has_template = options.add_template && !tokenizer_.spec().post_processor.single.empty();
    return batch.size() > 0 && !has_template &&
           batch.offsets.back() - batch.offsets.front() >= min_gpu_bytes_;
  }

  const Tokenizer tokenizer_;
  const int64_t min_gpu_bytes_;
  const SliceLimits limits_;
  const unsigned n_threads_;
  const std::unique_ptr<BatchEncoder> cpu_;
  const Devices devices_;
  SlotPool slots_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<BatchEncoder>> MakeBatchEncoder(const Tokenizer& tokenizer,
                                                               const BatchEncoderOptions& options) {
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  TOK_RETURN_IF_ERROR(CheckForGpu(tokenizer));  // said without a GPU too
  TOK_ASSIGN_OR_RETURN(const std::vector<int> numbers, NumbersOf(options));
  const SliceLimits limits = SliceLimits::OfBytes(static_cast<size_t>(options.slice_bytes));
  Devices devices;
  for (const int device : numbers) {
    TOK_ASSIGN_OR_RETURN(std::unique_ptr<SliceDevice> made,
                         SliceDevice::Make(tokenizer, {device, limits, options.n_slots, options.learns}));
    devices.push_back(std::move(made));
  }
  return std::make_unique<GpuBatchEncoder>(tokenizer, options, limits, std::move(devices));
}

}  // namespace tok::cuda
