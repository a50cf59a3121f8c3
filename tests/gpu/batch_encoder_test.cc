// The batch encoder of GPUs cannot be told from the CPU's, however small its slices are and whatever is in the documents.
// Runs on a GPU, and with fake ones (tests/gpu/fake) everywhere.
#include "tok/cuda/batch_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cuda/base/device_memory.h"
#include "tests/gpu/gpu_run.h"
#include "tests/support/chunk_results.h"
#include "tests/support/words.h"

namespace tok::cuda {
namespace {

class GpuBatchEncoderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasGpu()) GTEST_SKIP() << "no GPU here";
  }
};

std::unique_ptr<BatchEncoder> Made(const Tokenizer& tokenizer, const BatchEncoderOptions& options) {
  auto encoder = MakeBatchEncoder(tokenizer, options);
  EXPECT_TRUE(encoder.ok()) << encoder.status();
  return encoder.ok() ? std::move(*encoder) : nullptr;
}

BatchEncoderOptions Small(int64_t slice_bytes = 4096, unsigned n_slots = 3, std::vector<int> devices = {}) {
  return {.devices = std::move(devices), .slice_bytes = slice_bytes, .n_slots = n_slots, .min_gpu_bytes = 0};
}

std::vector<std::string> RandomDocuments(std::mt19937* random, size_t n_documents, size_t max_bytes = 700) {
  std::vector<std::string> documents(n_documents);
  for (std::string& document : documents) {
    if ((*random)() % 5 != 0) document = Words(random, (*random)() % max_bytes);
  }
  return documents;
}

// Among them documents that fail, or that are the host's.
std::vector<std::string> MixedDocuments(std::mt19937* random, const Tokenizer& tokenizer,
                                        size_t n_documents) {
  std::vector<std::string> documents = RandomDocuments(random, n_documents);
  const auto& added = tokenizer.spec().added_tokens;
  for (std::string& document : documents) {
    switch ((*random)() % 12) {
      case 0: document += "\xFF and more"; break;
      case 1: document.insert(0, "\xC3"); break;
      case 2:
        if (!added.empty()) document += added[(*random)() % added.size()].content + " behind";
        break;
      default: break;
    }
  }
  return documents;
}

// A document that failed after it was continued may have had some ids.
void ExpectSameAsCpu(BatchEncoder* encoder, const DocumentBatch& batch, const BatchOptions& options = {}) {
  const ChunkResults found = EncodeAll(encoder, batch, options);
  const ChunkResults wanted = EncodeAll(BatchEncoder::OnCpu(encoder->tokenizer(), 2).get(), batch, options);
  ASSERT_EQ(found.ids.size(), wanted.ids.size());
  for (size_t d = 0; d < wanted.ids.size(); ++d) {
    ASSERT_EQ(found.statuses[d], wanted.statuses[d]) << d;
    ASSERT_TRUE(!wanted.statuses[d].ok() || found.ids[d] == wanted.ids[d])
        << d << ": '" << batch.Document(d).substr(0, 200) << "'";
  }
}

TEST_F(GpuBatchEncoderTest, RandomDocumentsInSmallSlices) {
  std::mt19937 random(1);
  for (const Tokenizer& tokenizer : GpuTokenizers()) {
    for (const int64_t slice_bytes : {1000, 4096, 1 << 20}) {
      const auto encoder = Made(tokenizer, Small(slice_bytes));
      ASSERT_NE(encoder, nullptr);
      EXPECT_EQ(encoder->tokenizer().name(), tokenizer.name());
      for (const char* around : {"", "x", "not a document"}) {
        const SideBySide all = Join(RandomDocuments(&random, 1 + random() % 500), around);
        ExpectSameAsCpu(encoder.get(), all.batch());
      }
    }
  }
}

TEST_F(GpuBatchEncoderTest, SlotsAndDevices) {
  std::mt19937 random(2);
  const SideBySide all = Join(MixedDocuments(&random, GpuTokenizers()[0], 800), "xyz");
  for (const unsigned n_slots : {1u, 2u, 3u, 5u}) {
    for (const std::vector<int>& devices : {std::vector<int>{}, {0}, {0, 0}, {0, 0, 0}}) {
      const auto encoder = Made(GpuTokenizers()[0], Small(2000, n_slots, devices));
      ASSERT_NE(encoder, nullptr);
      for (int call = 0; call < 3; ++call) ExpectSameAsCpu(encoder.get(), all.batch());
    }
  }
}

TEST_F(GpuBatchEncoderTest, EveryPolicy) {
  std::mt19937 random(3);
  for (const Tokenizer& tokenizer : GpuTokenizers()) {
    const auto encoder = Made(tokenizer, Small());
    ASSERT_NE(encoder, nullptr);
    std::vector<SpecialPolicy> policies = {SpecialPolicy::Error(), SpecialPolicy::Text(),
                                           SpecialPolicy::All(), SpecialPolicy::Listed({})};
    for (const AddedToken& token : tokenizer.spec().added_tokens)
      policies.push_back(SpecialPolicy::Listed({token.id}));
    policies.push_back(SpecialPolicy::Error());
    for (const SpecialPolicy& policy : policies) {
      for (const Utf8Policy utf8 : {Utf8Policy::kError, Utf8Policy::kReplace, Utf8Policy::kBytes}) {
        const SideBySide all = Join(MixedDocuments(&random, tokenizer, 200));
        ExpectSameAsCpu(encoder.get(), all.batch(), With(policy, utf8));
      }
    }
    BatchOptions with_template;
    with_template.add_template = true;
    ExpectSameAsCpu(encoder.get(), Join(RandomDocuments(&random, 50)).batch(), with_template);
  }
}

TEST_F(GpuBatchEncoderTest, NarrowIds) {
  std::mt19937 random(4);
  BatchOptions narrow;
  narrow.narrow_ids = true;
  for (const Tokenizer& tokenizer : GpuTokenizers()) {
    const SideBySide all = Join(MixedDocuments(&random, tokenizer, 500));
    const auto encoder = Made(tokenizer, Small());
    ASSERT_NE(encoder, nullptr);
    if (tokenizer.vocabulary().size() <= 0x10000) {
      ExpectSameAsCpu(encoder.get(), all.batch(), narrow);
    } else {
      const absl::Status status =
          encoder->Encode(all.batch(), narrow, [](const IdChunk&) { return absl::OkStatus(); });
      EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << status;
    }
  }
}

TEST_F(GpuBatchEncoderTest, PinnedText) {
  std::mt19937 random(5);
  const auto encoder = Made(GpuTokenizers()[0], Small());
  ASSERT_NE(encoder, nullptr);
  const SideBySide all = Join(RandomDocuments(&random, 2000), "xyz");
  auto pinned = PinnedMemory::Allocate(all.text.size());
  ASSERT_TRUE(pinned.ok()) << pinned.status();
  std::memcpy(pinned->get(), all.text.data(), all.text.size());
  ExpectSameAsCpu(encoder.get(), {pinned->get<char>(), all.offsets});
  // One document.
  const std::vector<int64_t> one = {0, static_cast<int64_t>(all.text.size())};
  ExpectSameAsCpu(encoder.get(), {pinned->get<char>(), one});
  ExpectSameAsCpu(encoder.get(), {all.text.data(), one});
}

TEST_F(GpuBatchEncoderTest, DocumentsLongerThanASlice) {
  std::mt19937 random(6);
  for (const Tokenizer& tokenizer : GpuTokenizers()) {
    const std::string text = Words(&random, 50'000);
    std::vector<std::string> documents = {"a", text, "b",          text, text + "<|endoftext|>",
                                          "c", "",   text + "\xFF"};
    const size_t middle = text.find(' ', text.size() / 2);
    documents[3].insert(middle, "<|endoftext|>");
    documents.emplace_back(20'000, 'x');                  // with nowhere to cut
    documents.push_back(text + documents.back() + text);  // with a part that is too long
    documents.push_back(text + documents[8] + "<|endoftext|>" + text);
    documents.push_back("\xFF" + text);
    documents.emplace_back("d");
    const auto encoder = Made(tokenizer, Small());
    ASSERT_NE(encoder, nullptr);
    const SideBySide all = Join(documents, "q");
    for (const SpecialPolicy& policy :
         {SpecialPolicy::Error(), SpecialPolicy::Text(), SpecialPolicy::All()}) {
      for (const Utf8Policy utf8 : {Utf8Policy::kError, Utf8Policy::kReplace, Utf8Policy::kBytes})
        ExpectSameAsCpu(encoder.get(), all.batch(), With(policy, utf8));
    }
  }
}

TEST_F(GpuBatchEncoderTest, NothingAndLittle) {
  const auto encoder = Made(GpuTokenizers()[0], Small());
  const auto choosing = Made(GpuTokenizers()[0], {});
  ASSERT_TRUE(encoder != nullptr && choosing != nullptr);
  for (BatchEncoder* const one : {encoder.get(), choosing.get()}) {
    EXPECT_EQ(EncodeAll(one, {}).n_chunks, 0u);
    EXPECT_EQ(EncodeAll(one, Join({}).batch()).n_chunks, 0u);
    const std::vector<int64_t> of_empty = {0, 0, 0};
    EXPECT_EQ(EncodeAll(one, {nullptr, of_empty}).n_chunks, 1u);
    for (const std::vector<std::string>& documents :
         {std::vector<std::string>{""}, {"", "a", ""}, {"hello"}, std::vector<std::string>(10'000), {"\xFF"}})
      ExpectSameAsCpu(one, Join(documents, "x").batch());
  }
  std::vector<std::string> mostly_empty(20'000);
  mostly_empty[7'000] = mostly_empty[19'999] = "a b";
  ExpectSameAsCpu(encoder.get(), Join(mostly_empty).batch());
}

TEST_F(GpuBatchEncoderTest, ABatchOfFullSlices) {
  std::mt19937 random(7);
  const auto encoder = Made(GpuTokenizers()[0], {.min_gpu_bytes = 0});
  ASSERT_NE(encoder, nullptr);
  std::vector<std::string> documents = RandomDocuments(&random, 2000, 20'000);
  documents.resize(8000);
  for (size_t d = 2000; d < documents.size(); ++d) documents[d] = documents[d % 2000];
  documents[5000] += "\xFF";
  ExpectSameAsCpu(encoder.get(), Join(documents).batch());
}

TEST_F(GpuBatchEncoderTest, TheSinksErrorEndsTheCall) {
  std::mt19937 random(8);
  const auto encoder = Made(GpuTokenizers()[0], Small());
  ASSERT_NE(encoder, nullptr);
  const SideBySide all = Join(RandomDocuments(&random, 500));
  for (const size_t n_good : {0u, 1u, 5u, 20u}) {
    size_t n_chunks = 0;
    const absl::Status status = encoder->Encode(all.batch(), {}, [&](const IdChunk&) {
      return n_chunks++ < n_good ? absl::OkStatus() : absl::DataLossError("full");
    });
    EXPECT_EQ(status, absl::DataLossError("full"));
    EXPECT_EQ(n_chunks, n_good + 1);
  }
  EXPECT_THROW(
      encoder->Encode(all.batch(), {}, [](const IdChunk&) -> absl::Status { throw std::bad_alloc(); })
          .IgnoreError(),
      std::bad_alloc);
  ExpectSameAsCpu(encoder.get(), all.batch());
}

TEST_F(GpuBatchEncoderTest, GoesOnSaysStop) {
  std::mt19937 random(9);
  const auto encoder = Made(GpuTokenizers()[0], Small());
  ASSERT_NE(encoder, nullptr);
  std::vector<std::string> documents = RandomDocuments(&random, 500);
  documents[300] = std::string(20'000, 'x');  // which the CPU's encoder does, and asks too
  const SideBySide all = Join(documents);
  for (const int n_good : {0, 1, 5, 20}) {
    BatchOptions options;
    int n_asked = 0;
    options.goes_on = [&] { return ++n_asked <= n_good; };
    ChunkResults results;
    const absl::Status status = encoder->Encode(all.batch(), options, [&](const IdChunk& chunk) {
      results.Take(chunk);
      return absl::OkStatus();
    });
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInterrupted) << status;
    EXPECT_LT(results.ids.size(), documents.size());
    EXPECT_EQ(n_asked, n_good + 1);
  }
}

TEST_F(GpuBatchEncoderTest, CallsSideBySide) {
  std::mt19937 random(10);
  const auto encoder = Made(GpuTokenizers()[0], Small(4096, 2, {0, 0}));
  ASSERT_NE(encoder, nullptr);
  const SideBySide all = Join(MixedDocuments(&random, GpuTokenizers()[0], 1000));
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int call = 0; call < 3; ++call)
        ExpectSameAsCpu(encoder.get(), all.batch(),
                        With(t % 2 == 0 ? SpecialPolicy::All() : SpecialPolicy::Text()));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(GpuBatchEncoderTest, WhatIsRefusedIsRefusedAtOnce) {
  const Tokenizer& tokenizer = GpuTokenizers()[0];
  for (const BatchEncoderOptions& options : {BatchEncoderOptions{.slice_bytes = 0},
                                             {.slice_bytes = int64_t{1} << 50},
                                             {.n_slots = 0},
                                             {.n_slots = 1000}})
    EXPECT_EQ(ErrorCodeOf(MakeBatchEncoder(tokenizer, options).status()), ErrorCode::kUsage);
  for (const int number : {-1, 1000}) {
    const absl::Status status = MakeBatchEncoder(tokenizer, {.devices = {0, number}}).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUnsupportedFeature);
    EXPECT_THAT(std::string(status.message()),
                testing::ContainsRegex("GPU " + std::to_string(number) + ": there (are|is) [a-z0-9]+ GPU"));
  }
  const auto encoder = Made(tokenizer, Small());
  ASSERT_NE(encoder, nullptr);
  const IdChunkSink never = [](const IdChunk&) -> absl::Status { std::abort(); };
  const std::vector<int64_t> decreasing = {0, 3, 2, 6};
  EXPECT_EQ(ErrorCodeOf(encoder->Encode({"abcdef", decreasing}, {}, never)), ErrorCode::kUsage);
}

TEST(GpuBatchEncoderWithoutGpuTest, IsRefused) {
  if (HasGpu()) GTEST_SKIP() << "a GPU is here";
  EXPECT_EQ(ErrorCodeOf(MakeBatchEncoder(GpuTokenizers()[0]).status()), ErrorCode::kUnsupportedFeature);
}

}  // namespace
}  // namespace tok::cuda
