// Encodes on a GPU; where there is none, the library has to say so.
#include <iostream>
#include <vector>

#include "tok/cuda/batch_encoder.h"
#include "tok/cuda/device_encoder.h"

int main() {
  const auto tokenizer = tok::Tokenizer::Load("o200k_base");
  if (!tokenizer.ok()) return 1;
  const auto encoder = tok::cuda::MakeBatchEncoder(*tokenizer, {.min_gpu_bytes = 0});
  const auto on_device = tok::cuda::DeviceEncoder::Create(*tokenizer);
  if (encoder.ok() != on_device.ok()) return 1;
  if (!encoder.ok()) {
    std::cout << encoder.status().message() << "\n";
    return tok::ErrorCodeOf(encoder.status()) == tok::ErrorCode::kUnsupportedFeature ? 0 : 1;
  }
  const std::vector<int64_t> offsets = {0, 13};
  const absl::Status status =
      (*encoder)->Encode({"Hello, world!", offsets}, {}, [](const tok::IdChunk& chunk) {
        for (const tok::TokenId id : chunk.ids) std::cout << id << " ";
        return absl::OkStatus();
      });
  std::cout << "\n";
  return status.ok() ? 0 : 1;
}
