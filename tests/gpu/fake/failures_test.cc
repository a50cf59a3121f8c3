// Whatever call of CUDA fails, the batch encoder says so, leaves nothing behind, and waits for nothing that does not come.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/gpu/fake/fake_cuda.h"
#include "tests/gpu/gpu_run.h"
#include "tests/support/chunk_results.h"
#include "tok/cuda/batch_encoder.h"

namespace tok::cuda {
namespace {

absl::Status MakeAndEncode(const SideBySide& all, ChunkResults* results) {
  auto encoder = MakeBatchEncoder(GpuTokenizers()[0],
                                  {.devices = {0, 1}, .slice_bytes = 2000, .n_slots = 2, .min_gpu_bytes = 0});
  if (!encoder.ok()) return encoder.status();
  return (*encoder)->Encode(all.batch(), {}, [&](const IdChunk& chunk) {
    results->Take(chunk);
    return absl::OkStatus();
  });
}

class FakeFailuresTest : public testing::TestWithParam<bool> {};

TEST_P(FakeFailuresTest, EveryCall) {
  std::vector<std::string> documents(40, std::string(200, 'a') + " y'all'd've");
  documents[20] = std::string(10'000, '-');
  for (size_t d = 25; d < 30; ++d) documents[d] = "the ships arrive";
  const SideBySide all = Join(documents);
  ChunkResults whole;
  const int64_t n_before = FakeCuda::CallsSoFar();
  ASSERT_TRUE(MakeAndEncode(all, &whole).ok());
  const int64_t n_calls = FakeCuda::CallsSoFar() - n_before;
  EXPECT_GT(n_calls, 100);
  EXPECT_EQ(FakeCuda::Things(), 0);
  int64_t n_failed = 0;
  for (int64_t call = 0; call < n_calls; ++call) {
    ChunkResults results;
    FakeCuda::FailCall(call, /*for_ever=*/GetParam());
    const absl::Status status = MakeAndEncode(all, &results);
    FakeCuda::FailCall(-1);
    n_failed += !status.ok();
    ASSERT_TRUE(status.ok() || ErrorCodeOf(status) == ErrorCode::kInternal) << status;
    ASSERT_EQ(FakeCuda::Things(), 0) << call;
    // Chunks before an error are good. The last document may have been to go on.
    ASSERT_TRUE(!status.ok() || results.ids.size() == documents.size());
    for (size_t d = 0; d + 1 < results.ids.size(); ++d) ASSERT_TRUE(results.ids[d] == whole.ids[d]) << d;
  }
  // What fails while nothing hangs on it any more is not told.
  EXPECT_GT(n_failed, n_calls * 3 / 4);
}

INSTANTIATE_TEST_SUITE_P(OnceAndForEver, FakeFailuresTest, testing::Bool());

}  // namespace
}  // namespace tok::cuda
