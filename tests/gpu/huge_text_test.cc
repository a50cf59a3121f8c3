// More than 4 GiB of text at once, and in one batch of the host's memory. Only with TOK_GPU_HUGE: it takes 110 GB of a GPU's memory,
// and 20 of the host's.
#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "cuda/base/device_memory.h"
#include "tests/gpu/gpu_run.h"
#include "tok/cuda/batch_encoder.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {
namespace {

// Documents of about 1 MB, again and again until there are more than 2^32 bytes.
struct HugeText {
  HugeText() {
    const std::string words = "The quick brown fox, 12345 of them; jumps over the lazy dog. 中文字 don't!\n";
    for (int d = 0; d < 5; ++d) {
      std::string document = std::to_string(d);
      while (document.size() < 1'000'000 + 17 * static_cast<size_t>(d)) document += words;
      once += document;
      ends.push_back(static_cast<int64_t>(once.size()));
    }
    for (n_times = 1; n_times * once.size() <= (size_t{1} << 32) + 100'000'000; ++n_times) {
    }
    for (size_t i = 0; i < n_times; ++i) {
      for (const int64_t end : ends) offsets.push_back(static_cast<int64_t>(i * once.size()) + end);
    }
  }
  size_t n_bytes() const { return n_times * once.size(); }

  std::string once;
  std::vector<int64_t> ends, offsets = {0};
  size_t n_times;
};

std::vector<uint32_t> IdsOfOnce(const Tokenizer& tokenizer, const HugeText& text) {
  std::vector<uint32_t> ids;
  int64_t begin = 0;
  for (const int64_t end : text.ends) {
    EXPECT_TRUE(tokenizer
                    .EncodeTo(std::string_view(text.once).substr(static_cast<size_t>(begin),
                                                                 static_cast<size_t>(end - begin)),
                              {}, &ids)
                    .ok());
    begin = end;
  }
  return ids;
}

class HugeTextTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("TOK_GPU_HUGE") == nullptr) GTEST_SKIP() << "TOK_GPU_HUGE is not set";
    if (!HasGpu()) GTEST_SKIP() << "no GPU here";
  }
};

TEST_F(HugeTextTest, OnTheDevice) {
  const HugeText text;
  const auto encoder = DeviceEncoder::Create(GpuTokenizers().back());
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  const auto n_documents = static_cast<int64_t>(text.offsets.size()) - 1;
  const auto n_bytes = static_cast<int64_t>(text.n_bytes()), max_ids = n_bytes / 2;
  auto memory = DeviceMemory::Allocate(text.n_bytes());
  auto ids = DeviceMemory::Allocate(4 * static_cast<size_t>(max_ids));
  auto workspace = DeviceMemory::Allocate(encoder->WorkspaceBytes(n_bytes, n_documents));
  if (!memory.ok() || !ids.ok() || !workspace.ok()) GTEST_SKIP() << "too little memory";
  auto offsets = Upload(std::span<const int64_t>(text.offsets));
  auto id_offsets = DeviceMemory::Allocate(8 * text.offsets.size());
  auto statuses = DeviceMemory::Allocate(text.offsets.size());
  auto report = DeviceMemory::Allocate(sizeof(DeviceReport));
  for (size_t i = 0; i < text.n_times; ++i)
    ASSERT_EQ(cudaMemcpy(memory->get<char>() + i * text.once.size(), text.once.data(), text.once.size(),
                         cudaMemcpyHostToDevice),
              cudaSuccess);
  const DeviceBatch batch = {memory->get<char>(), n_bytes, offsets->get<int64_t>(), n_documents};
  const DeviceIds output = {ids->get(),
                            IdWidth::k32,
                            max_ids,
                            id_offsets->get<int64_t>(),
                            statuses->get<DocumentStatus>(),
                            report->get<DeviceReport>()};
  ASSERT_TRUE(encoder->Encode(batch, output, workspace->get(), nullptr).ok());
  DeviceReport found;
  ASSERT_EQ(cudaMemcpy(&found, report->get(), sizeof(found), cudaMemcpyDeviceToHost), cudaSuccess);
  const std::vector<uint32_t> wanted = IdsOfOnce(encoder->tokenizer(), text);
  EXPECT_EQ(found.n_not_ok, 0);
  ASSERT_EQ(found.n_ids, static_cast<int64_t>(wanted.size() * text.n_times));
  std::vector<uint32_t> some(wanted.size());
  for (size_t i = 0; i < text.n_times; ++i) {
    ASSERT_EQ(cudaMemcpy(some.data(), ids->get<uint32_t>() + i * some.size(), 4 * some.size(),
                         cudaMemcpyDeviceToHost),
              cudaSuccess);
    ASSERT_EQ(some, wanted) << i;
  }
}

TEST_F(HugeTextTest, InOneBatchOfTheHost) {
  const HugeText text;
  std::string all;
  all.reserve(text.n_bytes());
  for (size_t i = 0; i < text.n_times; ++i) all += text.once;
  auto encoder = MakeBatchEncoder(GpuTokenizers().back());
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  const std::vector<uint32_t> wanted = IdsOfOnce((*encoder)->tokenizer(), text);
  size_t n_ids = 0, n_different = 0;
  const absl::Status status = (*encoder)->Encode({all.data(), text.offsets}, {}, [&](const IdChunk& chunk) {
    for (const TokenId id : chunk.ids) n_different += id == wanted[n_ids++ % wanted.size()] ? 0 : 1;
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(n_ids, wanted.size() * text.n_times);
  EXPECT_EQ(n_different, 0u);
}

}  // namespace
}  // namespace tok::cuda
