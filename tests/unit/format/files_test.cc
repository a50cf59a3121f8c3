// Detection, .tiktoken, tekken.json, vocab + merges, vocab.txt, model directories and the bundled encodings.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/format/base64.h"
#include "src/format/rank_vocabulary.h"
#include "src/format/sha256.h"
#include "src/format/tok_image.h"
#include "src/split/splitter.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/format/format_testing.h"
#include "tok/formats.h"

namespace tok {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

std::string ByteRanks() {
  std::string text;
  for (int value = 0; value < 256; ++value) {
    AppendBase64(std::string(1, static_cast<char>(value)), &text);
    text += Concat(" ", value, "\n");
  }
  return text;
}

std::string Ranks(std::initializer_list<std::string_view> tokens) {
  std::string text = ByteRanks();
  int rank = 256;
  for (const std::string_view token : tokens) {
    AppendBase64(token, &text);
    text += Concat(" ", rank++, "\n");
  }
  return text;
}

TokenizerSpec Tiktoken(const std::string& text, std::string_view pattern) {
  ReadOptions options;
  options.pattern = pattern;
  absl::StatusOr<TokenizerSpec> spec = ParseTiktoken(text, "x.tiktoken", options);
  EXPECT_TRUE(spec.ok()) << spec.status();
  return *std::move(spec);
}

TEST(DetectTest, ContentFirstNameSecond) {
  const TempDir directory;
  const std::string json_file = TokenizerJson(kTinyModel);
  const std::pair<std::string, Format> files[] = {
      {directory.Write("a.json", json_file), Format::kTokenizerJson},
      {directory.Write("b.txt", json_file), Format::kTokenizerJson},
      {directory.Write("c.json", "\n {\"added_tokens\": []}"), Format::kTokenizerJson},
      {directory.Write("d.bin", ByteRanks()), Format::kTiktoken},
      {directory.Write("e.tiktoken", "whatever"), Format::kTiktoken},
      {directory.Write("vocab.json", "{\"a\\\"\": 0}"), Format::kVocabMerges},
      {directory.Write("merges.txt", "a b\n"), Format::kVocabMerges},
      {directory.Write("g", "#version: 0.2\na b\n"), Format::kVocabMerges},
      {directory.Write("h", "[PAD]\n[UNK]\n[CLS]\n"), Format::kWordPieceVocab},
      {directory.Write("vocab.txt", "a\nb\n"), Format::kWordPieceVocab},
      {directory.Write("i.json", R"({"config":{"pattern":"x","default_num_special_tokens":1}})"),
       Format::kTekken},
      {directory.Write("j", "\x0A\x0E\x0A\x05<unk>\x15\x01\x01\x01\x01\x18\x02"), Format::kSentencePiece},
      {directory.Write("k.model", "x"), Format::kSentencePiece},
      {directory.Write("l", "TOKIMAGE...."), Format::kImage},
      {directory.path(), Format::kModelDirectory},
  };
  for (const auto& [path, format] : files) {
    const absl::StatusOr<Format> detected = DetectFormat(path);
    ASSERT_TRUE(detected.ok()) << detected.status();
    EXPECT_EQ(*detected, format) << path << " is " << FormatName(*detected);
  }
}

TEST(DetectTest, OutputsGoBySuffix) {
  const TempDir directory;
  EXPECT_EQ(FormatForOutput("x/tokenizer.json").value(), Format::kTokenizerJson);
  EXPECT_EQ(FormatForOutput("x.tiktoken").value(), Format::kTiktoken);
  EXPECT_EQ(FormatForOutput("x.model").value(), Format::kSentencePiece);
  EXPECT_EQ(FormatForOutput("x.tok").value(), Format::kImage);
  EXPECT_EQ(FormatForOutput("new/").value(), Format::kVocabMerges);
  EXPECT_EQ(FormatForOutput(directory.path()).value(), Format::kVocabMerges);
  EXPECT_EQ(ErrorCodeOf(FormatForOutput("x.txt").status()), ErrorCode::kUsage);
}

TEST(TiktokenTest, ReadsRanksPatternAndSpecials) {
  ReadOptions options;
  options.pattern = "o200k_base";
  options.special_tokens = {AddedToken{.id = 300, .content = "<|x|>"}};
  std::string text = Ranks({"ab"});
  text.insert(text.find('\n'), "\r");
  const TokenizerSpec spec = ParseTiktoken(text + "\n\n", "dir/x.tiktoken", options).value();
  EXPECT_EQ(spec.name, "x");
  EXPECT_EQ(spec.vocabulary.Find("ab"), 256u);
  EXPECT_EQ(spec.vocabulary.Kind(300), TokenKind::kAdded);
  EXPECT_EQ(spec.vocabulary.n_tokens(), 258u);
  EXPECT_TRUE(spec.added_tokens[0].special);
  EXPECT_EQ(spec.unicode_profile, UnicodeProfileName::kTiktoken);
  const auto& split = std::get<pretokenizer::Split>(spec.pre_tokenizers.at(0));
  EXPECT_EQ(split.pattern.text, PatternByName("o200k"));
  EXPECT_EQ(split.behavior, pretokenizer::Behavior::kIsolated);
}

TEST(TiktokenTest, TextBetweenMatchesOfOtherPatternsIsDropped) {
  const TokenizerSpec spec = Tiktoken(ByteRanks(), R"(\w+)");
  const auto& split = std::get<pretokenizer::Split>(spec.pre_tokenizers.at(0));
  EXPECT_EQ(split.behavior, pretokenizer::Behavior::kRemoved);
  EXPECT_TRUE(split.invert);
  EXPECT_TRUE(Tiktoken(ByteRanks(), "none").pre_tokenizers.empty());
}

TEST(TiktokenTest, WritesWhatItReads) {
  const std::string text = Ranks({"ab", "abc", " a"});
  EXPECT_EQ(SerializeTiktoken(Tiktoken(text, "gpt2")).value(), text);
}

std::string ByteLevelTokenizer(std::string_view entries, std::string_view merges,
                               std::string_view more = {}) {
  constexpr std::string_view kStep =
      R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
  return TokenizerJson(
      Concat(R"({"type":"BPE","vocab":{)", ByteEntries(), entries, R"(},"merges":)", merges, more, "}"),
      Concat(R"("pre_tokenizer":)", kStep, R"(,"decoder":)", kStep));
}

TEST(TiktokenTest, MergeListsThatAreRanksCanBeWritten) {
  struct Case {
    const char *name, *entries, *merges, *more;
    bool expressible;
  };
  const Case cases[] = {
      {"canonical", R"(,"ab":256,"abc":257)", R"(["a b","ab c"])", "", true},
      {"all splits", R"(,"ab":256,"bc":257,"abc":258)", R"(["a b","b c","ab c","a bc"])", "", true},
      {"canonical merge missing", R"(,"ab":256,"bc":257,"abc":258)", R"(["a b","b c","a bc"])", "", false},
      {"order differs", R"(,"bc":256,"ab":257)", R"(["a b","b c"])", "", false},
      {"unreachable token", R"(,"ab":256,"xyz":257)", R"(["a b"])", "", false},
      {"unreachable token looked up whole", R"(,"ab":256,"xyz":257)", R"(["a b"])",
       R"(,"ignore_merges":true)", true},
  };
  for (const Case& c : cases) {
    const TokenizerSpec spec =
        ParseTokenizerJson(ByteLevelTokenizer(c.entries, c.merges, c.more), "x.json").value();
    const absl::Status status = SerializeTiktoken(spec).status();
    EXPECT_EQ(ErrorCodeOf(status), c.expressible ? ErrorCode::kNone : ErrorCode::kLossyConversion)
        << c.name << ": " << status;
  }
  TokenizerSpec spec = ParseTokenizerJson(ByteLevelTokenizer("", "[]"), "x.json").value();
  spec.normalizers = {normalizer::Lowercase{}};
  EXPECT_EQ(ErrorCodeOf(SerializeTiktoken(spec).status()), ErrorCode::kLossyConversion);
  spec = ParseTokenizerJson(TokenizerJson(kTinyModel), "x.json").value();
  EXPECT_EQ(ErrorCodeOf(SerializeTiktoken(spec).status()), ErrorCode::kLossyConversion);
}

TEST(TiktokenTest, RanksBecomeCanonicalMerges) {
  // "ab" + "c" and "a" + "bc" both spell abc; only the first can ever be neighbours. xyz cannot be reached.
  const TokenizerSpec spec = Tiktoken(Ranks({"ab", "bc", "abc", "xyz"}), "gpt2");
  const json written = json::parse(SerializeTokenizerJson(spec).value());
  EXPECT_EQ(written["model"]["merges"], json::parse(R"([["a","b"],["b","c"],["ab","c"]])"));
  EXPECT_EQ(written["model"]["ignore_merges"], true);
  EXPECT_EQ(written["pre_tokenizer"]["pretokenizers"][1]["type"], "ByteLevel");
  EXPECT_EQ(written["decoder"]["type"], "ByteLevel");
  const TokenizerSpec again = ParseTokenizerJson(written.dump(), "x.json").value();
  EXPECT_EQ(SerializeTiktoken(again).value(), SerializeTiktoken(spec).value());
}

TEST(TiktokenTest, PatternsAreRewrittenForTheOtherEngineOrRefused) {
  const json cl100k = json::parse(SerializeTokenizerJson(Tiktoken(ByteRanks(), "cl100k")).value());
  const std::string regex = cl100k["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"];
  PatternFamily family;
  ASSERT_TRUE(RecognizePattern(regex, RegexDialect::kOniguruma, &family)) << regex;
  EXPECT_EQ(family, PatternFamily::kCl100k);
  EXPECT_EQ(regex.find("3}+"), std::string::npos) << "Oniguruma reads this as a count of counts";
  EXPECT_EQ(regex.find('$'), std::string::npos) << "Oniguruma reads this as the end of a line";
  for (const char* pattern : {R"(\w+$)", R"(^\w)", R"(\d{1,3}+|\D)"}) {
    EXPECT_EQ(ErrorCodeOf(SerializeTokenizerJson(Tiktoken(ByteRanks(), pattern)).status()),
              ErrorCode::kLossyConversion)
        << pattern;
  }
  for (const char* pattern : {R"(\w+|[^\w$]+|\$)", R"(a++|\^)", R"(\p{L}+|\P{L}++)"}) {
    EXPECT_TRUE(SerializeTokenizerJson(Tiktoken(ByteRanks(), pattern)).ok()) << pattern;
  }
}

std::string Tekken(std::string_view specials) {
  std::string vocab;
  for (int value = 0; value < 256; ++value) {
    std::string encoded;
    AppendBase64(std::string(1, static_cast<char>(value)), &encoded);
    vocab += Concat(value == 0 ? "" : ",", R"({"rank":)", value, R"(,"token_bytes":")", encoded,
                    R"(","token_str":null})");
  }
  vocab +=
      R"(,{"rank":256,"token_bytes":"YWI=","token_str":"ab"},{"rank":257,"token_bytes":"YWM=","token_str":"ac"})";
  return Concat(R"({"config":{"pattern":"[a-z]+|.","num_vocab_tokens":258,"default_vocab_size":261,)",
                R"("default_num_special_tokens":4,"version":"v3"},"image":{"image_patch_size":16},"vocab":[)",
                vocab, "]", specials, "}");
}

TEST(TekkenTest, IdsAreRanksAboveTheSpecialTokens) {
  const TokenizerSpec spec =
      ParseTekken(Tekken(R"(,"special_tokens":[{"rank":0,"token_str":"<unk>","is_control":true},)"
                         R"({"rank":2,"token_str":"</s>","is_control":true}])"),
                  "tekken.json")
          .value();
  EXPECT_EQ(spec.vocabulary.Find("a"), 4u + 'a');
  EXPECT_EQ(spec.vocabulary.Find("ab"), 260u);
  EXPECT_EQ(spec.vocabulary.Find("ac"), kNoToken) << "beyond default_vocab_size";
  ASSERT_EQ(spec.added_tokens.size(), 4u);
  EXPECT_EQ(spec.added_tokens[0].content, "<unk>");
  EXPECT_EQ(spec.added_tokens[1].content, "<SPECIAL_1>");
  EXPECT_EQ(spec.added_tokens[2].content, "</s>");
  EXPECT_EQ(spec.added_tokens[3].content, "<SPECIAL_3>");
  EXPECT_EQ(std::get<BpeModelSpec>(spec.model).mode, BpeModelSpec::Mode::kRank);
}

TEST(TekkenTest, OldFilesImplyTheirSpecialTokens) {
  const TokenizerSpec spec = ParseTekken(Tekken(""), "tekken.json").value();
  EXPECT_EQ(spec.added_tokens[1].content, "<s>");
  EXPECT_EQ(spec.added_tokens[3].content, "[INST]");
}

TEST(VocabMergesTest, ByteLevelPair) {
  const TokenizerSpec spec = ParseVocabMerges(Concat("{", ByteEntries(), R"(,"Ġa":256,"<|endoftext|>":300})"),
                                              "#version: 0.2\r\nĠ a\r\n", "v")
                                 .value();
  EXPECT_EQ(spec.alphabet, VocabularyAlphabet::kBytes);
  EXPECT_EQ(spec.vocabulary.Find(" a"), 256u);
  EXPECT_TRUE(spec.added_tokens.empty()) << "a bare pair has none";
  const auto& step = std::get<pretokenizer::ByteLevel>(spec.pre_tokenizers.at(0));
  EXPECT_FALSE(step.add_prefix_space);
  EXPECT_TRUE(step.use_regex);
  const VocabMergesFiles files = SerializeVocabMerges(spec).value();
  EXPECT_EQ(files.merges_txt, "#version: 0.2\nĠ a\n");
  EXPECT_EQ(json::parse(files.vocab_json)["<|endoftext|>"], 300);
}

TEST(VocabMergesTest, CharacterPairHasCharBpeTokenizersPipeline) {
  const TokenizerSpec spec =
      ParseVocabMerges(R"({"a":0,"b</w>":1,"ab</w>":2,"<unk>":3})", "a b</w>\n", "v").value();
  const auto& bpe = std::get<BpeModelSpec>(spec.model);
  EXPECT_EQ(bpe.end_of_word_suffix, "</w>");
  EXPECT_EQ(bpe.unk_token, "<unk>");
  EXPECT_TRUE(std::holds_alternative<pretokenizer::Bert>(spec.pre_tokenizers.at(0)));
  EXPECT_FALSE(std::get<normalizer::Bert>(spec.normalizers.at(0)).lowercase);
  EXPECT_EQ(ErrorCodeOf(SerializeVocabMerges(spec).status()), ErrorCode::kLossyConversion);
}

TEST(VocabMergesTest, WritesOnlyWhatThePairCanSay) {
  EXPECT_EQ(ErrorCodeOf(SerializeVocabMerges(Tiktoken(ByteRanks(), "cl100k")).status()),
            ErrorCode::kLossyConversion);
  EXPECT_EQ(ErrorCodeOf(SerializeVocabMerges(Tiktoken(Ranks({"xyz"}), "gpt2")).status()),
            ErrorCode::kLossyConversion)
      << "xyz is a token only where whole pieces are looked up";
  const VocabMergesFiles files = SerializeVocabMerges(Tiktoken(Ranks({"ab", "abc"}), "gpt2")).value();
  EXPECT_EQ(files.merges_txt, "#version: 0.2\na b\nab c\n");
}

TEST(VocabMergesTest, EitherPathNamesThePair) {
  const TempDir directory;
  const std::string vocab = directory.Write("gpt2-vocab.json", Concat("{", ByteEntries(), "}"));
  const std::string merges = directory.Write("gpt2-merges.txt", "#version: 0.2\n");
  EXPECT_EQ(ReadTokenizer(vocab).value().vocabulary.size(), 256u);
  EXPECT_EQ(ReadTokenizer(merges).value().vocabulary.size(), 256u);
}

constexpr std::string_view kBertVocab =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello \n##lo\nhe\n\nhe\r\nA\u00a0\nlast";

TEST(WordPieceVocabTest, ReadsAsHuggingFaceDoes) {
  const TokenizerSpec spec = ParseWordPieceVocab(kBertVocab, "vocab.txt").value();
  EXPECT_EQ(spec.vocabulary.Find("hello"), 5u);
  EXPECT_EQ(spec.vocabulary.Find("he"), 9u) << "of equal lines the last counts";
  EXPECT_FALSE(spec.vocabulary.Contains(7));
  EXPECT_EQ(spec.vocabulary.Find("A"), 10u) << "white space at the end is cut off";
  EXPECT_EQ(spec.vocabulary.Find("last"), 11u);
  EXPECT_EQ(spec.added_tokens.size(), 5u);
  EXPECT_EQ(spec.post_processor.single.size(), 3u);
  EXPECT_EQ(spec.post_processor.single[0].ids[0], 2u);
}

std::string ContentsOf(const TokenizerSpec& spec) {
  std::string text;
  for (const AddedToken& token : spec.added_tokens) {
    text += Concat(token.content, "=", token.id, token.special ? "!" : "", token.lstrip ? "<" : "", " ");
  }
  return text;
}

TEST(ModelDirectoryTest, ConfigurationComesOnTopOfTokenizerJson) {
  const TempDir directory;
  directory.Write("tokenizer.json", ByteLevelTokenizer(R"(,"<s>":256)", "[]"));
  directory.Write(
      "tokenizer_config.json",
      R"({"tokenizer_class":"PreTrainedTokenizerFast","add_prefix_space":true,"add_bos_token":true,
                      "bos_token":{"content":"<s>","lstrip":false},"eos_token":"</s>","pad_token":null,
                      "additional_special_tokens":["<x>"],"clean_up_tokenization_spaces":true,"model_max_length":512,
                      "added_tokens_decoder":{"257":{"content":"</s>","lstrip":true,"special":true},
                                              "256":{"content":"<s>","special":true}}})");
  const TokenizerSpec spec = ReadTokenizer(directory.path() + "/").value();
  EXPECT_EQ(ContentsOf(spec), "<s>=256! </s>=257!< <x>=258! ");
  EXPECT_TRUE(std::get<pretokenizer::ByteLevel>(spec.pre_tokenizers.at(0)).add_prefix_space);
  ASSERT_EQ(spec.post_processor.single.size(), 2u);
  EXPECT_EQ(spec.post_processor.single[0].ids[0], 256u);
  EXPECT_EQ(spec.post_processor.pair.size(), 4u);
  EXPECT_EQ(spec.post_processor.pair[2].type_id, 1u);
  ASSERT_EQ(spec.warnings.size(), 1u);
  EXPECT_THAT(spec.warnings[0], HasSubstr("clean_up_tokenization_spaces"));
  EXPECT_EQ(spec.name, directory.path().substr(directory.path().find_last_of('/') + 1));
}

TEST(ModelDirectoryTest, LlamaClassesWriteTheirOwnTemplate) {
  const TempDir directory;
  directory.Write("tokenizer.json", ByteLevelTokenizer(R"(,"<s>":256)", "[]"));
  directory.Write("tokenizer_config.json", R"({"tokenizer_class":"LlamaTokenizer","bos_token":"<s>"})");
  EXPECT_EQ(ReadTokenizer(directory.path()).value().post_processor.single.size(), 2u);
  directory.Write("tokenizer_config.json",
                  R"({"tokenizer_class":"LlamaTokenizerFast","bos_token":"<s>","add_bos_token":false})");
  EXPECT_TRUE(ReadTokenizer(directory.path()).value().post_processor.single.empty());
  directory.Write("tokenizer_config.json", R"({"tokenizer_class":"LlamaTokenizer"})");
  EXPECT_EQ(ErrorCodeOf(ReadTokenizer(directory.path()).status()), ErrorCode::kBadFormat)
      << "no bos to put in front";
}

TEST(ModelDirectoryTest, OlderCompanions) {
  const TempDir directory;
  directory.Write("vocab.json", Concat("{", ByteEntries(), R"(,"<s>":256,"</s>":257})"));
  directory.Write("merges.txt", "#version: 0.2\n");
  directory.Write("tokenizer_config.json",
                  R"({"tokenizer_class":"RobertaTokenizer","add_prefix_space":true})");
  directory.Write("special_tokens_map.json",
                  R"({"bos_token":"<s>","eos_token":{"content":"</s>"},"cls_token":"<s>"})");
  directory.Write("added_tokens.json", R"({"<y>":259,"<x>":258})");
  const TokenizerSpec spec = ReadTokenizer(directory.path()).value();
  EXPECT_EQ(ContentsOf(spec), "<x>=258 <y>=259 <s>=256! </s>=257! ");
  EXPECT_EQ(spec.post_processor.pair.size(), 6u) << "RobertaProcessing";
  EXPECT_TRUE(std::get<pretokenizer::ByteLevel>(spec.pre_tokenizers.at(0)).add_prefix_space);
}

TEST(ModelDirectoryTest, OtherFilesByPreference) {
  const TempDir directory;
  directory.Write("vocab.txt", kBertVocab);
  directory.Write("tokenizer_config.json",
                  R"({"do_lower_case":false,"strip_accents":true,"tokenize_chinese_chars":false})");
  const TokenizerSpec bert = ReadTokenizer(directory.path()).value();
  const auto& normalizer = std::get<normalizer::Bert>(bert.normalizers.at(0));
  EXPECT_FALSE(normalizer.lowercase);
  EXPECT_FALSE(normalizer.handle_chinese_chars);
  EXPECT_EQ(normalizer.strip_accents, true);
  directory.Write("vocab.json", Concat("{", ByteEntries(), "}"));
  EXPECT_EQ(ErrorCodeOf(ReadTokenizer(directory.path()).status()), ErrorCode::kNotFound)
      << "merges.txt is missing";
  directory.Write("merges.txt", "");
  directory.Write("tokenizer_config.json", R"({"tokenizer_class":"XlmTokenizer"})");
  EXPECT_EQ(ErrorCodeOf(ReadTokenizer(directory.path()).status()), ErrorCode::kUnsupportedFeature);
  directory.Write("tokenizer_config.json", "{");
  EXPECT_EQ(ErrorCodeOf(ReadTokenizer(directory.path()).status()), ErrorCode::kBadFormat);
}

TEST(WriteTokenizerTest, EveryFormatIsReadBack) {
  const TempDir directory;
  TokenizerSpec spec = Tiktoken(Ranks({"ab", "abc"}), "gpt2");
  const std::string expected = SerializeTiktoken(spec).value();
  ReadOptions options;
  options.pattern = "gpt2";
  for (const char* name : {"x.json", "x.tiktoken", "x.tok", "pair/"}) {
    const std::string path = directory.path() + "/" + name;
    ASSERT_TRUE(WriteTokenizer(spec, FormatForOutput(path).value(), path).ok()) << name;
    const absl::StatusOr<TokenizerSpec> again = ReadTokenizer(path, options);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(SerializeTiktoken(*again).value(), expected) << name;
  }
  EXPECT_EQ(ErrorCodeOf(WriteTokenizer(spec, Format::kTekken, directory.path() + "/t")), ErrorCode::kUsage);
  EXPECT_EQ(ErrorCodeOf(WriteTokenizer(spec, Format::kTokenizerJson, directory.path() + "/none/x.json")),
            ErrorCode::kWriteFailed);
}

json Manifest() {
  std::ifstream file(TOK_SOURCE_DIR "/vocab/manifest.json");
  return json::parse(file);
}

TEST(BundledTest, DataAreThePublishedFiles) {
  for (const StandardEncoding& encoding : StandardEncodings()) {
    const absl::StatusOr<TokenizerSpec> spec = ReadBundled(encoding.name);
    ASSERT_TRUE(spec.ok()) << spec.status();
    EXPECT_EQ(Sha256Hex(SerializeTiktoken(*spec).value()), encoding.sha256) << encoding.name;
    EXPECT_EQ(spec->name, encoding.name);
  }
  EXPECT_EQ(ErrorCodeOf(ReadBundled("gpt17").status()), ErrorCode::kNotFound);
}

// The images that the build makes say what the ranks say; an image of no use is passed over.
TEST(BundledTest, ImagesAreTheRanks) {
  const TempDir directory;
  for (const StandardEncoding& encoding : StandardEncodings()) {
    const FrozenTokenizer frozen = ReadFrozenBundled(encoding.name).value();
    directory.Write(Concat(encoding.name, ".tok"), "TOKIMAGE of no use");
    std::filesystem::copy_file(Concat(TOK_SOURCE_DIR "/vocab/", encoding.data, ".ranks.zst"),
                               Concat(directory.path(), "/", encoding.data, ".ranks.zst"),
                               std::filesystem::copy_options::skip_existing);
    ASSERT_EQ(setenv("TOK_VOCAB_DIR", directory.path().c_str(), 1), 0);
    const absl::StatusOr<FrozenTokenizer> ranks = ReadFrozenBundled(encoding.name);
    unsetenv("TOK_VOCAB_DIR");
    ASSERT_TRUE(ranks.ok()) << ranks.status();
    EXPECT_TRUE(frozen.bpe.merges.has_value()) << encoding.name << " came from no image";
    EXPECT_FALSE(ranks->bpe.merges.has_value());
    EXPECT_EQ(SpecIdentityHash(frozen.spec), SpecIdentityHash(ranks->spec)) << encoding.name;
    EXPECT_EQ(frozen.spec.name, encoding.name);
    EXPECT_EQ(frozen.spec.source_format, ranks->spec.source_format);
  }
}

TEST(BundledTest, ManifestSaysWhatTheCodeHas) {
  const json manifest = Manifest();
  EXPECT_EQ(manifest["licence"], "MIT");
  ASSERT_EQ(manifest["encodings"].size(), StandardEncodings().size());
  for (size_t i = 0; i < StandardEncodings().size(); ++i) {
    const StandardEncoding& encoding = StandardEncodings()[i];
    const json& entry = manifest["encodings"][i];
    EXPECT_EQ(entry["name"], encoding.name);
    EXPECT_EQ(entry["data"], Concat(encoding.data, ".ranks.zst"));
    EXPECT_EQ(entry["n_ranks"], encoding.n_ranks);
    EXPECT_EQ(entry["pattern"], encoding.pattern_name);
    EXPECT_EQ(entry["sha256_of_tiktoken_file"], encoding.sha256);
    json specials = json::object();
    for (const AddedToken& token : encoding.special_tokens()) specials[token.content] = token.id;
    EXPECT_EQ(entry["special_tokens"], specials) << encoding.name;
    EXPECT_EQ(BundledNames()[i], encoding.name);
  }
}

TEST(BundledTest, PublishedFilesAreRecognisedByContent) {
  const std::string text = SerializeTiktoken(ReadBundled("cl100k_base").value()).value();
  const TokenizerSpec spec = ParseTiktoken(text, "renamed", {}).value();
  EXPECT_EQ(spec.name, "cl100k_base");
  EXPECT_EQ(spec.added_tokens.size(), 5u);
  EXPECT_EQ(std::get<pretokenizer::Split>(spec.pre_tokenizers.at(0)).pattern.text, PatternByName("cl100k"));
}

TEST(BundledTest, HarmonyHasTwoContentsForOneId) {
  const TokenizerSpec spec = ReadBundled("o200k_harmony").value();
  EXPECT_EQ(spec.added_tokens.size(), 1091u);
  std::set<TokenId> ids;
  for (const AddedToken& token : spec.added_tokens) ids.insert(token.id);
  EXPECT_EQ(ids.size(), 1090u);
  EXPECT_EQ(spec.vocabulary.Bytes(200018), "<|endofprompt|>");
  EXPECT_EQ(spec.vocabulary.size(), 201088u);
}

TEST(BundledTest, ChosenDirectoryComesFirst) {
  const TempDir directory;
  directory.Write("p50k_base.ranks.zst", "damaged");
  ASSERT_EQ(setenv("TOK_VOCAB_DIR", directory.path().c_str(), 1), 0);
  const absl::Status status = ReadBundled("gpt2").status();
  unsetenv("TOK_VOCAB_DIR");
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadFormat) << status;
  EXPECT_TRUE(ReadBundled("gpt2").ok());
}

}  // namespace
}  // namespace tok
