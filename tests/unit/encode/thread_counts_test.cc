// However many threads, and however long the batches of pieces: the ids are those of one thread and one call.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "src/encode/cached_pieces.h"
#include "tests/support/nasty_texts.h"
#include "tests/unit/encode/ids_by_definition.h"
#include "tests/unit/encode/small_tokenizers.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr unsigned kMaxThreads = 16;

// Pieces of real and of nasty text, in an order of their own.
std::string LongText(size_t n_bytes) {
  std::vector<std::string> parts = NastyTexts(3000, /*valid_utf8=*/true);
  parts.push_back(MultiscriptText());
  std::mt19937 random(5);
  std::string text;
  while (text.size() < n_bytes) text += parts[random() % parts.size()];
  return text;
}

TEST(ThreadCountsTest, BatchesHaveTheIdsOfOneThread) {
  const std::string text = LongText(1'500'000);
  std::vector<std::string_view> documents;
  std::mt19937 random(6);
  // Short and empty ones, and some longer than what one thread takes at once.
  for (size_t at = 0; at < text.size();) {
    const size_t n = random() % 40 == 0 ? 300'000 : random() % 4 == 0 ? 0 : random() % 9000;
    documents.push_back(std::string_view(text).substr(at, n));
    at += n;
  }
  for (const TokenizerSpec& spec : SmallSpecs()) {
    if (spec.name != "o200k" && spec.name != "llama2") continue;
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    const EncodeOptions options = OptionsFor(tokenizer);
    const RaggedIds expected = tokenizer.EncodeBatch(documents, options, 1).value();
    ASSERT_EQ(expected.offsets.size(), documents.size() + 1);
    for (size_t d = 0; d < documents.size(); d += 17) {
      const std::vector<TokenId> ids = tokenizer.Encode(documents[d], options).value();
      ASSERT_TRUE(std::equal(ids.begin(), ids.end(),
                             expected.ids.begin() + static_cast<std::ptrdiff_t>(expected.offsets[d]),
                             expected.ids.begin() + static_cast<std::ptrdiff_t>(expected.offsets[d + 1])));
    }
    for (unsigned n_threads = 2; n_threads <= kMaxThreads; ++n_threads) {
      const RaggedIds batch = tokenizer.EncodeBatch(documents, options, n_threads).value();
      ASSERT_EQ(batch.offsets, expected.offsets) << spec.name << " " << n_threads;
      ASSERT_EQ(batch.ids, expected.ids) << spec.name << " " << n_threads;
    }
  }
}

TEST(ThreadCountsTest, OneDocumentHasTheIdsOfOneThread) {
  const std::string text = LongText(3'500'000);
  for (const TokenizerSpec& spec : SmallSpecs()) {
    if (spec.name != "deepseek" && spec.name != "gemma") continue;
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    const EncodeOptions options = OptionsFor(tokenizer);
    const std::vector<TokenId> expected = tokenizer.Encode(text, options).value();
    for (unsigned n_threads = 1; n_threads <= kMaxThreads; ++n_threads) {
      ASSERT_EQ(tokenizer.EncodeParallel(text, options, n_threads).value(), expected)
          << spec.name << " " << n_threads;
      std::vector<TokenId> ids;
      const IdPartsSink append = [&ids](std::span<std::vector<TokenId>> parts) {
        for (const std::vector<TokenId>& part : parts) ids.insert(ids.end(), part.begin(), part.end());
        return absl::OkStatus();
      };
      const size_t n_parts_at_once = 1 + n_threads % 3;
      ASSERT_TRUE(
          TokenizerImpl::Of(tokenizer).EncodeInParts(text, options, n_threads, n_parts_at_once, append).ok());
      ASSERT_EQ(ids, expected) << spec.name << " " << n_threads;
    }
  }
}

// The loop over batches is given 1 to 128 pieces at a time, and what it remembers of those before.
TEST(ThreadCountsTest, BatchesOfPiecesMayEndAnywhere) {
  for (const TokenizerSpec& spec : SmallSpecs()) {
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    const TokenizerImpl& impl = TokenizerImpl::Of(tokenizer);
    const Splitter& splitter =
        impl.direct() != nullptr ? impl.direct()->splitter() : *impl.pre_tokenizer().tiling();
    const PieceEncoder& encoder =
        impl.direct() != nullptr ? impl.direct()->encoder() : *impl.model().piece_encoder();
    const std::unique_ptr<PieceScratch> scratch = impl.model().MakeScratch();
    for (const std::string& text : NastyTexts(1500, /*valid_utf8=*/true)) {
      std::vector<size_t> ends(text.size());
      SplitState state;
      ends.resize(splitter.Fill(text, &state, ends.data(), ends.size()));
      std::vector<TokenId> expected;
      for (size_t batch = 1; batch <= 128; ++batch) {
        PieceCache cache;
        std::vector<TokenId> ids;
        for (size_t i = 0; i < ends.size(); i += batch) {
          EncodeCachedPieces(encoder, text, i == 0 ? 0 : ends[i - 1],
                             std::span(ends).subspan(i, std::min(batch, ends.size() - i)),
                             /*only_short_characters=*/false, &cache, scratch.get(), &ids);
        }
        if (batch == 1) expected = ids;
        ASSERT_EQ(ids, expected) << spec.name << " " << batch;
      }
    }
  }
}

}  // namespace
}  // namespace tok
