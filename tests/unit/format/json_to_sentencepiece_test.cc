// Hugging Face tokenizers as SentencePiece models: which scores, which differences are named, what is refused.
// Agreement with sentencepiece and tokenizers is tests/differential/json_to_sentencepiece_test.py.
#include "src/format/json_to_sentencepiece.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/format/format_testing.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";

// As gemma has it: <unk>, <s>, then `pieces` in the order of their ids, and one merge for each string of two tokens
// with a space between.
TokenizerSpec Bpe(const std::vector<std::string>& pieces, const std::vector<std::string>& merges = {}) {
  TokenizerSpec spec;
  VocabularyBuilder builder;
  EXPECT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok());
  EXPECT_TRUE(builder.Add(1, "<s>").ok());
  for (const std::string& piece : pieces)
    EXPECT_TRUE(builder.Add(static_cast<TokenId>(builder.n_tokens()), piece).ok());
  spec.vocabulary = std::move(builder).Build().value();
  spec.added_tokens.push_back({.id = 1, .content = "<s>", .special = true});
  BpeModelSpec bpe{.unk_token = "<unk>", .fuse_unk = true};
  for (const std::string& merge : merges) {
    const size_t space = merge.find(' ');
    bpe.merges.push_back(
        {spec.vocabulary.Find(merge.substr(0, space)), spec.vocabulary.Find(merge.substr(space + 1))});
  }
  spec.model = std::move(bpe);
  spec.normalizers.emplace_back(normalizer::Replace{{false, " "}, std::string(kSpace)});
  spec.decoder.steps = {decoder::Replace{{false, std::string(kSpace)}, " "}, decoder::Fuse{}};
  return spec;
}

std::vector<double> ScoresOf(const TokenizerSpec& spec) {
  const auto expressed = AsSentencePiece(spec);
  if (!expressed.ok()) return {};
  std::vector<double> scores;
  for (TokenId id = 2; id < spec.vocabulary.size(); ++id) scores.push_back(expressed->vocabulary.Score(id));
  return scores;
}

std::string RefusalOf(const TokenizerSpec& spec) {
  const absl::Status status = AsSentencePiece(spec).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLossyConversion);
  return std::string(status.message());
}

size_t CountWarnings(const TokenizerSpec& spec) {
  const auto expressed = AsSentencePiece(spec);
  EXPECT_TRUE(expressed.ok()) << expressed.status();
  return expressed.ok() ? expressed->warnings.size() : 0;
}

void ExpectRefused(const TokenizerSpec& spec, std::string_view feature) {
  EXPECT_NE(RefusalOf(spec).find(feature), std::string::npos) << RefusalOf(spec);
}

TEST(ScoredByMergesTest, EarlierMergesScoreHigherAndTheRestLieBelow) {
  EXPECT_EQ(ScoresOf(Bpe({"a", "b", "c", "abc", "ab"}, {"a b", "ab c"})),
            (std::vector<double>{-2, -3, -4, -1, 0}));
  // Converters list every way to spell a token; one of them applies.
  EXPECT_EQ(ScoresOf(Bpe({"a", "b", "c", "ab", "bc", "abc"}, {"a b", "b c", "a bc", "ab c"})),
            (std::vector<double>{-3, -4, -5, 0, -1, -2}));
}

TEST(ScoredByMergesTest, PiecesThatOnlyScoresReachAreRefused) {
  ExpectRefused(Bpe({"a", "b", "c", "ab", "abc"}, {"a b"}), "that no text becomes piece 6 \"abc\"");
  // A character that is no token: SentencePiece merges it all the same.
  ExpectRefused(Bpe({"a", "ab"}), "that no text becomes piece 3 \"ab\"");
  // Nothing becomes a piece with a symbol in it.
  TokenizerSpec spec = Bpe({"a", "b", "c", "ab", "abc"}, {"a b"});
  spec.added_tokens.push_back({.id = 5, .content = "ab"});
  EXPECT_EQ(ScoresOf(spec).size(), 5u);
}

TEST(ScoredByMergesTest, PiecesMergedFromOtherKindsAreRefused) {
  TokenizerSpec spec = Bpe({"a", "b", "c", "ab", "abc"}, {"a b", "ab c"});
  spec.added_tokens.push_back({.id = 5, .content = "ab", .special = true});
  ExpectRefused(spec, "that piece 6 \"abc\" is merged from \"ab\" and \"c\"");
  ExpectRefused(Bpe({"a", "<unk>a"}, {"<unk> a"}), "stands for unknown text");
}

// Any list that scores are found for is merged by them as it is by itself, whatever its order and gaps.
TEST(ScoredByMergesTest, IdsStayTheSameOnRandomLists) {
  std::mt19937 random(5);
  const auto any = [&](size_t n) { return static_cast<size_t>(random() % n); };
  int n_expressed = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> pieces = {"a", "b", "c"}, merges;
    for (int i = 0; i < 8; ++i) {
      const std::string left = pieces[any(pieces.size())], right = pieces[any(pieces.size())];
      if (std::find(pieces.begin(), pieces.end(), left + right) == pieces.end())
        pieces.push_back(left + right);
      merges.push_back(left + " " + right);
    }
    if (round % 2 == 0) std::shuffle(merges.begin() + 4, merges.end(), random);
    const TokenizerSpec spec = Bpe(pieces, merges);
    const auto expressed = AsSentencePiece(spec);
    if (!expressed.ok()) continue;
    ++n_expressed;
    const auto listed = Tokenizer::Create(spec), scored = Tokenizer::Create(*expressed);
    ASSERT_TRUE(listed.ok() && scored.ok());
    for (int i = 0; i < 50; ++i) {
      std::string text;
      for (size_t n = 1 + any(40); n > 0; --n) text += "abcd"[any(i % 10 == 0 ? 4 : 3)];
      ASSERT_EQ(listed->Encode(text).value(), scored->Encode(text).value()) << text;
    }
  }
  EXPECT_GT(n_expressed, 50);
}

TEST(JsonToSentencePieceTest, NamesWhatMayDiffer) {
  EXPECT_EQ(CountWarnings(Bpe({"a"})), 1u);  // "<s>" in text
  TokenizerSpec symbol = Bpe({"a"});
  symbol.added_tokens.push_back({.id = 2, .content = "a"});
  EXPECT_EQ(CountWarnings(symbol), 1u);
  // Before the symbol and behind it Hugging Face sets a dummy prefix each.
  symbol.normalizers.insert(symbol.normalizers.begin(), normalizer::Prepend{std::string(kSpace)});
  symbol.decoder.steps.push_back(decoder::Strip{.content = ' ', .start = 1, .stop = 0});
  EXPECT_EQ(CountWarnings(symbol), 2u);
  TokenizerSpec with_template = Bpe({"a"});
  with_template.post_processor.single = {
      {.kind = TemplateItem::Kind::kTokens, .ids = {1}, .tokens = {"<s>"}, .name = "<s>"}, {}};
  EXPECT_EQ(CountWarnings(with_template), 2u);
}

TEST(JsonToSentencePieceTest, RefusesByName) {
  TokenizerSpec spec = Bpe({"a"});
  spec.alphabet = VocabularyAlphabet::kBytes;
  ExpectRefused(spec, "byte-level vocabulary");
  spec = Bpe({"a"});
  spec.normalizers.emplace_back(normalizer::Lowercase{});
  ExpectRefused(spec, "the normalizer Lowercase");
  spec = Bpe({"a"});
  spec.pre_tokenizers.emplace_back(pretokenizer::WhitespaceSplit{});
  ExpectRefused(spec, "the pre-tokenizer WhitespaceSplit");
  spec.pre_tokenizers.emplace_back(
      pretokenizer::Metaspace{.prepend_scheme = pretokenizer::PrependScheme::kFirst});
  ExpectRefused(spec, "words without U+2581 between them");
  std::get<pretokenizer::Metaspace>(spec.pre_tokenizers[1]).prepend_scheme =
      pretokenizer::PrependScheme::kAlways;
  ExpectRefused(spec, "which drops line ends");
  spec = Bpe({"a", "a b"});
  spec.added_tokens.push_back({.id = 3, .content = "a b"});
  ExpectRefused(spec, "the added token \"a b\", which holds a space");
  spec = Bpe({"a", "ab"});
  spec.added_tokens.push_back({.id = 2, .content = "a"});
  spec.added_tokens.push_back({.id = 3, .content = "ab", .normalized = true});
  ExpectRefused(spec, "the added token \"ab\", which has another \"normalized\"");
  spec = Bpe({"a"});
  std::get<BpeModelSpec>(spec.model).fuse_unk = false;
  ExpectRefused(spec, "unknown characters one by one");
  spec = Bpe({"a"});
  std::get<BpeModelSpec>(spec.model).byte_fallback = true;
  spec.decoder.steps.insert(spec.decoder.steps.begin() + 1, decoder::ByteFallback{});
  ExpectRefused(spec, "would not load");
  spec = Bpe({"a"});
  spec.decoder.steps.clear();
  ExpectRefused(spec, "a decoder");
  spec = Bpe({"a"});
  spec.model = WordLevelModelSpec{};
  ExpectRefused(spec, "WordPiece, WordLevel or PickyBPE");
}

TEST(JsonToSentencePieceTest, UnknownTextMustCostTheSame) {
  TokenizerSpec spec = Bpe({"a"});
  spec.model = UnigramModelSpec{.unk_id = 0};
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok());
  ASSERT_TRUE(builder.Add(1, "<s>", TokenKind::kNormal, -9).ok());
  ASSERT_TRUE(builder.Add(2, "a", TokenKind::kNormal, -2).ok());
  spec.vocabulary = std::move(builder).Build().value();
  ExpectRefused(spec, "the least score of all on \"<s>\"");
}

TEST(JsonToSentencePieceTest, MetaspaceThatSplitsFindsNoInnerSpace) {
  TokenizerSpec spec =
      Bpe({"a", std::string(kSpace), "a" + std::string(kSpace)}, {"a " + std::string(kSpace)});
  spec.normalizers.clear();
  spec.pre_tokenizers.emplace_back(pretokenizer::Metaspace{});
  spec.decoder.steps = {decoder::Metaspace{}};
  ExpectRefused(spec, "Metaspace splits before every U+2581");
  std::get<pretokenizer::Metaspace>(spec.pre_tokenizers[0]).split = false;
  EXPECT_EQ(CountWarnings(spec), 2u);  // "<s>" in text, and text that begins with a space
}

}  // namespace
}  // namespace tok
