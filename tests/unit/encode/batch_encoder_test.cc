// Chunks of a batch put together are what Tokenizer::Encode says of each document, however the batch and the chunks are cut.
#include "tok/batch_encoder.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "src/encode/batch_support.h"
#include "src/encode/cpu_batch_encoder.h"
#include "tests/support/bundled_tokenizer.h"
#include "tests/support/chunk_results.h"
#include "tests/support/words.h"
#include "tests/unit/encode/small_tokenizers.h"

namespace tok {
namespace {

const Tokenizer& Gpt2() { return BundledTokenizer("gpt2"); }

constexpr CpuBatchSizes kSizes[] = {{}, {1, 1}, {100, 3}, {5000, 100'000}, {100'000, 1000}};

// A document that failed after it was continued may have had some ids.
void ExpectEachDocument(const Tokenizer& tokenizer, const std::vector<std::string>& documents,
                        const BatchOptions& options = {}) {
  const SideBySide all = Join(documents, "not a document");
  for (const CpuBatchSizes& sizes : kSizes) {
    for (const unsigned n_threads : {1u, 3u}) {
      const auto encoder = MakeCpuBatchEncoder(tokenizer, n_threads, sizes);
      const ChunkResults results = EncodeAll(encoder.get(), all.batch(), options);
      ASSERT_EQ(results.ids.size(), documents.size());
      EXPECT_LE(results.max_ids, sizes.n_chunk_ids);
      for (size_t d = 0; d < documents.size(); ++d) {
        const absl::StatusOr<std::vector<TokenId>> ids = tokenizer.Encode(documents[d], options);
        ASSERT_EQ(results.statuses[d], ids.status()) << d;
        ASSERT_TRUE(!ids.ok() || results.ids[d] == *ids) << d;
      }
    }
  }
}

TEST(BatchEncoderTest, NothingAndEmptyDocuments) {
  const auto encoder = BatchEncoder::OnCpu(Gpt2());
  EXPECT_EQ(EncodeAll(encoder.get(), {}).n_chunks, 0u);
  EXPECT_EQ(EncodeAll(encoder.get(), Join({}).batch()).n_chunks, 0u);
  const std::vector<int64_t> of_empty = {0, 0, 0};
  EXPECT_EQ(EncodeAll(encoder.get(), {nullptr, of_empty}).n_chunks, 1u);
  ExpectEachDocument(Gpt2(), {""});
  ExpectEachDocument(Gpt2(), {"", "", ""});
  ExpectEachDocument(Gpt2(), {"", "a", "", "", "b c", ""});
  EXPECT_EQ(encoder->tokenizer().name(), Gpt2().name());
}

TEST(BatchEncoderTest, MixedDocuments) {
  std::mt19937 random(1);
  std::vector<std::string> documents = {MultiscriptText()};
  for (int i = 0; i < 500; ++i) documents.push_back(Words(&random, random() % 300));
  documents.push_back(Words(&random, 20'000));
  documents.emplace_back();
  ExpectEachDocument(Gpt2(), documents);
  BatchOptions options;
  options.narrow_ids = true;
  ExpectEachDocument(Gpt2(), documents, options);
}

TEST(BatchEncoderTest, EveryKindOfTokenizer) {
  const std::string text = MultiscriptText();
  std::vector<std::string> documents = {"", text, "a"};
  for (size_t at = 0; at < text.size(); at += 500) {
    documents.push_back(text.substr(at, 700));  // some begin or end inside a character
  }
  for (const TokenizerSpec& spec : SmallSpecs()) {
    SCOPED_TRACE(spec.name);
    const Tokenizer tokenizer = *Tokenizer::Create(spec);
    ExpectEachDocument(tokenizer, documents, With(SpecialPolicy::All(), Utf8Policy::kReplace));
  }
}

TEST(BatchEncoderTest, FailingDocuments) {
  std::mt19937 random(2);
  std::vector<std::string> good;
  for (int i = 0; i < 40; ++i) good.push_back(Words(&random, random() % 200));
  for (const std::vector<size_t>& failing : {std::vector<size_t>{0}, {39}, {20}, {0, 1, 2, 20, 21, 38, 39}}) {
    std::vector<std::string> documents = good;
    for (const size_t d : failing) documents[d] += d % 2 == 0 ? "a\xFF" : "a<|endoftext|>b";
    ExpectEachDocument(Gpt2(), documents);
  }
  ExpectEachDocument(Gpt2(), std::vector<std::string>(100, "the ships\xFF arrive"));
}

// Time that grows with the square of their number would show.
TEST(BatchEncoderTest, ManyFailingDocuments) {
  constexpr size_t kDocuments = 200'000;
  const SideBySide all = Join(std::vector<std::string>(kDocuments, "a <|endoftext|>"));
  const auto encoder = BatchEncoder::OnCpu(Gpt2(), 2);
  const ChunkResults results = EncodeAll(encoder.get(), all.batch());
  for (const absl::Status& status : results.statuses)
    ASSERT_EQ(ErrorCodeOf(status), ErrorCode::kSpecialInText);
}

// Among them documents whose jobs fail, in the middle and while tokens are looked for.
TEST(BatchEncoderTest, LongDocuments) {
  std::mt19937 random(3);
  const std::string text = Words(&random, 5 << 19);
  std::vector<std::string> documents = {"a", text, "b", text, "c", "", text + "<|endoftext|>"};
  const size_t middle = text.find(' ', text.size() / 2);
  documents[3].insert(middle, "<|endoftext|>");
  documents[3].insert(text.size(), "<|endoftext|>");
  documents.push_back(std::string(2 << 20, 'x'));  // with nowhere to cut
  documents.push_back("\xFF" + text);
  const SideBySide all = Join(documents);
  const Tokenizer gemma = [] {
    for (const TokenizerSpec& spec : SmallSpecs()) {
      if (spec.name == "gemma") return *Tokenizer::Create(spec);
    }
    return Gpt2();
  }();
  for (const Tokenizer& tokenizer : {Gpt2(), gemma}) {
    for (const BatchOptions& options :
         {With(SpecialPolicy::Error()), With(SpecialPolicy::All(), Utf8Policy::kReplace)}) {
      std::vector<absl::StatusOr<std::vector<TokenId>>> expected;
      for (const std::string& document : documents) expected.push_back(tokenizer.Encode(document, options));
      for (const CpuBatchSizes& sizes : {CpuBatchSizes{}, CpuBatchSizes{1000, 100'000}}) {
        const auto encoder = MakeCpuBatchEncoder(tokenizer, 3, sizes);
        const ChunkResults results = EncodeAll(encoder.get(), all.batch(), options);
        EXPECT_LE(results.max_ids, sizes.n_chunk_ids);
        for (size_t d = 0; d < documents.size(); ++d) {
          ASSERT_EQ(results.statuses[d], expected[d].status()) << d;
          ASSERT_TRUE(!expected[d].ok() || results.ids[d] == *expected[d]) << d;
        }
      }
    }
  }
}

TEST(BatchEncoderTest, Utf8Policies) {
  const std::vector<std::string> documents = {"a",      "\xFF", "h\xC3\xA9llo \xE6\xBC",
                                              "\x80 b", "c",    "\xF0\x9F"};
  for (const Utf8Policy policy : {Utf8Policy::kError, Utf8Policy::kReplace, Utf8Policy::kBytes})
    ExpectEachDocument(Gpt2(), documents, With(SpecialPolicy::Error(), policy));
}

TEST(BatchEncoderTest, SpecialPolicies) {
  const std::vector<std::string> documents = {"a<|endoftext|>", "<|endoftext|>", "b",
                                              "<|endoftext|><|endoftext|> c"};
  const TokenId end_of_text = Gpt2().FindToken("<|endoftext|>");
  for (const SpecialPolicy& policy : {SpecialPolicy::Error(), SpecialPolicy::Text(), SpecialPolicy::All(),
                                      SpecialPolicy::Listed({end_of_text}), SpecialPolicy::Listed({})}) {
    ExpectEachDocument(Gpt2(), documents, With(policy));
  }
}

TEST(BatchEncoderTest, TheSinksErrorEndsTheCall) {
  std::mt19937 random(4);
  const SideBySide all = Join(std::vector<std::string>(50, Words(&random, 300)));
  for (const CpuBatchSizes& sizes : {CpuBatchSizes{1000, 20}, CpuBatchSizes{100, 20}}) {
    const auto encoder = MakeCpuBatchEncoder(Gpt2(), 2, sizes);
    for (const size_t n_good : {0u, 1u, 5u}) {
      size_t n_chunks = 0;
      const absl::Status status = encoder->Encode(all.batch(), {}, [&](const IdChunk&) {
        return n_chunks++ < n_good ? absl::OkStatus() : absl::DataLossError("full");
      });
      EXPECT_EQ(status, absl::DataLossError("full"));
      EXPECT_EQ(n_chunks, n_good + 1);
    }
  }
}

TEST(BatchEncoderTest, GoesOnSaysStop) {
  std::mt19937 random(5);
  const SideBySide all = Join(std::vector<std::string>(50, Words(&random, 300)));
  for (const CpuBatchSizes& sizes : {CpuBatchSizes{}, CpuBatchSizes{1000, 20}, CpuBatchSizes{100, 20}}) {
    const auto encoder = MakeCpuBatchEncoder(Gpt2(), 2, sizes);
    BatchOptions options;
    int n_asked = 0;
    const int n_good = sizes.n_window_bytes > 1000 ? 0 : 3;
    options.goes_on = [&] { return ++n_asked <= n_good; };
    ChunkResults results;
    const absl::Status status = encoder->Encode(all.batch(), options, [&](const IdChunk& chunk) {
      results.Take(chunk);
      return absl::OkStatus();
    });
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInterrupted) << status;
    EXPECT_LT(results.ids.size(), 50u);
    EXPECT_EQ(n_asked, n_good + 1);
  }
}

TEST(BatchEncoderTest, WhatIsRefusedIsRefusedAtOnce) {
  const auto encoder = BatchEncoder::OnCpu(Gpt2());
  const IdChunkSink never = [](const IdChunk&) -> absl::Status { std::abort(); };
  const auto error_of = [&](const std::vector<int64_t>& offsets, const char* text = "abcdef") {
    const absl::Status status = encoder->Encode({text, offsets}, {}, never);
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << status;
    return std::string(status.message());
  };
  EXPECT_NE(error_of({0, 3, 2, 6}).find("offset 2"), std::string::npos);
  EXPECT_NE(error_of({-1, 3}).find("offset 0"), std::string::npos);
  EXPECT_NE(error_of({0, -3}).find("offset 1"), std::string::npos);
  EXPECT_NE(error_of({0, 3}, nullptr).find("text"), std::string::npos);

  const Tokenizer& large = BundledTokenizer("cl100k_base");
  BatchOptions options;
  options.narrow_ids = true;
  const absl::Status narrow = BatchEncoder::OnCpu(large)->Encode({}, options, never);
  EXPECT_EQ(ErrorCodeOf(narrow), ErrorCode::kUsage) << narrow;
  for (const TokenizerSpec& spec : SmallSpecs()) {
    if (spec.name != "llama2") continue;
    const Tokenizer tokenizer = *Tokenizer::Create(spec);
    options = With(SpecialPolicy::All(), Utf8Policy::kBytes);
    const absl::Status bytes = BatchEncoder::OnCpu(tokenizer)->Encode(Join({"a"}).batch(), options, never);
    EXPECT_EQ(ErrorCodeOf(bytes), ErrorCode::kUsage) << bytes;
  }
}

TEST(BatchEncoderTest, OneEncoderForManyThreads) {
  std::mt19937 random(6);
  std::vector<std::string> documents;
  for (int i = 0; i < 300; ++i) documents.push_back(Words(&random, random() % 3000));
  documents[100] += "\xFF";
  const SideBySide all = Join(documents);
  const auto encoder = MakeCpuBatchEncoder(Gpt2(), 2, {20'000, 1000});
  const ChunkResults expected = EncodeAll(encoder.get(), all.batch());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const ChunkResults results = EncodeAll(encoder.get(), all.batch());
      EXPECT_TRUE(results.ids == expected.ids);
      EXPECT_TRUE(results.statuses == expected.statuses);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// A window of the size that users get.
TEST(BatchEncoderTest, ADocumentLargerThanAWindow) {
  std::mt19937 random(7);
  std::string large;
  const std::string some = Words(&random, 1 << 20);
  while (large.size() <= CpuBatchSizes{}.n_window_bytes) large += some;
  const SideBySide all = Join({"a", large, "b", some});
  const auto encoder = BatchEncoder::OnCpu(Gpt2());
  const ChunkResults results = EncodeAll(encoder.get(), all.batch());
  EXPECT_GT(results.n_continued, 10u);
  EXPECT_LE(results.max_ids, CpuBatchSizes{}.n_chunk_ids);
  EXPECT_TRUE(*Gpt2().EncodeParallel(large) == results.ids[1]);
  EXPECT_TRUE(results.ids[3] == *Gpt2().Encode(some));
}

// ---- Cuts ---------------------------------------------------------------------------------------------------------

void ExpectPartsEncodeAlone(const Tokenizer& tokenizer, std::string_view text, const EncodeOptions& options,
                            size_t n_part_bytes) {
  std::vector<size_t> cuts = FindCuts(tokenizer, text, options, n_part_bytes);
  cuts.push_back(text.size());
  std::vector<TokenId> ids;
  size_t begin = 0;
  for (const size_t cut : cuts) {
    ASSERT_LT(begin, cut);
    ASSERT_TRUE(tokenizer.EncodeTo(text.substr(begin, cut - begin), options, &ids).ok());
    begin = cut;
  }
  ASSERT_TRUE(ids == *tokenizer.Encode(text, options)) << n_part_bytes;
}

TEST(FindCutsTest, PartsEncodeAlone) {
  std::mt19937 random(8);
  std::string text = MultiscriptText();
  for (int i = 0; i < 300; ++i) {
    size_t at = random() % text.size();
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    text.insert(at, random() % 2 == 0 ? "<|endoftext|>" : "\n\n ");
  }
  std::vector<Tokenizer> tokenizers = {Gpt2(), BundledTokenizer("o200k_base")};
  for (const TokenizerSpec& spec : SmallSpecs()) tokenizers.push_back(*Tokenizer::Create(spec));
  for (const Tokenizer& tokenizer : tokenizers) {
    SCOPED_TRACE(tokenizer.name());
    for (const SpecialPolicy& special : {SpecialPolicy::All(), SpecialPolicy::Text()}) {
      for (const size_t n_part_bytes : {1u, 2u, 7u, 100u, 5000u, 100'000'000u}) {
        ExpectPartsEncodeAlone(tokenizer, text, With(special), n_part_bytes);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(FindCutsTest, InvalidBytesUnderTheirPolicy) {
  std::mt19937 random(9);
  std::string text(20'000, '\0');
  for (char& byte : text) byte = static_cast<char>(random() % 4 == 0 ? random() : ' ' + random() % 64);
  const BatchOptions bytes = With(SpecialPolicy::All(), Utf8Policy::kBytes);
  EXPECT_GT(FindCuts(Gpt2(), text, bytes, 100).size(), 100u);
  for (const size_t n_part_bytes : {1u, 10u, 1000u})
    ExpectPartsEncodeAlone(Gpt2(), text, bytes, n_part_bytes);
  for (const Utf8Policy policy : {Utf8Policy::kError, Utf8Policy::kReplace})
    EXPECT_TRUE(FindCuts(Gpt2(), text, With(SpecialPolicy::All(), policy), 100).empty());
}

TEST(FindCutsTest, SizesAndWhatCannotBeCut) {
  std::mt19937 random(10);
  const std::string text = Words(&random, 1 << 20);
  constexpr size_t kPartBytes = 10'000;
  std::vector<size_t> cuts = FindCuts(Gpt2(), text, {}, kPartBytes);
  size_t begin = 0;
  for (const size_t cut : cuts) {
    EXPECT_LE(cut - begin, kPartBytes);
    EXPECT_GT(cut - begin, kPartBytes / 2);
    begin = cut;
  }
  EXPECT_LE(text.size() - begin, kPartBytes);
  EXPECT_TRUE(FindCuts(Gpt2(), text, {}, text.size()).empty());
  EXPECT_TRUE(FindCuts(Gpt2(), "", {}, 1).empty());
  EXPECT_TRUE(FindCuts(Gpt2(), std::string(1 << 20, 'x'), {}, kPartBytes).empty());
  EXPECT_TRUE(FindCuts(Gpt2(), text + "\xFF", {}, kPartBytes).empty());
  const std::string with_run = text + std::string(100'000, 'x') + text;
  cuts = FindCuts(Gpt2(), with_run, {}, kPartBytes);
  EXPECT_GT(cuts.back(), text.size() + 100'000) << "a run without places is one part";
  for (const TokenizerSpec& spec : SmallSpecs()) {
    const Tokenizer tokenizer = *Tokenizer::Create(spec);
    EXPECT_EQ(FindCuts(tokenizer, text, {}, kPartBytes).empty(),
              spec.name == "llama2" || spec.name == "sentencepiece")
        << spec.name;
  }
}

}  // namespace
}  // namespace tok
