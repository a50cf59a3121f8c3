// Word ids: which piece, or added token of the text, each id is of; beside ids and spans that are those of other calls.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "src/encode/tokenizer_impl.h"
#include "tests/unit/encode/small_tokenizers.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

using Words = std::vector<uint32_t>;

Encoding Worded(const Tokenizer& tokenizer, std::string_view text, bool add_template = false) {
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  options.add_template = add_template;
  Encoding worded = tokenizer.EncodeWithWords(text, options).value();
  const Encoding plain = tokenizer.EncodeWithSpans(text, options).value();
  EXPECT_EQ(worded.ids, plain.ids);
  EXPECT_EQ(worded.spans, plain.spans);
  EXPECT_TRUE(plain.words.empty());
  EXPECT_EQ(worded.words.size(), worded.ids.size());
  return worded;
}

// By the splitter alone: the piece in which each span begins.
Words WordsByDefinition(const Splitter& splitter, std::string_view text, const std::vector<Span>& spans) {
  std::vector<size_t> ends;
  SplitState state;
  for (size_t end; splitter.Fill(text, &state, &end, 1) == 1;) ends.push_back(end);
  Words words;
  uint32_t word = 0;
  for (const Span& span : spans) {
    while (ends[word] <= span.begin) ++word;
    words.push_back(word);
  }
  return words;
}

TEST(WordIdsTest, AreThePiecesOfTheSplitter) {
  const std::string script = MultiscriptText();
  std::vector<std::string> texts = {"", "a", "Hello world", "  two  blanks ", script};
  texts.push_back(std::string(5000, 'x') + " " + script);  // pieces that are cut into parts
  size_t n_tokenizers = 0;
  for (const TokenizerSpec& spec : SmallSpecs()) {
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();
    const Splitter* splitter = TokenizerImpl::Of(tokenizer).pre_tokenizer().tiling();
    if (splitter == nullptr || !spec.normalizers.empty()) continue;
    ++n_tokenizers;
    for (const std::string& text : texts) {
      const Encoding worded = Worded(tokenizer, text);
      EXPECT_EQ(worded.words, WordsByDefinition(*splitter, text, worded.spans)) << spec.name;
    }
  }
  EXPECT_GE(n_tokenizers, 5u);
}

TEST(WordIdsTest, ATextThatIsNotCutIsOneWordBetweenAddedTokens) {
  for (const TokenizerSpec& spec : SmallSpecs()) {
    if (spec.name != "gemma") continue;
    const Tokenizer tokenizer = Tokenizer::Create(spec).value();  // its line ends are added tokens
    const Encoding worded = Worded(tokenizer, "\none two\n\nthree");
    Words expected = {0};
    for (size_t i = 1; i < worded.ids.size(); ++i) {
      const uint64_t begin = worded.spans[i].begin;
      expected.push_back(begin < 8 ? 1 : begin < 9 ? 2 : begin < 10 ? 3 : 4);
    }
    EXPECT_EQ(worded.words, expected);
  }
}

TokenizerSpec LetterSpec() {
  TokenizerSpec spec;
  spec.vocabulary = small_tokenizers::MakeVocabulary({"a", "b", "<x>", "y"});
  spec.model = BpeModelSpec{};
  spec.pre_tokenizers = {pretokenizer::Whitespace{}};
  spec.added_tokens = {{2, "<x>", false, true, false, false, true}, {3, "y", false, false, false, true}};
  TemplateItem token;
  token.kind = TemplateItem::Kind::kTokens;
  token.ids = {2};
  token.tokens = {"<x>"};
  spec.post_processor.single = {token, TemplateItem{}, token};
  return spec;
}

TEST(WordIdsTest, AddedTokensCountAndTemplateTokensDoNot) {
  const Tokenizer tokenizer = Tokenizer::Create(LetterSpec()).value();
  EXPECT_EQ(Worded(tokenizer, "ab  b <x>a y").words, (Words{0, 0, 1, 2, 3, 4}));
  EXPECT_EQ(Worded(tokenizer, "<x>y<x>").words, (Words{0, 1, 2}));
  EXPECT_EQ(Worded(tokenizer, "a b", /*add_template=*/true).words, (Words{kNoWord, 0, 1, kNoWord}));
  EXPECT_EQ(Worded(tokenizer, "", /*add_template=*/true).words, (Words{kNoWord, kNoWord}));
}

TEST(WordIdsTest, APieceWithoutIdsCounts) {
  const Tokenizer tokenizer = Tokenizer::Create(LetterSpec()).value();
  EXPECT_EQ(Worded(tokenizer, "a zz b").words, (Words{0, 2}));  // no token for z, and no unknown one
}

}  // namespace
}  // namespace tok
