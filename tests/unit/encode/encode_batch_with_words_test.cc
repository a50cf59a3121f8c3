// Batches with words have what EncodeWithWords gives each of their documents, on any number of threads.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/encode/small_tokenizers.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr unsigned kThreadCounts[] = {0, 1, 2, 5, 16};

// Of 1.5 MB together, some of them empty.
std::vector<std::string> SomeDocuments() {
  const std::string script = MultiscriptText();
  std::vector<std::string> documents;
  for (size_t n_bytes = 0, i = 0; n_bytes < 1'500'000; ++i) {
    documents.push_back(i % 7 == 3 ? "" : std::to_string(i) + " words, h\u00e9llo ");
    for (size_t copies = i % 7 == 3 ? 0 : i % 5; copies > 0; --copies) documents.back() += " and " + script;
    n_bytes += documents.back().size();
  }
  return documents;
}

EncodeOptions Options(const SpecialPolicy& special) {
  EncodeOptions options;
  options.special = special;
  return options;
}

TEST(EncodeBatchWithWordsTest, IsThatOfEachDocument) {
  const std::vector<std::string> documents = SomeDocuments();
  const Tokenizer tokenizer = Tokenizer::Create(SmallSpecs().front()).value();
  EncodeOptions options = Options(SpecialPolicy::All());
  options.add_template = true;
  Encoding expected;
  std::vector<uint64_t> offsets = {0};
  for (const std::string& document : documents) {
    const Encoding one = tokenizer.EncodeWithWords(document, options, OffsetUnit::kChars).value();
    expected.ids.insert(expected.ids.end(), one.ids.begin(), one.ids.end());
    expected.spans.insert(expected.spans.end(), one.spans.begin(), one.spans.end());
    expected.words.insert(expected.words.end(), one.words.begin(), one.words.end());
    offsets.push_back(expected.ids.size());
  }
  const std::vector<std::string_view> views(documents.begin(), documents.end());
  for (const unsigned n_threads : kThreadCounts) {
    const RaggedEncodings batch =
        tokenizer.EncodeBatchWithWords(views, options, OffsetUnit::kChars, n_threads).value();
    ASSERT_TRUE(batch.flat.ids == expected.ids) << n_threads;
    ASSERT_TRUE(batch.flat.spans == expected.spans) << n_threads;
    ASSERT_TRUE(batch.flat.words == expected.words) << n_threads;
    ASSERT_EQ(batch.offsets, offsets) << n_threads;
  }
}

TEST(EncodeBatchWithWordsTest, OfNothing) {
  const Tokenizer tokenizer = Tokenizer::Create(SmallSpecs().front()).value();
  const RaggedEncodings none = tokenizer.EncodeBatchWithWords({}).value();
  EXPECT_TRUE(none.flat.ids.empty());
  EXPECT_EQ(none.offsets, std::vector<uint64_t>{0});
  const std::vector<std::string_view> empty(3);
  EXPECT_EQ(tokenizer.EncodeBatchWithWords(empty).value().offsets, std::vector<uint64_t>(4, 0));
}

TEST(EncodeBatchWithWordsTest, TheFirstFailingDocumentIsReported) {
  std::vector<std::string> documents = SomeDocuments();
  const size_t failing = documents.size() / 2;
  for (size_t d = failing; d < documents.size(); d += 2) documents[d] += "\xFF";
  const std::vector<std::string_view> views(documents.begin(), documents.end());
  const Tokenizer tokenizer = Tokenizer::Create(SmallSpecs().front()).value();
  const std::string expected =
      AtPlace("document " + std::to_string(failing), tokenizer.Encode(documents[failing]).status())
          .ToString();
  for (const unsigned n_threads : kThreadCounts) {
    EXPECT_EQ(tokenizer.EncodeBatchWithWords(views, {}, OffsetUnit::kBytes, n_threads).status().ToString(),
              expected);
  }
}

TEST(EncodeBatchWithWordsTest, AsksOneThreadAtATimeWhetherToGoOn) {
  const std::vector<std::string> documents = SomeDocuments();
  const std::vector<std::string_view> views(documents.begin(), documents.end());
  const Tokenizer tokenizer = Tokenizer::Create(SmallSpecs().front()).value();
  for (const unsigned n_threads : kThreadCounts) {
    std::atomic<int> n_asking{0};
    int n_asked = 0;
    EncodeOptions options = Options(SpecialPolicy::Text());
    options.goes_on = [&] {
      EXPECT_EQ(n_asking.fetch_add(1), 0);
      ++n_asked;
      n_asking.fetch_sub(1);
      return n_asked < 4;
    };
    const auto batch = tokenizer.EncodeBatchWithWords(views, options, OffsetUnit::kBytes, n_threads);
    EXPECT_EQ(ErrorCodeOf(batch.status()), ErrorCode::kInterrupted) << batch.status();
    EXPECT_EQ(n_asked, 4);
  }
}

}  // namespace
}  // namespace tok
