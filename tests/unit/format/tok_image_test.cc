// Images as another program could have made them: sound sections, right checksums, and ids or lengths that contradict
// each other.
#include "src/format/tok_image.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/image.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/format/format_testing.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

using ::testing::HasSubstr;

TokenizerSpec ByteLevelSpec() {
  const std::string entries = Concat(ByteEntries(), R"(,"ab":256,"abc":257)");
  const std::string added =
      R"([{"id":258,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}])";
  const std::string byte_level =
      R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
  return ParseTokenizerJson(
             TokenizerJson(Concat(R"({"type":"BPE","vocab":{)", entries, R"(},"merges":["a b","ab c"]})"),
                           Concat(R"("pre_tokenizer":)", byte_level, R"(,"decoder":)", byte_level,
                                  R"(,"added_tokens":)", added)),
             "x.json")
      .value();
}

std::string ImageOf(const TokenizerSpec& spec, const MergeTable* merges = nullptr) {
  return SerializeImage(spec, {.merges = merges});
}

absl::Status StatusOfImage(const std::string& image) { return ParseImage(image, nullptr).status(); }

TEST(TokImageTest, IdsOutsideTheVocabularyAreRefused) {
  const std::pair<const char*, void (*)(TokenizerSpec*)> changes[] = {
      {"added token", [](TokenizerSpec* s) { s->added_tokens[0].id = 259; }},
      {"added token", [](TokenizerSpec* s) { s->added_tokens[0].id = 0xFFFFFFF0u; }},
      {"template",
       [](TokenizerSpec* s) {
         s->post_processor.single = {TemplateItem{.kind = TemplateItem::Kind::kTokens, .ids = {258, 60000}}};
       }},
      {"template",
       [](TokenizerSpec* s) {
         s->post_processor.pair = {TemplateItem{.kind = TemplateItem::Kind::kTokens, .ids = {kNoToken}}};
       }},
      {"unknown token", [](TokenizerSpec* s) { s->model = UnigramModelSpec{.unk_id = 259}; }},
      {"merge",
       [](TokenizerSpec* s) {
         std::get<BpeModelSpec>(s->model).merges.push_back({1, 259});
       }},
      {"merge", [](TokenizerSpec* s) { std::get<BpeModelSpec>(s->model).merges[0].left = 0xFFFFFFF0u; }},
  };
  const TokenizerSpec sound = ByteLevelSpec();
  ASSERT_TRUE(StatusOfImage(ImageOf(sound)).ok()) << StatusOfImage(ImageOf(sound));
  for (const auto& [what, change] : changes) {
    TokenizerSpec hostile = sound;
    change(&hostile);
    const absl::Status status = StatusOfImage(ImageOf(hostile));
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadFormat) << what;
    EXPECT_THAT(std::string(status.message()), HasSubstr(what));
  }
}

// Spans are sums of token lengths: a product longer than its parts must not lead out of the text.
TEST(TokImageTest, SpansOfForgedMergesStayInTheText) {
  const TokenizerSpec spec = ByteLevelSpec();
  const TokenId a = spec.vocabulary.Find("a"), b = spec.vocabulary.Find("b");
  const TokenId ab = spec.vocabulary.Find("ab"), abc = spec.vocabulary.Find("abc");
  for (const TokenId product : {ab, abc, a}) {
    MergeTableBuilder builder(4);
    builder.Add({a, b, 0, product});
    const MergeTable merges = *std::move(builder).Build();
    const TempDir directory;
    const auto forged = Tokenizer::Load(directory.Write("x.tok", ImageOf(spec, &merges)));
    ASSERT_TRUE(forged.ok()) << forged.status();
    for (const std::string text : {"ab", "abab ab", "xab"}) {
      const Encoding encoding = forged->EncodeWithSpans(text).value();
      ASSERT_EQ(encoding.spans.size(), encoding.ids.size());
      uint64_t at = 0;
      for (const Span& span : encoding.spans) {
        EXPECT_EQ(span.begin, at);
        EXPECT_GE(span.end, span.begin);
        at = span.end;
      }
      EXPECT_LE(at, text.size());
      EXPECT_EQ(at == text.size(), product != a) << text;
    }
  }
}

TEST(TokImageTest, ImagesOfOtherVersionsSaySo) {
  ImageWriter writer;
  writer.Add("spec", 1, "what version 1 had");
  const std::string image = writer.Finish();
  EXPECT_THAT(std::string(StatusOfImage(image).message()), HasSubstr("another version"));
}

// A model that keeps extra white space: its decoder strips less, and the image must remember.
TEST(TokImageTest, DecoderFlagsSurvive) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok());
  ASSERT_TRUE(builder.Add(1, "\xE2\x96\x81").ok());
  ASSERT_TRUE(builder.Add(2, "a").ok());
  TokenizerSpec spec;
  spec.vocabulary = std::move(builder).Build().value();
  spec.model = UnigramModelSpec{.unk_id = 0, .sentencepiece = true};
  spec.unicode_profile = UnicodeProfileName::kSentencePiece;
  decoder::SentencePiece decoder;
  decoder.strip_leading_spaces = false;
  spec.decoder.steps = {decoder};
  const TempDir directory;
  const std::string path = directory.Write("x.tok", SerializeImage(spec));
  const auto original = Tokenizer::Create(spec), frozen = Tokenizer::Load(path);
  ASSERT_TRUE(original.ok()) << original.status();
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  const std::vector<TokenId> ids = {1, 1, 1, 2};
  EXPECT_EQ(original->Decode(ids).value(), "  a");
  EXPECT_EQ(frozen->Decode(ids).value(), "  a");
  decoder.strip_leading_spaces = true;
  spec.decoder.steps = {decoder};
  EXPECT_NE(Tokenizer::Create(spec)->IdentityHash(), frozen->IdentityHash());
}

// What a model works out of its spec may be missing from an image, and is refused if it cannot be true.
TEST(TokImageTest, DerivedTablesAreCheckedAndMayBeMissing) {
  const TokenizerSpec spec = ByteLevelSpec();
  const auto model = MakeBpeModel(std::get<BpeModelSpec>(spec.model), spec.vocabulary, spec.alphabet);
  ASSERT_TRUE(model.ok());
  const ModelTables all = (*model)->tables();
  ASSERT_NE(all.byte_pairs, nullptr);
  ASSERT_NE(all.unmerged, nullptr);
  for (const ModelTables& tables :
       {all, ModelTables{.merges = all.merges}, ModelTables{.byte_pairs = all.byte_pairs},
        ModelTables{.joins = all.joins}, ModelTables{.unmerged = all.unmerged}, ModelTables{}}) {
    const absl::StatusOr<FrozenTokenizer> frozen = ParseImage(SerializeImage(spec, tables), nullptr);
    ASSERT_TRUE(frozen.ok()) << frozen.status();
    EXPECT_EQ(frozen->bpe.merges.has_value(), tables.merges != nullptr);
    EXPECT_EQ(frozen->bpe.byte_pairs.has_value(), tables.byte_pairs != nullptr);
    EXPECT_EQ(frozen->bpe.joins.has_value(), tables.joins != nullptr);
    EXPECT_EQ(frozen->bpe.unmerged.has_value(), tables.unmerged != nullptr);
  }
  const std::vector<TokenId> outside = {static_cast<TokenId>(spec.vocabulary.size())};
  EXPECT_EQ(ErrorCodeOf(StatusOfImage(SerializeImage(spec, {.unmerged = &outside}))), ErrorCode::kBadFormat);

  const std::span<const BytePairs::Rule> sound = all.byte_pairs->rules();
  const size_t n_ids = spec.vocabulary.size();
  const auto refused = [&](std::span<const BytePairs::Rule> rules) {
    return ErrorCodeOf(BytePairs::FromStorage(rules, n_ids, nullptr).status()) == ErrorCode::kBadFormat;
  };
  EXPECT_FALSE(refused(sound));
  EXPECT_TRUE(refused(sound.subspan(1)));
  std::vector<BytePairs::Rule> forged(sound.begin(), sound.end());
  forged[65535] = {0, static_cast<TokenId>(n_ids)};
  EXPECT_TRUE(refused(forged));
  forged[65535] = {kRankLimit, 0};
  EXPECT_TRUE(refused(forged));
  forged[65535] = {kRankLimit - 1, 0};
  EXPECT_FALSE(refused(forged));
}

}  // namespace
}  // namespace tok
