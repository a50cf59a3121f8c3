// tok::cuda::DeviceEncoder on the host, by its contract. Text with the word "unencodable" is what it leaves to the CPU.
#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/fake_gpu/fake_cuda.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {

struct DeviceEncoder::Tables {
  Tokenizer tokenizer;
};
struct DeviceEncoder::Policy {
  SpecialPolicy special;
};

namespace {

constexpr size_t kWorkspaceBytesPerByte = 18;

DocumentStatus StatusOf(const absl::Status& status) {
  if (status.ok()) return DocumentStatus::kOk;
  return ErrorCodeOf(status) == ErrorCode::kInvalidUtf8 ? DocumentStatus::kInvalidUtf8
                                                        : DocumentStatus::kSpecialToken;
}

template <typename Id>
void Write(std::span<const TokenId> ids, const DeviceIds& output) {
  std::ranges::copy(ids.first(std::min(ids.size(), static_cast<size_t>(output.max_ids))),
                    static_cast<Id*>(output.ids));
}

void EncodeAll(const Tokenizer& tokenizer, const SpecialPolicy& special, const DeviceBatch& batch,
               const DeviceIds& output) {
  *output.report = {};
  const std::span offsets(batch.offsets, static_cast<size_t>(batch.n_documents) + 1);
  if (!std::ranges::is_sorted(offsets) || offsets.front() < 0 || offsets.back() > batch.max_text_bytes) {
    output.report->has_bad_offsets = 1;
    std::ranges::fill(std::span(output.offsets, offsets.size()), 0);
    return;
  }
  std::vector<TokenId> ids;
  output.offsets[0] = 0;
  for (int64_t d = 0; d < batch.n_documents; ++d) {
    const std::string_view text(batch.text + batch.offsets[d],
                                static_cast<size_t>(batch.offsets[d + 1] - batch.offsets[d]));
    const auto encoded = tokenizer.Encode(text, {.special = special});
    DocumentStatus status = StatusOf(encoded.status());
    if (text.find("unencodable") != std::string_view::npos) status = DocumentStatus::kNeedsHost;
    if (status == DocumentStatus::kOk) ids.insert(ids.end(), encoded->begin(), encoded->end());
    output.statuses[d] = status;
    output.report->n_not_ok += status != DocumentStatus::kOk;
    output.offsets[d + 1] = static_cast<int64_t>(ids.size());
  }
  output.report->n_ids = static_cast<int64_t>(ids.size());
  if (output.width == IdWidth::k16) Write<uint16_t>(ids, output);
  if (output.width == IdWidth::k32) Write<uint32_t>(ids, output);
}

}  // namespace

absl::StatusOr<DeviceEncoder> DeviceEncoder::Create(const Tokenizer& tokenizer,
                                                    const SpecialPolicy& special) {
  return DeviceEncoder(std::make_shared<Tables>(tokenizer), std::make_shared<Policy>(special));
}

size_t DeviceEncoder::WorkspaceBytes(int64_t max_text_bytes, int64_t) const {
  return kWorkspaceBytesPerByte * static_cast<size_t>(max_text_bytes);
}

absl::Status DeviceEncoder::Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                                   Stream stream) const {
  const size_t n_bytes = WorkspaceBytes(batch.max_text_bytes, batch.n_documents);
  Enqueue(stream, [tables = tables_, policy = policy_, batch, output, workspace, n_bytes] {
    std::ranges::fill(std::span(static_cast<char*>(workspace), n_bytes), 'w');
    EncodeAll(tables->tokenizer, policy->special, batch, output);
  });
  return absl::OkStatus();
}

absl::Status DeviceEncoder::Learn(const DeviceBatch&, void*, Stream) const { return absl::OkStatus(); }

int DeviceEncoder::device() const { return 0; }

}  // namespace tok::cuda
