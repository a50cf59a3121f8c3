// Slices in order are the batch, and no larger than their limits; ids that come back are chunks of the same documents.
#include "cuda/slices/slices.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "cuda/slices/chunk_writer.h"
#include "cuda/slices/host_documents.h"
#include "tests/support/bundled_tokenizer.h"
#include "tests/support/chunk_results.h"

namespace tok::cuda {
namespace {

std::vector<Slice> All(SliceSource* source) {
  std::vector<Slice> slices;
  for (Slice slice; source->Next(&slice);) slices.push_back(slice);
  return slices;
}

std::vector<size_t> Every100(std::string_view document) {
  std::vector<size_t> cuts;
  for (size_t cut = 100; cut < document.size(); cut += 100) cuts.push_back(cut);
  return cuts;
}

std::vector<size_t> Nowhere(std::string_view) { return {}; }

TEST(SliceSourceTest, SlicesAreTheBatch) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> documents(random() % 40);
    for (std::string& document : documents)
      document.resize(random() % 3 == 0 ? 0 : random() % (random() % 5 == 0 ? 500 : 60), 'a');
    const SideBySide all = Join(documents, std::string(random() % 2 * 7, 'b'));
    const SliceLimits limits = {100, 1 + random() % 20};
    SliceSource source(all.batch(), limits, Every100);
    size_t document = 0;
    int64_t at = all.offsets[0];
    for (const Slice& slice : All(&source)) {
      ASSERT_EQ(slice.begin, at);
      ASSERT_EQ(slice.first_document, document);
      ASSERT_LE(slice.n_bytes(), limits.n_bytes);
      ASSERT_GT(slice.n_documents, 0u);
      ASSERT_LE(slice.n_documents, limits.n_documents);
      ASSERT_FALSE(slice.is_for_host);
      ASSERT_EQ(slice.is_part, documents[document].size() > limits.n_bytes);
      for (size_t i = 0; i < slice.n_documents; ++i) {
        const std::string_view text = TextInSlice(all.batch(), slice, i);
        ASSERT_EQ(text.data(), all.text.data() + slice.begin + OffsetInSlice(all.batch(), slice, i));
        ASSERT_EQ(text.size(), slice.is_part ? slice.n_bytes() : documents[document + i].size());
      }
      ASSERT_EQ(BytesBeforeSlice(all.batch(), slice, 0), slice.begin - all.offsets[document]);
      at = slice.end;
      if (!slice.is_part || at == all.offsets[document + 1]) document += slice.n_documents;
    }
    EXPECT_EQ(at, all.offsets.back());
    EXPECT_EQ(document, documents.size());
  }
}

TEST(SliceSourceTest, FullSlices) {
  const SideBySide all = Join(std::vector<std::string>(100, std::string(10, 'a')));
  SliceSource by_bytes(all.batch(), {105, 1000}, Nowhere);
  const std::vector<Slice> slices = All(&by_bytes);
  ASSERT_EQ(slices.size(), 10u);
  EXPECT_EQ(slices[9].n_documents, 10u);
  SliceSource by_documents(all.batch(), {105, 3}, Nowhere);
  EXPECT_EQ(All(&by_documents).size(), 34u);
}

TEST(SliceSourceTest, WhatCannotBeCutIsTheHosts) {
  const SideBySide all = Join({"a", std::string(1000, 'b'), "c", ""});
  SliceSource uncut(all.batch(), {100, 10}, Nowhere);
  std::vector<Slice> slices = All(&uncut);
  ASSERT_EQ(slices.size(), 3u);
  EXPECT_TRUE(slices[1].is_for_host);
  EXPECT_EQ(slices[1].n_bytes(), 1000u);
  EXPECT_EQ(slices[2].n_documents, 2u);
  SliceSource partly(all.batch(), {100, 10}, [](std::string_view) {
    return std::vector<size_t>{90, 800, 900};
  });
  slices = All(&partly);
  ASSERT_EQ(slices.size(), 6u);
  EXPECT_FALSE(slices[1].is_for_host);
  EXPECT_TRUE(slices[2].is_for_host);
  EXPECT_FALSE(slices[4].is_for_host);
}

TEST(SliceSourceTest, TheRestOfADocumentIsLeftOut) {
  const SideBySide all = Join({std::string(1000, 'b'), std::string(150, 'c')});
  SliceSource source(all.batch(), {100, 10}, Every100);
  Slice slice;
  ASSERT_TRUE(source.Next(&slice));
  ASSERT_TRUE(source.Next(&slice));
  source.LeaveOutTheRest();
  ASSERT_TRUE(source.Next(&slice));
  EXPECT_EQ(slice.first_document, 1u);
  ASSERT_TRUE(source.Next(&slice));
  source.LeaveOutTheRest();  // nothing is left of it
  EXPECT_FALSE(source.Next(&slice));
}

// ---- Chunks -------------------------------------------------------------------------------------------------------

struct Ids {
  std::vector<std::vector<TokenId>> documents;
  std::vector<HostDocument> of_host;
};

// Some documents are the host's, of which some fail.
Ids RandomIds(std::mt19937* random) {
  Ids ids;
  ids.documents.resize(1 + (*random)() % 30);
  const bool has_long = (*random)() % 3 == 0;
  for (size_t d = 0; d < ids.documents.size(); ++d) {
    ids.documents[d].resize((*random)() % (has_long && (*random)() % 4 == 0 ? 60'000 : 50));
    for (TokenId& id : ids.documents[d]) id = static_cast<TokenId>((*random)() % 60'000);
    if ((*random)() % 4 != 0) continue;
    ids.of_host.push_back({d, ids.documents[d], absl::OkStatus()});
    if ((*random)() % 2 == 0) continue;
    ids.documents[d].clear();
    ids.of_host.back().ids.clear();
    ids.of_host.back().status = absl::DataLossError(std::to_string(d));
  }
  return ids;
}

template <typename Id>
void ExpectTheIds(const Ids& ids, bool continues, size_t max_ids) {
  std::vector<Id> of_device;
  std::vector<int64_t> offsets = {0};
  size_t next = 0;
  for (size_t d = 0; d < ids.documents.size(); ++d) {
    if (next < ids.of_host.size() && ids.of_host[next].number == d) {
      ++next;
    } else {
      of_device.insert(of_device.end(), ids.documents[d].begin(), ids.documents[d].end());
    }
    offsets.push_back(static_cast<int64_t>(of_device.size()));
  }
  constexpr size_t kFirst = 3;
  ChunkResults results;
  results.ids.resize(kFirst + continues);
  results.statuses.resize(kFirst + continues);
  const IdChunkSink sink = [&](const IdChunk& chunk) {
    results.Take(chunk);
    return absl::OkStatus();
  };
  ChunkWriter<Id> writer(max_ids, sink);
  ASSERT_TRUE(writer.Write(kFirst, continues, of_device.data(), offsets, ids.of_host).ok());
  ASSERT_LE(results.max_ids, max_ids);
  ASSERT_EQ(results.ids.size(), kFirst + ids.documents.size());
  for (size_t d = 0; d < ids.documents.size(); ++d) ASSERT_EQ(results.ids[kFirst + d], ids.documents[d]) << d;
  for (const HostDocument& document : ids.of_host)
    ASSERT_EQ(results.statuses[kFirst + document.number], document.status);
}

TEST(ChunkWriterTest, DocumentsOfDeviceAndHostInOrder) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    const Ids ids = RandomIds(&random);
    const size_t max_ids = std::vector<size_t>{1, 7, 1000, 100'000, 4'000'000}[random() % 5];
    const bool continues = random() % 2 == 0;
    ExpectTheIds<TokenId>(ids, continues, max_ids);
    ExpectTheIds<uint16_t>(ids, continues, max_ids);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(ChunkWriterTest, FewChunksForManyDocumentsOfTheHost) {
  constexpr size_t kDocuments = 10'000;
  std::vector<int64_t> offsets;
  std::vector<HostDocument> of_host;
  for (size_t d = 0; d <= kDocuments; ++d) offsets.push_back(static_cast<int64_t>((d + 1) / 2));
  for (size_t d = 1; d < kDocuments; d += 2) of_host.push_back({d, {1, 2}, absl::OkStatus()});
  const std::vector<TokenId> ids(kDocuments);
  size_t n_chunks = 0;
  const IdChunkSink sink = [&](const IdChunk&) { return ++n_chunks, absl::OkStatus(); };
  ASSERT_TRUE(ChunkWriter<TokenId>(1 << 22, sink).Write(0, false, ids.data(), offsets, of_host).ok());
  EXPECT_EQ(n_chunks, 1u);
}

TEST(ChunkWriterTest, TheSinksErrorIsReturned) {
  const std::vector<int64_t> offsets = {0, 2, 4};
  const std::vector<TokenId> ids(4);
  size_t n_chunks = 0;
  const IdChunkSink sink = [&](const IdChunk&) {
    return ++n_chunks == 2 ? absl::DataLossError("full") : absl::OkStatus();
  };
  EXPECT_EQ(ChunkWriter<TokenId>(1, sink).Write(0, false, ids.data(), offsets, {}),
            absl::DataLossError("full"));
  EXPECT_EQ(n_chunks, 2u);
}

// ---- The host's documents -----------------------------------------------------------------------------------------

TEST(HostDocumentsTest, IdsAndErrorsAreThoseOfTheTokenizer) {
  const Tokenizer& gpt2 = BundledTokenizer("gpt2");
  std::vector<std::string> documents(50, "the ships arrive");
  documents[3] += "\xFF";
  documents[40] += "<|endoftext|>";
  documents[20].assign(3 << 20, ' ');
  documents[30] = documents[20] + "\xFF";
  const SideBySide all = Join(documents, "x");
  const Slice slice = {0, documents.size(), all.offsets.front(), all.offsets.back()};
  std::vector<HostDocument> of_host;
  for (const size_t d : {0, 3, 20, 30, 40, 49}) of_host.push_back({.number = d});
  ASSERT_TRUE(EncodeHostDocuments(gpt2, all.batch(), slice, {}, 3, &of_host).ok());
  for (const HostDocument& document : of_host) {
    const auto wanted = gpt2.Encode(documents[document.number]);
    EXPECT_EQ(document.status, wanted.status());
    EXPECT_TRUE(document.ids == (wanted.ok() ? *wanted : std::vector<TokenId>()));
  }
}

TEST(HostDocumentsTest, ErrorsOfPartsNameTheDocumentsByte) {
  const Tokenizer& gpt2 = BundledTokenizer("gpt2");
  const SideBySide all = Join({"a", "the ships arrive <|endoftext|> here"}, "xx");
  const int64_t begin = all.offsets[1] + 9;
  const Slice part = {
      .first_document = 1, .n_documents = 1, .begin = begin, .end = all.offsets[2], .is_part = true};
  std::vector<HostDocument> of_host(1);
  ASSERT_TRUE(EncodeHostDocuments(gpt2, all.batch(), part, {}, 1, &of_host).ok());
  EXPECT_EQ(of_host[0].status, gpt2.Encode(all.batch().Document(1)).status());
}

TEST(HostDocumentsTest, StopEndsIt) {
  const SideBySide all = Join({std::string(3 << 20, 'a') + " b"});
  EncodeOptions options;
  options.goes_on = [] { return false; };
  std::vector<HostDocument> of_host(1);
  const absl::Status status = EncodeHostDocuments(BundledTokenizer("gpt2"), all.batch(),
                                                  {0, 1, 0, all.offsets[1]}, options, 1, &of_host);
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInterrupted) << status;
}

}  // namespace
}  // namespace tok::cuda
