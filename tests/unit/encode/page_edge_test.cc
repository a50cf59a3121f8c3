// Texts, ids and images that end at the edge of a page, with nothing to be read behind or in front, encode and decode as
// anywhere else, on every instruction set.
#include "tests/support/page_edge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/format/tok_image.h"
#include "tests/support/nasty_texts.h"
#include "tests/unit/encode/ids_by_definition.h"
#include "tests/unit/encode/small_tokenizers.h"
#include "tok/stream_decoder.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr size_t kMaxLength = 300;

TEST(PageEdgeTest, TextsOfEveryLengthEncodeThere) {
  PageEdge edge(kMaxLength);
  for (const TokenizerSpec& spec : SmallSpecs()) {
    const bool valid_utf8 = spec.alphabet == VocabularyAlphabet::kText;
    const std::vector<std::string> texts = NastyTexts(2 * kMaxLength, valid_utf8);
    for (const InstructionSet set : InstructionSetsHere()) {
      const ChosenForNow chosen(set);
      const Tokenizer tokenizer = Tokenizer::Create(spec).value();
      const EncodeOptions options = OptionsFor(tokenizer);
      for (size_t n = 1; n <= kMaxLength; ++n) {
        for (const std::string& text : {texts[n % texts.size()], texts[(n + 2) % texts.size()]}) {
          const std::string part = text.substr(valid_utf8 ? 0 : n % 7, n);
          const std::vector<TokenId> expected = tokenizer.Encode(part, options).value();
          ASSERT_EQ(tokenizer.Encode(edge.AtEnd(part), options).value(), expected) << spec.name << " " << n;
          ASSERT_EQ(tokenizer.Encode(edge.AtBegin(part), options).value(), expected) << spec.name << " " << n;
          const Encoding with_spans = tokenizer.EncodeWithSpans(edge.AtEnd(part), options).value();
          ASSERT_EQ(with_spans.ids, expected) << spec.name << " " << n;
          const std::string_view document = edge.AtEnd(part);
          ASSERT_EQ(tokenizer.EncodeBatch({&document, 1}, options, 1).value().ids, expected);
        }
      }
    }
  }
}

// Special tokens are looked for with vectors too.
TEST(PageEdgeTest, AddedTokensAreFoundThere) {
  PageEdge edge(kMaxLength);
  TokenizerSpec spec = SmallSpecs().front();
  const auto id = static_cast<TokenId>(spec.vocabulary.size() - 1);
  spec.added_tokens = {{id, "<|end|>"}, {id - 1, "##"}};
  for (const InstructionSet set : InstructionSetsHere()) {
    const ChosenForNow chosen(set);
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    for (size_t n = 0; n + 7 <= kMaxLength; ++n) {
      for (const std::string& text :
           {std::string(n, 'x') + "<|end|>", std::string(n, '<') + "##", std::string(n, '<') + "<|end|"}) {
        const std::vector<TokenId> expected = tokenizer.Encode(text).value();
        EXPECT_EQ(expected.back() == id || expected.back() == id - 1, text.back() != '|') << n;
        ASSERT_EQ(tokenizer.Encode(edge.AtEnd(text)).value(), expected) << n;
        ASSERT_EQ(tokenizer.Encode(edge.AtBegin(text)).value(), expected) << n;
      }
    }
  }
}

TEST(PageEdgeTest, IdsDecodeThere) {
  PageEdge edge(kMaxLength * sizeof(TokenId));
  for (const TokenizerSpec& spec : SmallSpecs()) {
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    for (const std::string& text : NastyTexts(2 * kMaxLength, /*valid_utf8=*/true)) {
      const std::vector<TokenId> all = tokenizer.Encode(text, OptionsFor(tokenizer)).value();
      for (size_t n = 0; n <= std::min(all.size(), kMaxLength); ++n) {
        const std::vector<TokenId> ids(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n));
        const std::string expected = tokenizer.Decode(ids).value();
        ASSERT_EQ(tokenizer.Decode(edge.AtEnd(std::span<const TokenId>(ids))).value(), expected) << spec.name;
      }
    }
  }
}

// Decoders copy more bytes than a token has, and hash tables are searched where they lie.
TEST(PageEdgeTest, ImagesAreUsedWhereTheyLie) {
  const std::string text = MultiscriptText();
  for (const TokenizerSpec& spec : SmallSpecs()) {
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    const std::string image = SerializeImage(spec, TokenizerImpl::Of(tokenizer).model().tables());
    PageEdge edge(image.size());
    for (const bool at_end : {true, false}) {
      const std::string_view bytes = at_end ? edge.AtEnd(image, alignof(uint64_t)) : edge.AtBegin(image);
      FrozenTokenizer frozen = ParseImage(bytes, nullptr).value();
      const Tokenizer thawed =
          TokenizerImpl::Wrap(TokenizerImpl::Create(std::move(frozen.spec), std::move(frozen.bpe)).value());
      const std::vector<TokenId> ids = thawed.Encode(text, OptionsFor(thawed)).value();
      EXPECT_EQ(ids, tokenizer.Encode(text, OptionsFor(tokenizer)).value()) << spec.name;
      std::vector<TokenId> every;
      for (TokenId id = 0; id < spec.vocabulary.size(); ++id) every.push_back(id);
      EXPECT_EQ(thawed.Decode(every).value(), tokenizer.Decode(every).value()) << spec.name;
    }
  }
}

}  // namespace
}  // namespace tok
