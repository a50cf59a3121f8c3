// DeviceEncoder on fake streams: the tokenizer's ids, and none for some documents that it could encode.
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <shared_mutex>
#include <string_view>
#include <thread>

#include "cuda/base/cuda_status.h"
#include "cuda/base/device_memory.h"
#include "tests/gpu/fake/fake_cuda.h"
#include "tests/gpu/gpu_run.h"
#include "tests/support/bundled_tokenizer.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {
namespace {

// What it leaves in the workspace: learning must find it, and the same text.
struct Left {
  const char* text;
  int64_t n_bytes;
  size_t hash;
};

std::string_view TextOf(const DeviceBatch& batch) {
  return {batch.text + batch.offsets[0],
          static_cast<size_t>(batch.offsets[batch.n_documents] - batch.offsets[0])};
}

DocumentStatus Append(const Tokenizer& tokenizer, std::string_view document, const SpecialPolicy& special,
                      std::vector<TokenId>* ids) {
  if (document.find("y'all'd've") != std::string_view::npos) return DocumentStatus::kNeedsHost;
  const size_t n_before = ids->size();
  const absl::Status status = tokenizer.EncodeTo(document, {.special = special}, ids);
  if (status.ok()) return DocumentStatus::kOk;
  ids->resize(n_before);
  return ErrorCodeOf(status) == ErrorCode::kInvalidUtf8 ? DocumentStatus::kInvalidUtf8
                                                        : DocumentStatus::kSpecialToken;
}

void EncodeNow(const Tokenizer& tokenizer, const SpecialPolicy& special, const DeviceBatch& batch,
               const DeviceIds& output, void* workspace) {
  std::vector<TokenId> ids;
  DeviceReport report = {};
  output.offsets[0] = 0;
  for (int64_t d = 0; d < batch.n_documents; ++d) {
    const std::string_view document(batch.text + batch.offsets[d],
                                    static_cast<size_t>(batch.offsets[d + 1] - batch.offsets[d]));
    output.statuses[d] = Append(tokenizer, document, special, &ids);
    report.n_not_ok += output.statuses[d] != DocumentStatus::kOk;
    output.offsets[d + 1] = static_cast<int64_t>(ids.size());
  }
  for (size_t i = 0; i < ids.size(); ++i) {
    if (output.width == IdWidth::k16) {
      static_cast<uint16_t*>(output.ids)[i] = static_cast<uint16_t>(ids[i]);
    } else {
      static_cast<uint32_t*>(output.ids)[i] = ids[i];
    }
  }
  report.n_ids = static_cast<int64_t>(ids.size());
  *output.report = report;
  const std::string_view text = TextOf(batch);
  const Left left = {batch.text, static_cast<int64_t>(text.size()), std::hash<std::string_view>()(text)};
  std::memcpy(workspace, &left, sizeof(left));
  // Some slices take longer than the next one.
  if (left.hash % 8 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

struct DeviceEncoder::Tables {
  Tables(const Tokenizer& of, DeviceMemory on_device) : tokenizer(of), memory(std::move(on_device)) {}

  Tokenizer tokenizer;
  DeviceMemory memory;
  mutable std::shared_mutex in_use;  // by lookups, or by learning alone
};
struct DeviceEncoder::Policy {
  SpecialPolicy special;
  DeviceMemory memory;
};

absl::StatusOr<DeviceEncoder> DeviceEncoder::Create(const Tokenizer& tokenizer,
                                                    const SpecialPolicy& special) {
  absl::StatusOr<DeviceMemory> memory = DeviceMemory::Allocate(1);
  if (!memory.ok()) return memory.status();
  return DeviceEncoder(std::make_shared<Tables>(tokenizer, std::move(*memory)), nullptr).WithSpecial(special);
}

absl::StatusOr<DeviceEncoder> DeviceEncoder::WithSpecial(const SpecialPolicy& special) const {
  absl::StatusOr<DeviceMemory> memory = DeviceMemory::Allocate(sizeof(int));
  if (!memory.ok()) return memory.status();
  std::memset(memory->get(), 7, memory->size());
  return DeviceEncoder(tables_, std::make_shared<Policy>(Policy{special, std::move(*memory)}));
}

size_t DeviceEncoder::WorkspaceBytes(int64_t, int64_t) const { return sizeof(Left); }

absl::Status DeviceEncoder::Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                                   Stream stream) const {
  // Of the policy only what is on the device is to outlive the call, until the work is done.
  const auto encode = [tables = tables_.get(), special = policy_->special,
                       on_device = policy_->memory.get<int>(), batch, output, workspace] {
    const std::shared_lock<std::shared_mutex> lock(tables->in_use, std::try_to_lock);
    EXPECT_TRUE(lock.owns_lock()) << "looked up while the tables learn";
    EncodeNow(tables->tokenizer, special, batch, output, workspace);
    EXPECT_EQ(*on_device, 0x07070707) << "a policy was let go too early";
  };
  return CudaStatus(LaunchOnFakeStream(stream, encode), "a fake");
}

absl::Status DeviceEncoder::Learn(const DeviceBatch& batch, void* workspace, Stream stream) const {
  const auto learn = [tables = tables_.get(), batch, workspace] {
    const std::unique_lock<std::shared_mutex> lock(tables->in_use, std::try_to_lock);
    EXPECT_TRUE(lock.owns_lock()) << "learned while the tables are in use";
    Left left;
    std::memcpy(&left, workspace, sizeof(left));
    EXPECT_EQ(left.text, batch.text);
    EXPECT_EQ(std::hash<std::string_view>()(TextOf(batch)), left.hash) << "the text has changed too early";
  };
  return CudaStatus(LaunchOnFakeStream(stream, learn), "a fake");
}

const Tokenizer& DeviceEncoder::tokenizer() const { return tables_->tokenizer; }
int DeviceEncoder::device() const { return 0; }

bool HasGpu() { return true; }
const std::vector<Tokenizer>& GpuTokenizers() {
  static const std::vector<Tokenizer> tokenizers = {BundledTokenizer("gpt2"), BundledTokenizer("o200k_base")};
  return tokenizers;
}

}  // namespace tok::cuda
