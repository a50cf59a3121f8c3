// Batches and long documents have the ids of their documents one by one, on any number of threads.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/bundled_tokenizer.h"
#include "tests/support/words.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr unsigned kMaxThreads = 16;
#ifdef __SANITIZE_THREAD__
constexpr unsigned kThreadStep = 5;  // all of them would take minutes
#else
constexpr unsigned kThreadStep = 1;
#endif

const Tokenizer& Gpt2() { return BundledTokenizer("gpt2"); }

std::vector<std::string_view> Views(const std::vector<std::string>& documents) {
  return {documents.begin(), documents.end()};
}

void ExpectIdsOfEach(const Tokenizer& tokenizer, const std::vector<std::string>& documents,
                     const EncodeOptions& options = {}) {
  std::vector<TokenId> ids;
  std::vector<uint64_t> offsets = {0};
  for (const std::string& document : documents) {
    ASSERT_TRUE(tokenizer.EncodeTo(document, options, &ids).ok());
    offsets.push_back(ids.size());
  }
  for (unsigned n_threads = 1; n_threads <= kMaxThreads; n_threads += kThreadStep) {
    const absl::StatusOr<RaggedIds> batch = tokenizer.EncodeBatch(Views(documents), options, n_threads);
    ASSERT_TRUE(batch.ok()) << batch.status();
    ASSERT_TRUE(batch->ids == ids) << n_threads;
    ASSERT_EQ(batch->offsets, offsets) << n_threads;
    if (!documents.empty()) {
      EXPECT_EQ(batch->Document(0).size(), offsets[1]);
      EXPECT_EQ(batch->Document(documents.size() - 1).size(), ids.size() - offsets[documents.size() - 1]);
    }
  }
}

TEST(EncodeBatchTest, NothingAndEmptyDocuments) {
  ExpectIdsOfEach(Gpt2(), {});
  ExpectIdsOfEach(Gpt2(), {""});
  ExpectIdsOfEach(Gpt2(), std::vector<std::string>(3000, ""));
  ExpectIdsOfEach(Gpt2(), {"", "a", "", "", "b c", ""});
}

TEST(EncodeBatchTest, ManyShortDocuments) {
  std::mt19937 random(1);
  std::vector<std::string> documents(2000);
  for (std::string& document : documents) document = Words(&random, random() % 1000);
  ExpectIdsOfEach(Gpt2(), documents);
}

TEST(EncodeBatchTest, HugeAndTinyDocumentsMixed) {
  std::mt19937 random(2);
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  std::vector<std::string> documents;
  const auto add_tiny = [&](size_t n) {
    for (; n > 0; --n) documents.push_back(Words(&random, random() % 50));
  };
  add_tiny(3);
  documents.push_back(Words(&random, 3 << 20));
  documents.push_back(Words(&random, 3 << 20) + "<|endoftext|>");  // ends between two jobs
  documents.push_back("<|endoftext|>" + Words(&random, 2 << 20) + "<|endoftext|><|endoftext|>x");
  add_tiny(100);
  documents.emplace_back();
  add_tiny(100);
  documents.push_back(Words(&random, 2 << 20));
  ExpectIdsOfEach(Gpt2(), documents, options);
}

TEST(EncodeBatchTest, ALongDocumentWithNowhereToCut) {
  const std::vector<std::string> documents = {"a", std::string(2 << 20, 'x'), "b"};
  const RaggedIds batch = *Gpt2().EncodeBatch(Views(documents), {}, 4);
  EXPECT_EQ(batch.Document(0).size(), 1u);
  EXPECT_TRUE(std::ranges::equal(batch.Document(1), *Gpt2().Encode(documents[1])));
  EXPECT_EQ(batch.Document(2).size(), 1u);
}

// Each character becomes several, and each of those an id: more ids than bytes.
TEST(EncodeBatchTest, MoreIdsThanBytes) {
  const Tokenizer tokenizer = *Tokenizer::Create(*ParseTokenizerJson(R"({
    "added_tokens": [], "post_processor": null, "decoder": null, "pre_tokenizer": null,
    "normalizer": {"type": "Replace", "pattern": {"String": "a"}, "content": "bbbbb"},
    "model": {"type": "BPE", "vocab": {"b": 0}, "merges": []}
  })",
                                                                     "test"));
  ExpectIdsOfEach(tokenizer, std::vector<std::string>(300, std::string(4000, 'a')));
}

TEST(EncodeBatchTest, TheFirstFailingDocumentIsReported) {
  std::mt19937 random(3);
  std::vector<std::string> documents;
  for (int i = 0; i < 2000; ++i) documents.push_back(Words(&random, random() % 1000));
  documents[700] += "<|endoftext|>";
  documents[701] += "\xFF";
  documents[1990] += "<|endoftext|>";
  for (unsigned n_threads = 1; n_threads <= kMaxThreads; n_threads += kThreadStep) {
    const absl::Status status = Gpt2().EncodeBatch(Views(documents), {}, n_threads).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kSpecialInText) << status;
    EXPECT_NE(status.message().find("document 700"), std::string::npos) << status;
  }
}

TEST(EncodeBatchTest, AFailingLongDocumentIsReported) {
  std::mt19937 random(4);
  std::vector<std::string> documents;
  for (int i = 0; i < 50; ++i) documents.push_back(Words(&random, 1000));
  const std::string begin = Words(&random, 3 << 20);
  documents.push_back(begin + "<|endoftext|>" + Words(&random, 1 << 20));
  documents.emplace_back("\xFF");
  const std::string place = "byte " + std::to_string(begin.size());
  for (unsigned n_threads = 1; n_threads <= kMaxThreads; n_threads += kThreadStep) {
    const absl::Status status = Gpt2().EncodeBatch(Views(documents), {}, n_threads).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kSpecialInText) << status;
    EXPECT_NE(status.message().find("document 50"), std::string::npos) << status;
    EXPECT_NE(status.message().find(place), std::string::npos) << status;
    const absl::Status alone = Gpt2().EncodeParallel(documents[50], {}, n_threads).status();
    EXPECT_EQ(alone.message(), Gpt2().Encode(documents[50]).status().message());
  }
}

TEST(EncodeBatchTest, InvalidLongDocumentsFollowThePolicy) {
  std::mt19937 random(5);
  EncodeOptions options;
  options.utf8 = Utf8Policy::kReplace;
  // Invalid bytes around where the text is cut to be looked at.
  for (const std::string bad : {"\xFF", "\x80\x80\x80\x80\x80", "\xE6\xBC"}) {
    for (int shift = -3; shift <= 1; ++shift) {
      std::string text = Words(&random, 3 << 20);
      text.replace(static_cast<size_t>((1 << 20) + shift), bad.size(), bad);
      EXPECT_EQ(Gpt2().EncodeParallel(text, {}, 3).status().message(),
                Gpt2().Encode(text).status().message());
      EXPECT_TRUE(*Gpt2().EncodeParallel(text, options, 3) == *Gpt2().Encode(text, options));
    }
  }
  for (const std::string bad :
       {"\x80", "\x80\x80\x80\x80"}) {  // as a file that was split inside a character begins
    std::string text = bad + Words(&random, 3 << 20);
    for (unsigned n_threads : {1, 3}) {
      EXPECT_EQ(Gpt2().EncodeParallel(text, {}, n_threads).status().message(),
                Gpt2().Encode(text).status().message());
      EXPECT_TRUE(*Gpt2().EncodeParallel(text, options, n_threads) == *Gpt2().Encode(text, options));
    }
  }
  options.utf8 = Utf8Policy::kBytes;
  std::string bytes(3 << 20, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? random() : ' ' + random() % 64);
  EXPECT_TRUE(*Gpt2().EncodeParallel(bytes, options, 5) == *Gpt2().Encode(bytes, options));
}

// Sanitizers take addresses of their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Of the room that is left, the result as it might become wants nearly all: the stacks and tables of the threads need some.
void EncodeWithLittleRoom() {
  constexpr size_t kDocuments = size_t{1} << 16;  // a result of 256 MiB at most, in truth of less than half
  mallopt(M_ARENA_MAX, 1);  // the heaps of threads would take more addresses than there are
  std::mt19937 random(10);
  const std::string document = Words(&random, 1 << 10);
  const std::vector<std::string_view> documents(kDocuments, document);
  const std::vector<TokenId> ids = *Gpt2().Encode(document);
  const size_t n_room = kDocuments * (document.size() + 1) * sizeof(TokenId) + (size_t{2} << 20);
  size_t n_pages = 0;
  std::ifstream("/proc/self/statm") >> n_pages;
  const size_t n_bytes = n_pages * static_cast<size_t>(sysconf(_SC_PAGESIZE)) + n_room;
  const rlimit limit = {n_bytes, n_bytes};
  if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
  const absl::StatusOr<RaggedIds> batch = Gpt2().EncodeBatch(documents, {}, 4);
  if (!batch.ok()) std::_Exit(3);
  for (size_t d = 0; d < documents.size(); ++d) {
    if (!std::equal(ids.begin(), ids.end(), batch->Document(d).begin(), batch->Document(d).end()))
      std::_Exit(1);
  }
  std::_Exit(0);
}

TEST(EncodeBatchDeathTest, RoomIsLeftToTheThreads) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process that has no threads yet
  EXPECT_EXIT(EncodeWithLittleRoom(), ::testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace tok
