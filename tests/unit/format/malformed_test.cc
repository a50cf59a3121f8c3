// Files with one thing wrong each, and the one error that each must give.
#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/format/format_testing.h"
#include "tok/formats.h"

namespace tok {
namespace {

using ::testing::HasSubstr;

constexpr ErrorCode kFormat = ErrorCode::kBadFormat, kVocabulary = ErrorCode::kBadVocabulary,
                    kUnsupported = ErrorCode::kUnsupportedFeature, kMerges = ErrorCode::kBadMerges,
                    kLimit = ErrorCode::kLimit, kUsage = ErrorCode::kUsage;

struct BadFile {
  const char* name;
  std::string content;
  ErrorCode code;
  const char* message;  // a part of it: the place or the fact
};

void ExpectRefused(const BadFile& bad, const absl::Status& status) {
  EXPECT_EQ(ErrorCodeOf(status), bad.code) << bad.name << ": " << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(bad.message)) << bad.name;
  EXPECT_THAT(std::string(status.message()), HasSubstr("bad file")) << bad.name << " must name the file";
}

std::string Model(std::string_view members) { return TokenizerJson(Concat("{", members, "}")); }
std::string Bpe(std::string_view vocab, std::string_view merges, std::string_view more = {}) {
  return Model(Concat(R"("type":"BPE","vocab":)", vocab, R"(,"merges":)", merges, more));
}
std::string Unigram(std::string_view vocab, std::string_view more = {}) {
  return Model(Concat(R"("type":"Unigram","vocab":)", vocab, more));
}
std::string AddedTokens(std::string_view list) { return WithSection("added_tokens", list); }
std::string Added(std::string_view id, std::string_view content, std::string_view special = "true") {
  return Concat(R"({"id":)", id, R"(,"content":")", content, R"(","single_word":false,"lstrip":false,)",
                R"("rstrip":false,"normalized":false,"special":)", special, "}");
}
std::string Template(std::string_view single, std::string_view pair, std::string_view tokens) {
  return WithSection("post_processor", Concat(R"({"type":"TemplateProcessing","single":)", single,
                                              R"(,"pair":)", pair, R"(,"special_tokens":)", tokens, "}"));
}
constexpr std::string_view kSequenceA = R"({"Sequence":{"id":"A","type_id":0}})";
constexpr std::string_view kPair =
    R"([{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}])";

TEST(MalformedTest, TokenizerJsonSyntax) {
  const BadFile files[] = {
      {"empty", "", kFormat, "bad file"},
      {"truncated", TokenizerJson(kTinyModel).substr(0, 60), kFormat, "bad file:1"},
      {"not an object", "[1,2]", kFormat, "is an array where an object belongs"},
      {"not UTF-8", TokenizerJson("{\"type\":\"\xFF\"}"), kFormat, "invalid UTF-8 at byte"},
      {"lone surrogate", TokenizerJson(R"({"type":"\ud800"})"), kFormat, "bad file"},
      {"huge number", Bpe(R"({"a":1e400})", "[]"), kFormat, "bad file"},
      {"integer beyond 64 bits", Bpe(R"({"a":99999999999999999999999})", "[]"), kFormat, "bad file"},
      {"deep nesting", std::string(5000, '[') + std::string(5000, ']'), kLimit, "nested"},
      {"trailing text", TokenizerJson(kTinyModel) + "x", kFormat, "bad file"},
      {"section twice", TokenizerJson(kTinyModel, R"("version":"1.0")"), kFormat,
       "$.version: is given twice"},
      {"unknown section", WithSection("detokenizer", "{}"), kUnsupported, "$.detokenizer"},
      {"other version", R"({"version":"2.0","model":{}})", kUnsupported, "$.version"},
      {"version no string", R"({"version":1,"model":{}})", kFormat, "$.version"},
      {"no model", R"({"version":"1.0"})", kFormat, "has no \"model\""},
      {"model null", R"({"version":"1.0","model":null})", kFormat, "has no \"model\""},
  };
  for (const BadFile& bad : files) ExpectRefused(bad, ParseTokenizerJson(bad.content, "bad file").status());
}

TEST(MalformedTest, TokenizerJsonModels) {
  const BadFile files[] = {
      {"unknown model", Model(R"("type":"Magic","vocab":{})"), kUnsupported, "\"Magic\""},
      {"no model at all", Model(R"("x":1)"), kFormat, "has no vocab"},
      {"unknown member", Bpe("{}", "[]", R"(,"fancy":true)"), kUnsupported, "$.model.fancy"},
      {"no vocab", Model(R"("type":"BPE","merges":[])"), kFormat, "has no \"vocab\""},
      {"no merges", Model(R"("type":"BPE","vocab":{})"), kFormat, "has no \"merges\""},
      {"vocab an array", Bpe("[]", "[]"), kFormat, "$.model.vocab: is an array"},
      {"id a string", Bpe(R"({"a":"0"})", "[]"), kFormat, "$.model.vocab.a: is a string"},
      {"id a fraction", Bpe(R"({"a":0.5})", "[]"), kFormat, "$.model.vocab.a"},
      {"id negative", Bpe(R"({"a":-1})", "[]"), kVocabulary, "$.model.vocab.a: is outside"},
      {"id too large", Bpe(R"({"a":16777216})", "[]"), kVocabulary, "is outside 0 to 16777215"},
      {"id twice", Bpe(R"({"a":0,"b":0})", "[]"), kVocabulary, "two tokens have this id"},
      {"token twice", Bpe(R"({"a":0,"a":1})", "[]"), kVocabulary, "$.model.vocab.a: is given twice"},
      {"merge of an absent token", Bpe(R"({"a":0,"b":1,"ab":2})", R"([["a","b"],["a","z"]])"), kMerges,
       "$.model.merges[1]: names \"z\""},
      {"merge into an absent token", Bpe(R"({"a":0,"b":1})", R"(["a b"])"), kMerges, "makes \"ab\""},
      {"merge of three", Bpe(R"({"a":0})", R"(["a a a"])"), kMerges, "$.model.merges[0]"},
      {"merge of one", Bpe(R"({"a":0})", R"(["a"])"), kMerges, "$.model.merges[0]"},
      {"merge pair of three", Bpe(R"({"a":0})", R"([["a","a","a"]])"), kMerges, "is not a pair"},
      {"merge pair of numbers", Bpe(R"({"a":0})", "[[0,0]]"), kMerges, "is not a pair"},
      {"merge a number", Bpe(R"({"a":0})", "[7]"), kMerges, "neither a string nor a pair"},
      {"merges mixed", Bpe(R"({"a":0,"b":1,"ab":2})", R"(["a b",["a","b"]])"), kMerges, "mixes"},
      {"merges an object", Bpe("{}", "{}"), kFormat, "$.model.merges: is an object"},
      {"merge shorter than the prefix",
       Bpe(R"({"a":0,"b":1,"ab":2})", R"([["a","b"]])", R"(,"continuing_subword_prefix":"##")"), kMerges,
       "shorter"},
      {"dropout", Bpe("{}", "[]", R"(,"dropout":0.1)"), kUnsupported, "dropout"},
      {"dropout above 1", Bpe("{}", "[]", R"(,"dropout":2)"), kFormat, "$.model.dropout"},
      {"unk_token a number", Bpe("{}", "[]", R"(,"unk_token":3)"), kFormat, "$.model.unk_token"},
      {"WordPiece without unk",
       Model(R"("type":"WordPiece","vocab":{},"continuing_subword_prefix":"##",)"
             R"("max_input_chars_per_word":100)"),
       kFormat, "has no \"unk_token\""},
      {"WordLevel without unk", Model(R"("type":"WordLevel","vocab":{})"), kFormat, "has no \"unk_token\""},
      {"Unigram vocab an object", Unigram("{}"), kFormat, "is an object where an array"},
      {"Unigram piece without score", Unigram(R"([["a"]])"), kFormat, "$.model.vocab[0]"},
      {"Unigram score a string", Unigram(R"([["a","b"]])"), kFormat, "$.model.vocab[0][1]"},
      {"Unigram unk_id outside", Unigram(R"([["a",0]])", R"(,"unk_id":1)"), kVocabulary, "$.model.unk_id"},
      {"Unigram unk_id negative", Unigram(R"([["a",0]])", R"(,"unk_id":-1)"), kVocabulary, "$.model.unk_id"},
  };
  for (const BadFile& bad : files) ExpectRefused(bad, ParseTokenizerJson(bad.content, "bad file").status());
}

TEST(MalformedTest, TokenizerJsonSteps) {
  const auto normalizer = [](std::string_view json) { return WithSection("normalizer", json); };
  const auto pre_tokenizer = [](std::string_view json) { return WithSection("pre_tokenizer", json); };
  const auto decoder = [](std::string_view json) { return WithSection("decoder", json); };
  const BadFile files[] = {
      {"unknown normalizer", normalizer(R"({"type":"NFX"})"), kUnsupported, "normalizer \"NFX\""},
      {"normalizer without type", normalizer("{}"), kFormat, "without a type"},
      {"type a number", normalizer(R"({"type":5,"prepend":"x"})"), kFormat, "no string"},
      {"normalizer a string", normalizer(R"("NFC")"), kFormat, "$.normalizer: is a string"},
      {"unknown member", normalizer(R"({"type":"NFC","fast":true})"), kUnsupported, "$.normalizer.fast"},
      {"step of a sequence", normalizer(R"({"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"X"}]})"),
       kUnsupported, "$.normalizer.normalizers[1]"},
      {"Strip without a side", normalizer(R"({"type":"Strip","strip_left":true})"), kFormat, "strip_right"},
      {"pattern of two kinds",
       normalizer(R"({"type":"Replace","pattern":{"String":"a","Regex":"b"},"content":""})"), kFormat,
       "$.normalizer.pattern"},
      {"charsmap no base64", normalizer(R"({"type":"Precompiled","precompiled_charsmap":"?"})"), kFormat,
       "base64"},
      {"unknown pre-tokenizer", pre_tokenizer(R"({"type":"Delimiter"})"), kUnsupported, "\"Delimiter\""},
      {"unknown behavior",
       pre_tokenizer(R"({"type":"Split","pattern":{"String":"a"},"behavior":"Kept","invert":false})"),
       kUnsupported, "\"Kept\""},
      {"Split without invert",
       pre_tokenizer(R"({"type":"Split","pattern":{"String":"a"},"behavior":"Removed"})"), kFormat, "invert"},
      {"Metaspace of two characters", pre_tokenizer(R"({"type":"Metaspace","replacement":"__"})"), kFormat,
       "single character"},
      {"Metaspace contradiction",
       pre_tokenizer(
           R"({"type":"Metaspace","replacement":"_","add_prefix_space":false,"prepend_scheme":"first"})"),
       kFormat, "contradicts"},
      {"ByteLevel without flags", pre_tokenizer(R"({"type":"ByteLevel"})"), kFormat, "add_prefix_space"},
      {"FixedLength 0", pre_tokenizer(R"({"type":"FixedLength","length":0})"), kFormat, "length 0"},
      {"unknown decoder", decoder(R"({"type":"Babel"})"), kUnsupported, "decoder \"Babel\""},
      {"decoder of nothing", decoder(R"({"type":"Sequence"})"), kFormat, "decoders"},
      {"Strip of a negative count", decoder(R"({"type":"Strip","content":" ","start":-1,"stop":0})"), kFormat,
       "$.decoder.start"},
  };
  for (const BadFile& bad : files) ExpectRefused(bad, ParseTokenizerJson(bad.content, "bad file").status());
}

TEST(MalformedTest, TokenizerJsonAddedTokensAndTemplates) {
  const std::string items = Concat("[", kSequenceA, R"(,{"SpecialToken":{"id":"[X]","type_id":0}}])");
  const std::string only_a = Concat("[", kSequenceA, "]");
  const BadFile files[] = {
      {"added tokens an object", AddedTokens("{}"), kFormat, "$.added_tokens: is an object"},
      {"added token without id", AddedTokens(R"([{"content":"x"}])"), kFormat,
       "$.added_tokens[0]: has no \"id\""},
      {"added token without flags", AddedTokens(R"([{"id":3,"content":"x"}])"), kFormat, "single_word"},
      {"added id negative", AddedTokens(Concat("[", Added("-3", "x"), "]")), kVocabulary,
       "$.added_tokens[0].id"},
      {"added content a number", AddedTokens(R"([{"id":3,"content":5}])"), kFormat,
       "$.added_tokens[0].content"},
      {"one content, other flags",
       AddedTokens(Concat("[", Added("3", "x"), ",", Added("3", "x", "false"), "]")), kVocabulary,
       "different flags"},
      {"added id of a gap",
       TokenizerJson(R"({"type":"BPE","vocab":{"a":0,"b":2},"merges":[]})",
                     Concat(R"("added_tokens":[)", Added("2", "x"), "]")),
       kVocabulary, "two tokens have this id"},
      {"template names no token", Template(items, kPair, "{}"), kFormat, "[X]"},
      {"template id outside", Template(items, kPair, R"({"[X]":{"id":"[X]","ids":[9],"tokens":["[X]"]}})"),
       kVocabulary, "adds id 9"},
      {"template ids and tokens differ",
       Template(items, kPair, R"({"[X]":{"id":"[X]","ids":[1,2],"tokens":["a"]}})"), kFormat,
       "has 2 ids and 1 tokens"},
      {"single without A", Template("[]", kPair, "{}"), kUnsupported, "$.post_processor.single"},
      {"pair without B", Template(only_a, only_a, "{}"), kUnsupported, "$.post_processor.pair"},
      {"template of strings", Template(R"(["$A"])", kPair, "{}"), kFormat, "$.post_processor.single[0]"},
      {"unknown post-processor", WithSection("post_processor", R"({"type":"Magic"})"), kUnsupported,
       "\"Magic\""},
      {"Bert without cls", WithSection("post_processor", R"({"type":"BertProcessing","sep":["a",0]})"),
       kFormat, "cls"},
      {"Bert pair of one",
       WithSection("post_processor", R"({"type":"BertProcessing","sep":["a"],"cls":["a",0]})"), kFormat,
       "$.post_processor.sep"},
      {"two templates",
       WithSection("post_processor",
                   R"({"type":"Sequence","processors":[{"type":"BertProcessing","sep":["a",0],)"
                   R"("cls":["b",1]},{"type":"BertProcessing","sep":["a",0],"cls":["b",1]}]})"),
       kUnsupported, "second post-processor"},
  };
  for (const BadFile& bad : files) ExpectRefused(bad, ParseTokenizerJson(bad.content, "bad file").status());
}

TEST(MalformedTest, Tiktoken) {
  std::string bytes;
  for (int value = 0; value < 255; ++value) {
    const char hex[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes += Concat(std::string{hex[value >> 2], hex[(value & 3) << 4]}, "== ", value, "\n");
  }
  ReadOptions with_pattern;
  with_pattern.pattern = "gpt2";
  const BadFile files[] = {
      {"empty", "", kFormat, "has no tokens"},
      {"no rank", bytes + "/w==\n", kFormat, "bad file:256"},
      {"no base64", "*** 0\n", kFormat, "bad file:1"},
      {"rank no number", "/w== x\n", kFormat, "is no rank"},
      {"rank negative", "/w== -1\n", kFormat, "is no rank"},
      {"rank too large", "/w== 16777216\n", kVocabulary, "above"},
      {"rank beyond 64 bits", "/w== 99999999999999999999999\n", kVocabulary, "above"},
      {"rank twice", bytes + "/w== 0\n", kVocabulary, "bad file:256"},
      {"token twice", bytes + "AA== 300\n", kVocabulary, "same bytes"},
      {"a byte is missing", bytes, kVocabulary, "no token for byte 255"},
      {"empty token", bytes + " 255\n", kFormat, "bad file:256"},
  };
  for (const BadFile& bad : files)
    ExpectRefused(bad, ParseTiktoken(bad.content, "bad file", with_pattern).status());
  bytes += "/w== 255\n";
  EXPECT_TRUE(ParseTiktoken(bytes, "good file", with_pattern).ok());
  ExpectRefused({"no pattern", "", kUsage, "carries neither"}, ParseTiktoken(bytes, "bad file", {}).status());
  ReadOptions bad_options = with_pattern;
  bad_options.pattern = "gpt17";
  EXPECT_EQ(ErrorCodeOf(ParseTiktoken(bytes, "bad file", bad_options).status()), kUsage);
  bad_options = with_pattern;
  bad_options.special_tokens = {AddedToken{.id = 7, .content = "<x>"}};
  EXPECT_EQ(ErrorCodeOf(ParseTiktoken(bytes, "bad file", bad_options).status()), kVocabulary);
  bad_options.special_tokens = {AddedToken{.id = kNoToken, .content = "<x>"}};
  EXPECT_EQ(ErrorCodeOf(ParseTiktoken(bytes, "bad file", bad_options).status()), kUsage);
}

TEST(MalformedTest, Tekken) {
  const std::string config =
      R"("config":{"pattern":"x","default_vocab_size":2,"default_num_special_tokens":1})";
  const BadFile files[] = {
      {"no config", "{}", kFormat, "has no \"config\""},
      {"no pattern", R"({"config":{}})", kFormat, "has no \"pattern\""},
      {"more specials than tokens",
       R"({"config":{"pattern":"x","default_vocab_size":2,"default_num_special_tokens":3}})", kVocabulary,
       "default_num_special_tokens"},
      {"no vocab", Concat("{", config, "}"), kFormat, "has no \"vocab\""},
      {"too few tokens", Concat("{", config, R"(,"vocab":[]})"), kVocabulary, "has 0 tokens where 1"},
      {"ranks out of order", Concat("{", config, R"(,"vocab":[{"rank":1,"token_bytes":"AA=="}]})"),
       kVocabulary, "at position 0"},
      {"no base64", Concat("{", config, R"(,"vocab":[{"rank":0,"token_bytes":"?"}]})"), kFormat, "base64"},
      {"bytes missing", Concat("{", config, R"(,"vocab":[{"rank":0,"token_bytes":"AA=="}]})"), kVocabulary,
       "no token for byte 1"},
      {"special rank outside",
       Concat("{", config,
              R"(,"vocab":[{"rank":0,"token_bytes":"AA=="}],"special_tokens":[{"rank":5,"token_str":"x"}]})"),
       kVocabulary, "$.special_tokens[0]"},
  };
  for (const BadFile& bad : files) ExpectRefused(bad, ParseTekken(bad.content, "bad file").status());
}

TEST(MalformedTest, VocabMergesAndWordPiece) {
  const std::string vocab = Concat("{", ByteEntries(), R"(,"ab":256})");
  const std::pair<BadFile, std::string> pairs[] = {
      {{"vocab no JSON", "{", kFormat, "bad file"}, ""},
      {{"vocab an array", "[]", kFormat, "bad file"}, ""},
      {{"id a string", R"({"a":"x"})", kFormat, "$.a"}, ""},
      {{"of no kind", R"({"a":0})", kUnsupported, "neither byte-level"}, ""},
      {{"merge of three", vocab, kMerges, "merges.txt:2"}, "#version: 0.2\na b c\n"},
      {{"blank line", vocab, kMerges, "merges.txt:2"}, "a b\n\n"},
      {{"absent token", vocab, kMerges, "names \"zz\""}, "a zz\n"},
      {{"absent result", vocab, kMerges, "makes \"ba\""}, "b a\n"},
  };
  for (const auto& [bad, merges] : pairs) {
    ExpectRefused(bad, ParseVocabMerges(bad.content, merges, "bad file").status());
  }
  const BadFile vocabs[] = {
      {"empty", "", kVocabulary, "[UNK]"},
      {"no [CLS]", "[UNK]\n[SEP]\n", kVocabulary, "[CLS]"},
      {"not UTF-8", "[UNK]\n\xFF\n", kFormat, "invalid UTF-8"},
  };
  for (const BadFile& bad : vocabs) ExpectRefused(bad, ParseWordPieceVocab(bad.content, "bad file").status());
}

TEST(MalformedTest, FilesOfTheWrongKind) {
  const TempDir directory;
  const std::pair<std::string, ErrorCode> files[] = {
      {directory.path() + "/missing.json", ErrorCode::kNotFound},
      {directory.path(), ErrorCode::kUnknownFormat},
      {directory.Write("empty.json", ""), ErrorCode::kUnknownFormat},
      {directory.Write("config.json", R"({"architectures":["X"]})"), ErrorCode::kUnknownFormat},
      {directory.Write("tokenizer_config.json", R"({"added_tokens_decoder":{},"tokenizer_class":"X"})"),
       ErrorCode::kUnknownFormat},
      {directory.Write("text.txt", "It was a bright cold day in April."), ErrorCode::kUnknownFormat},
      {directory.Write("zeros.bin", std::string(1000, '\0')), ErrorCode::kUnknownFormat},
      {directory.Write("x.tiktoken", "no tokens here\n"), kFormat},
      {directory.Write("lone-vocab.json", R"({"a":0})"), ErrorCode::kNotFound},
  };
  for (const auto& [path, code] : files) {
    const absl::Status status = ReadTokenizer(path).status();
    EXPECT_EQ(ErrorCodeOf(status), code) << path << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(directory.path()));
  }
}

}  // namespace
}  // namespace tok
