// Images as another program could have made them: sound sections, right checksums, and ids or lengths that contradict
// each other.
#include "src/format/tok_image.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
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

std::string ImageBytes(const TokenizerSpec& spec, const MergeTable* merges = nullptr) {
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
  ASSERT_TRUE(StatusOfImage(ImageBytes(sound)).ok()) << StatusOfImage(ImageBytes(sound));
  for (const auto& [what, change] : changes) {
    TokenizerSpec hostile = sound;
    change(&hostile);
    const absl::Status status = StatusOfImage(ImageBytes(hostile));
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
    const auto forged = Tokenizer::Load(directory.Write("x.tok", ImageBytes(spec, &merges)));
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

// Whatever encodes with tables that contradict the vocabulary gives numbers of the vocabulary, and stays in the text.
void ExpectSafe(const TokenizerSpec& spec, const ModelTables& tables) {
  const TempDir directory;
  const auto forged = Tokenizer::Load(directory.Write("x.tok", SerializeImage(spec, tables)));
  ASSERT_TRUE(forged.ok()) << forged.status();
  const std::string all =
      "ab abc \xE4\xB8\xAD\xE6\x96\x87 abcabcabcabcabcabcabcabcab\n\xE4\xB8\xAD\xE6\x96\x87"
      "\xE4\xB8\xAD\xE6\x96\x87\xE4\xB8\xAD\xE6\x96\x87\xE4\xB8\xAD\xE6\x96\x87";
  EncodeOptions options;
  options.utf8 = Utf8Policy::kReplace;
  for (size_t n = 0; n <= all.size(); ++n) {
    const std::string text = all.substr(0, n);
    const std::vector<TokenId> ids = forged->Encode(text, options).value();
    for (const TokenId id : ids) ASSERT_LT(id, spec.vocabulary.size());
    const Encoding encoding = forged->EncodeWithSpans(text, options).value();
    ASSERT_EQ(encoding.ids.size(), encoding.spans.size());
    for (size_t i = 0; i < encoding.ids.size(); ++i) {
      ASSERT_LT(encoding.ids[i], spec.vocabulary.size());
      ASSERT_LE(encoding.spans[i].begin, encoding.spans[i].end);
      ASSERT_LE(encoding.spans[i].end, text.size());
    }
    forged->Decode(encoding.ids).IgnoreError();  // absent ids are refused
  }
}

// The vocabulary and, behind a gap of absent ids, one token more.
TokenizerSpec WithGap(TokenizerSpec spec, TokenId last) {
  VocabularyBuilder builder;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (!spec.vocabulary.Contains(id)) continue;
    EXPECT_TRUE(builder.Add(id, spec.vocabulary.Bytes(id), spec.vocabulary.Kind(id)).ok());
  }
  EXPECT_TRUE(builder.Add(last, "<far>", TokenKind::kAdded).ok());
  spec.vocabulary = std::move(builder).Build().value();
  return spec;
}

TokenizerSpec LlamaLikeSpec() {
  std::string entries = R"("<unk>":0)";
  for (int byte = 0; byte < 256; ++byte) entries += absl::StrFormat(R"(,"<0x%02X>":%d)", byte, byte + 1);
  entries += R"(,"\u2581":257,"a":258,"b":259,"c":260,"ab":261,"abc":262,"\u4E2D":263,"\u6587":264)";
  return ParseTokenizerJson(
             TokenizerJson(
                 Concat(R"({"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,)",
                        R"("vocab":{)", entries, R"(},"merges":["a b","ab c"]})"),
                 R"("normalizer":{"type":"Replace","pattern":{"String":" "},"content":"\u2581"})"),
             "x.json")
      .value();
}

TEST(TokImageTest, ForgedTablesAreSafe) {
  constexpr TokenId kAbsent = 290, kLast = 300;
  for (const TokenizerSpec& sound : {ByteLevelSpec(), LlamaLikeSpec()}) {
    const TokenizerSpec spec = WithGap(sound, kLast);
    const TokenId a = spec.vocabulary.Find("a"), b = spec.vocabulary.Find("b"), c = spec.vocabulary.Find("c");
    const TokenId abc = spec.vocabulary.Find("abc");
    for (const TokenId product : {kAbsent, kLast, TokenId{0}, a, c, abc}) {
      MergeTableBuilder builder(8);
      builder.Add({a, b, 1, product});
      builder.Add({product, c, 0, product});
      builder.Add({product, product, 2, kAbsent});
      builder.Add({kAbsent, a, 3, b});
      const MergeTable merges = *std::move(builder).Build();
      ExpectSafe(spec, {.merges = &merges});
    }
    const auto model =
        MakeBpeModel(std::get<BpeModelSpec>(spec.model), spec.vocabulary, spec.alphabet).value();
    ModelTables tables = model->tables();
    ASSERT_NE(tables.joins, nullptr);
    for (const uint64_t word : {uint64_t{0}, ~uint64_t{0}}) {  // cuts everywhere, and nowhere
      const std::vector<uint64_t> words(tables.joins->words().size(), word);
      const JoinFilter joins = JoinFilter::FromStorage(words, nullptr).value();
      ExpectSafe(spec, {.merges = tables.merges, .joins = &joins});
    }
    const std::vector<TokenId> unmerged = {kAbsent, kLast, a, abc};
    ExpectSafe(spec, {.merges = tables.merges, .unmerged = &unmerged});
    const std::vector<BytePairs::Rule> rules(size_t{1} << 16, {0, kAbsent});
    const BytePairs pairs = BytePairs::FromStorage(rules, spec.vocabulary.size(), nullptr).value();
    ExpectSafe(spec, {.merges = tables.merges, .byte_pairs = &pairs});
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
