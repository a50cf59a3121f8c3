#include <nlohmann/json.hpp>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/format/format_testing.h"
#include "tok/formats.h"

namespace tok {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TokenizerSpec Read(const std::string& text, const ReadOptions& options = {}) {
  absl::StatusOr<TokenizerSpec> spec = ParseTokenizerJson(text, "dir/tiny.tokenizer.json", options);
  EXPECT_TRUE(spec.ok()) << spec.status() << "\n" << text;
  return spec.ok() ? *std::move(spec) : TokenizerSpec();
}

json WrittenAgain(const TokenizerSpec& spec) {
  const absl::StatusOr<std::string> written = SerializeTokenizerJson(spec);
  EXPECT_TRUE(written.ok()) << written.status();
  return written.ok() ? json::parse(*written) : json();
}

std::string ByteLevelJson(std::string_view more_entries, std::string_view merges, std::string_view more_model,
                          std::string_view sections) {
  constexpr std::string_view kStep =
      R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
  return TokenizerJson(Concat(R"({"type":"BPE","vocab":{)", ByteEntries(), more_entries, R"(},"merges":)",
                              merges, more_model, "}"),
                       Concat(R"("pre_tokenizer":)", kStep, R"(,"decoder":)", kStep, sections));
}

TEST(TokenizerJsonTest, EveryStepGoesInAndOut) {
  const std::pair<const char*, const char*> sections[] = {
      {"normalizer", R"({"type":"NFC"})"},
      {"normalizer", R"({"type":"NFD"})"},
      {"normalizer", R"({"type":"NFKC"})"},
      {"normalizer", R"({"type":"NFKD"})"},
      {"normalizer", R"({"type":"Nmt"})"},
      {"normalizer", R"({"type":"Lowercase"})"},
      {"normalizer", R"({"type":"StripAccents"})"},
      {"normalizer", R"({"type":"ByteLevel"})"},
      {"normalizer", R"({"type":"Strip","strip_left":true,"strip_right":false})"},
      {"normalizer",
       R"({"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":false,"strip_accents":true,"lowercase":false})"},
      {"normalizer",
       R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true})"},
      {"normalizer", R"({"type":"Replace","pattern":{"String":"a"},"content":"b"})"},
      {"normalizer", R"({"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"})"},
      {"normalizer", R"({"type":"Prepend","prepend":"▁"})"},
      {"normalizer", R"({"type":"Precompiled","precompiled_charsmap":"AAAAAA=="})"},
      {"normalizer", R"({"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]})"},
      {"pre_tokenizer",
       R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":false})"},
      {"pre_tokenizer",
       R"({"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false})"},
      {"pre_tokenizer", R"({"type":"Split","pattern":{"Regex":"\\d"},"behavior":"Removed","invert":true})"},
      {"pre_tokenizer",
       R"({"type":"Split","pattern":{"Regex":"\\d"},"behavior":"MergedWithNext","invert":false})"},
      {"pre_tokenizer",
       R"({"type":"Split","pattern":{"Regex":"\\d"},"behavior":"Contiguous","invert":false})"},
      {"pre_tokenizer", R"({"type":"Split","pattern":{"Regex":"\\d"},"behavior":"Isolated","invert":false})"},
      {"pre_tokenizer", R"({"type":"Whitespace"})"},
      {"pre_tokenizer", R"({"type":"WhitespaceSplit"})"},
      {"pre_tokenizer", R"({"type":"BertPreTokenizer"})"},
      {"pre_tokenizer", R"({"type":"UnicodeScripts"})"},
      {"pre_tokenizer", R"({"type":"Punctuation","behavior":"Contiguous"})"},
      {"pre_tokenizer", R"({"type":"Digits","individual_digits":true})"},
      {"pre_tokenizer", R"({"type":"CharDelimiterSplit","delimiter":"é"})"},
      {"pre_tokenizer", R"({"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false})"},
      {"pre_tokenizer", R"({"type":"Metaspace","replacement":"_","prepend_scheme":"never","split":true})"},
      {"pre_tokenizer", R"({"type":"FixedLength","length":3})"},
      {"pre_tokenizer",
       R"({"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"UnicodeScripts"}]})"},
      {"decoder", R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})"},
      {"decoder", R"({"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true})"},
      {"decoder", R"({"type":"WordPiece","prefix":"##","cleanup":false})"},
      {"decoder", R"({"type":"BPEDecoder","suffix":"</w>"})"},
      {"decoder", R"({"type":"ByteFallback"})"},
      {"decoder", R"({"type":"Fuse"})"},
      {"decoder", R"({"type":"Strip","content":" ","start":1,"stop":2})"},
      {"decoder", R"({"type":"Replace","pattern":{"String":"▁"},"content":" "})"},
      {"decoder", R"({"type":"CTC","pad_token":"<pad>","word_delimiter_token":"|","cleanup":true})"},
      {"decoder", R"({"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]})"},
      {"decoder", R"({"type":"Sequence","decoders":[]})"},
      {"post_processor",
       R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true})"},
  };
  for (const auto& [name, text] : sections) {
    EXPECT_EQ(WrittenAgain(Read(WithSection(name, text)))[name], json::parse(text)) << text;
  }
}

TEST(TokenizerJsonTest, OlderSpellingsMeanTheSame) {
  struct Case {
    const char *name, *old_text, *new_text;
  };
  const Case cases[] = {
      {"normalizer", R"({"strip_left":true,"strip_right":true})",
       R"({"type":"Strip","strip_left":true,"strip_right":true})"},
      {"normalizer", R"({"pattern":{"String":"a"},"content":"b"})",
       R"({"type":"Replace","pattern":{"String":"a"},"content":"b"})"},
      {"normalizer", R"({"prepend":"x"})", R"({"type":"Prepend","prepend":"x"})"},
      {"normalizer", R"({"normalizers":[{"type":"NFC"}]})", R"({"type":"NFC"})"},
      {"normalizer",
       R"({"type":"Sequence","normalizers":[{"type":"Sequence","normalizers":[{"type":"NFC"}]}]})",
       R"({"type":"NFC"})"},
      {"pre_tokenizer", R"({"type":"Metaspace","replacement":"_","str_rep":"_","add_prefix_space":true})",
       R"({"type":"Metaspace","replacement":"_","prepend_scheme":"always","split":true})"},
      {"pre_tokenizer",
       R"({"type":"Metaspace","replacement":"_","add_prefix_space":true,"prepend_scheme":"never"})",
       R"({"type":"Metaspace","replacement":"_","prepend_scheme":"never","split":true})"},
      {"pre_tokenizer", R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true})",
       R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})"},
      {"pre_tokenizer", R"({"type":"Punctuation"})", R"({"type":"Punctuation","behavior":"Isolated"})"},
      {"pre_tokenizer", R"({"type":"FixedLength"})", R"({"type":"FixedLength","length":5})"},
      {"decoder", R"({"suffix":"</w>"})", R"({"type":"BPEDecoder","suffix":"</w>"})"},
      {"decoder", R"({"prefix":"##","cleanup":true})",
       R"({"type":"WordPiece","prefix":"##","cleanup":true})"},
      {"decoder", R"({"content":" ","start":1,"stop":0})",
       R"({"type":"Strip","content":" ","start":1,"stop":0})"},
  };
  for (const auto& [name, old_text, new_text] : cases) {
    EXPECT_EQ(WrittenAgain(Read(WithSection(name, old_text)))[name], json::parse(new_text)) << old_text;
  }
}

TEST(TokenizerJsonTest, ModelsGoInAndOut) {
  const char* models[] = {
      R"({"type":"BPE","dropout":null,"unk_token":"a","continuing_subword_prefix":"##","end_of_word_suffix":"</w>",
          "fuse_unk":true,"byte_fallback":true,"ignore_merges":true,"vocab":{"a":0,"##b":1,"ab":2,"<0x0A>":3},
          "merges":[["a","##b"]]})",
      R"({"type":"BPE","dropout":0.0,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,
          "fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":{},"merges":[]})",
      R"({"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["▁a",-1.25],["\"\\",-2.0]],"byte_fallback":false})",
      R"({"type":"Unigram","unk_id":null,"vocab":[],"byte_fallback":true})",
      R"({"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
          "vocab":{"[UNK]":0,"a":1,"##b":7}})",
      R"({"type":"WordLevel","unk_token":"<unk>","vocab":{"<unk>":0,"a b\n\u0001":1}})",
  };
  for (const char* text : models)
    EXPECT_EQ(WrittenAgain(Read(TokenizerJson(text)))["model"], json::parse(text)) << text;
}

TEST(TokenizerJsonTest, UntypedModelsAreToldByTheirMembers) {
  EXPECT_TRUE(std::holds_alternative<BpeModelSpec>(Read(TokenizerJson(R"({"vocab":{},"merges":[]})")).model));
  EXPECT_TRUE(std::holds_alternative<UnigramModelSpec>(Read(TokenizerJson(R"({"vocab":[["a",0]]})")).model));
  EXPECT_TRUE(std::holds_alternative<WordLevelModelSpec>(
      Read(TokenizerJson(R"({"vocab":{"a":0},"unk_token":"a"})")).model));
  EXPECT_TRUE(std::holds_alternative<WordPieceModelSpec>(
      Read(TokenizerJson(
               R"({"vocab":{},"unk_token":"a","continuing_subword_prefix":"","max_input_chars_per_word":9})"))
          .model));
}

TEST(TokenizerJsonTest, MergesAsStrings) {
  const TokenizerSpec spec = Read(TokenizerJson(
      R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"aba":3},"merges":["#version: 0.2","a b","ab a"]})"));
  EXPECT_THAT(std::get<BpeModelSpec>(spec.model).merges, ElementsAre(Merge{0, 1}, Merge{2, 0}));
}

TEST(TokenizerJsonTest, KindsOfTokens) {
  const TokenizerSpec bpe = Read(TokenizerJson(
      R"({"type":"BPE","unk_token":"u","byte_fallback":true,"vocab":{"u":0,"<0x0A>":1,"<0xZZ>":2,"<0x0a>":3},"merges":[]})"));
  EXPECT_EQ(bpe.vocabulary.Kind(0), TokenKind::kUnknown);
  EXPECT_EQ(bpe.vocabulary.Kind(1), TokenKind::kByte);
  EXPECT_EQ(bpe.vocabulary.Kind(2), TokenKind::kNormal);
  EXPECT_EQ(bpe.vocabulary.Kind(3), TokenKind::kNormal) << "Hugging Face spells bytes in capitals";
  const TokenizerSpec unigram =
      Read(TokenizerJson(R"({"type":"Unigram","unk_id":1,"vocab":[["a",-1],["b",-2],["a",-3]]})"));
  EXPECT_EQ(unigram.vocabulary.Kind(1), TokenKind::kUnknown);
  EXPECT_EQ(unigram.vocabulary.Find("a"), 2u) << "of equal pieces the last is found";
  EXPECT_EQ(unigram.vocabulary.Kind(0), TokenKind::kLiteral);
  EXPECT_EQ(unigram.vocabulary.Score(2), -3.0);
}

TEST(TokenizerJsonTest, ByteLevelVocabulariesAreHeldAsBytes) {
  const TokenizerSpec spec =
      Read(ByteLevelJson(R"(,"Ġa":256,"日":257,"日a":258)", R"(["Ġ a","日 a"])", "", ""));
  EXPECT_EQ(spec.alphabet, VocabularyAlphabet::kBytes);
  EXPECT_EQ(spec.vocabulary.Bytes(256), " a");
  EXPECT_EQ(spec.vocabulary.Find(std::string_view("\0", 1)), 0u);
  EXPECT_EQ(spec.vocabulary.Find("\xFF"), 255u);
  EXPECT_EQ(spec.vocabulary.Kind(257), TokenKind::kLiteral);
  EXPECT_EQ(spec.vocabulary.Bytes(257), "日");
  EXPECT_THAT(std::get<BpeModelSpec>(spec.model).merges, ElementsAre(Merge{32, 97}))
      << "no text leads to literals";
  const json again = WrittenAgain(spec);
  EXPECT_EQ(again["model"]["vocab"]["Ġa"], 256);
  EXPECT_EQ(again["model"]["vocab"]["日"], 257);
}

TEST(TokenizerJsonTest, OtherVocabulariesStayAsSpelled) {
  const std::string text = ByteLevelJson("", "[]", "", "");
  const auto alphabet_without = [&](std::string_view part, std::string_view replacement) {
    std::string changed = text;
    const size_t at = changed.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    changed.replace(at, part.size(), replacement);
    return Read(changed).alphabet;
  };
  EXPECT_EQ(Read(text).alphabet, VocabularyAlphabet::kBytes);
  EXPECT_EQ(alphabet_without("\"Ġ\":32", "\"ĠĠ\":32"), VocabularyAlphabet::kText) << "a byte is missing";
  EXPECT_EQ(alphabet_without("\"pre_tokenizer\":", "\"pre_tokenizer\":null,\"normalizer\":null,\"padding\":"),
            VocabularyAlphabet::kText);
  EXPECT_EQ(alphabet_without(R"("merges":[])", R"("merges":[],"end_of_word_suffix":"</w>")"),
            VocabularyAlphabet::kText);
  EXPECT_EQ(alphabet_without(R"("pre_tokenizer")", R"("normalizer":{"type":"ByteLevel"},"pre_tokenizer")"),
            VocabularyAlphabet::kText)
      << "bytes are spelled twice";
  EXPECT_EQ(alphabet_without(R"("decoder":{"type":"ByteLevel")",
                             R"("decoder":null,"truncation":{"type":"ByteLevel")"),
            VocabularyAlphabet::kText)
      << "the decoder does not undo the spelling";
}

std::string AddedToken(TokenId id, std::string_view content) {
  return Concat(R"({"id":)", id, R"(,"content":")", content,
                R"(","single_word":false,"lstrip":true,"rstrip":false,"normalized":false,"special":true})");
}

// Measured with tokenizers 0.23.3 on the same files (vocabulary a b ab).
TEST(TokenizerJsonTest, AddedTokensGetTheIdsThatHuggingFaceGives) {
  struct Case {
    std::vector<std::pair<TokenId, const char*>> listed;
    std::vector<TokenId> ids;
    size_t n_warnings;
  };
  const Case cases[] = {
      {{{3, "<s>"}}, {3}, 0},
      {{{7, "<s>"}}, {3}, 1},  // the file's own number does not count
      {{{0, "a"}}, {0}, 0},    // in the vocabulary
      {{{9, "a"}}, {0}, 1},
      {{{5, "x"}, {9, "y"}}, {3, 4}, 2},
      {{{4, "y"}, {3, "x"}}, {3, 4}, 2},  // in the order of the list
      {{{1, "x"}}, {3}, 1},
      {{{3, "x"}, {3, "x"}}, {3}, 0},  // the same again
      {{{3, ""}, {4, "z"}}, {3}, 1},   // empty ones are ignored
      {{{0, "a"}, {3, "x"}, {2, "ab"}, {4, "y"}}, {0, 3, 2, 4}, 0},
  };
  for (const Case& c : cases) {
    std::string list;
    for (const auto& [id, content] : c.listed)
      list += Concat(list.empty() ? "" : ",", AddedToken(id, content));
    const TokenizerSpec spec = Read(WithSection("added_tokens", Concat("[", list, "]")));
    std::vector<TokenId> ids;
    for (const tok::AddedToken& token : spec.added_tokens) ids.push_back(token.id);
    EXPECT_EQ(ids, c.ids) << list;
    EXPECT_EQ(spec.warnings.size(), c.n_warnings) << list;
    for (const tok::AddedToken& token : spec.added_tokens) {
      EXPECT_TRUE(spec.vocabulary.Contains(token.id));
      EXPECT_TRUE(token.lstrip && token.special && !token.normalized);
    }
  }
}

TEST(TokenizerJsonTest, AddedTokensDecodeThroughTheByteAlphabetWhereTheyCan) {
  const TokenizerSpec spec = Read(ByteLevelJson(
      "", "[]", "", Concat(R"(,"added_tokens":[)", AddedToken(256, "Ġé"), ",", AddedToken(257, "a b"), "]")));
  EXPECT_EQ(spec.vocabulary.Bytes(256), " \xE9");
  EXPECT_EQ(spec.vocabulary.Bytes(257), "a b");
  EXPECT_EQ(spec.vocabulary.Kind(256), TokenKind::kAdded);
  EXPECT_EQ(spec.added_tokens[0].content, "Ġé");
  EXPECT_EQ(WrittenAgain(spec)["added_tokens"][0]["content"], "Ġé");
}

TEST(TokenizerJsonTest, PostProcessorsBecomeTemplates) {
  const auto ids = [](const std::vector<TemplateItem>& items) {
    std::string text;
    for (const TemplateItem& item : items) {
      text += item.kind == TemplateItem::Kind::kSequenceA   ? "A"
              : item.kind == TemplateItem::Kind::kSequenceB ? "B"
                                                            : "";
      for (const TokenId id : item.ids) text += Concat(id);
      text += Concat(":", item.type_id, " ");
    }
    return text;
  };
  const TemplateSpec bert =
      Read(WithSection("post_processor", R"({"type":"BertProcessing","sep":["b",1],"cls":["a",0]})"))
          .post_processor;
  EXPECT_EQ(ids(bert.single), "0:0 A:0 1:0 ");
  EXPECT_EQ(ids(bert.pair), "0:0 A:0 1:0 B:1 1:1 ");
  const TemplateSpec roberta =
      Read(WithSection("post_processor",
                       R"({"type":"RobertaProcessing","sep":["b",1],"cls":["a",0],"trim_offsets":true,)"
                       R"("add_prefix_space":false})"))
          .post_processor;
  EXPECT_EQ(ids(roberta.single), "0:0 A:0 1:0 ");
  EXPECT_EQ(ids(roberta.pair), "0:0 A:0 1:0 1:0 B:0 1:0 ");
  ASSERT_TRUE(roberta.offset_trimming.has_value());
  EXPECT_TRUE(roberta.offset_trimming->trim_offsets);

  const std::string items =
      R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"X","type_id":3}},{"Sequence":{"id":"A","type_id":2}}],
          "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":7}},{"Sequence":{"id":"A","type_id":1}}],
          "special_tokens":{"X":{"id":"X","ids":[1,0],"tokens":["b","a"]}}})";
  const TokenizerSpec with_template = Read(WithSection("post_processor", items));
  EXPECT_EQ(ids(with_template.post_processor.single), "10:3 A:2 ");
  EXPECT_EQ(ids(with_template.post_processor.pair), "A:0 B:7 A:1 ");
  EXPECT_EQ(WrittenAgain(with_template)["post_processor"], json::parse(items));
  const TokenizerSpec sequence = Read(
      WithSection("post_processor",
                  Concat(R"({"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":true,)",
                         R"("trim_offsets":false,"use_regex":true},)", items, "]}")));
  EXPECT_EQ(ids(sequence.post_processor.single), "10:3 A:2 ");
  EXPECT_EQ(WrittenAgain(sequence)["post_processor"]["processors"][1], json::parse(items));
}

TEST(TokenizerJsonTest, DecodersSayHowTokensJoin) {
  EXPECT_TRUE(Read(TokenizerJson(kTinyModel)).decoder.join_with_spaces);
  EXPECT_TRUE(Read(WithSection("decoder", "null")).decoder.join_with_spaces);
  EXPECT_FALSE(Read(WithSection("decoder", R"({"type":"Sequence","decoders":[]})")).decoder.join_with_spaces);
}

TEST(TokenizerJsonTest, WhatIsLeftToCallersIsAWarning) {
  const TokenizerSpec spec =
      Read(TokenizerJson(kTinyModel, R"("truncation":{"max_length":5},"padding":{"pad_id":0})"));
  ASSERT_EQ(spec.warnings.size(), 2u);
  EXPECT_THAT(spec.warnings[0], HasSubstr("truncation"));
  EXPECT_THAT(spec.warnings[1], HasSubstr("padding"));
  EXPECT_EQ(spec.name, "tiny");
}

TEST(TokenizerJsonTest, DropoutIsAcceptedWhenAskedFor) {
  ReadOptions options;
  options.allow_dropout = true;
  const TokenizerSpec spec =
      Read(TokenizerJson(R"({"type":"BPE","dropout":0.5,"vocab":{},"merges":[]})"), options);
  EXPECT_EQ(std::get<BpeModelSpec>(spec.model).dropout, 0.5);
}

TEST(TokenizerJsonWriterTest, RefusesWhatTheFormatCannotSay) {
  const auto code_of = [](const TokenizerSpec& spec) {
    return ErrorCodeOf(SerializeTokenizerJson(spec).status());
  };
  TokenizerSpec spec = Read(TokenizerJson(kTinyModel));
  spec.normalizers = {normalizer::SentencePiece{}};
  EXPECT_EQ(code_of(spec), ErrorCode::kLossyConversion);
  spec = Read(TokenizerJson(kTinyModel));
  spec.decoder.steps = {decoder::SentencePiece{}};
  EXPECT_EQ(code_of(spec), ErrorCode::kLossyConversion);
  spec = Read(TokenizerJson(kTinyModel));
  std::get<BpeModelSpec>(spec.model).mode = BpeModelSpec::Mode::kSentencePiece;
  EXPECT_EQ(code_of(spec), ErrorCode::kLossyConversion);
  spec = Read(TokenizerJson(kTinyModel));
  spec.model = SentencePieceLookupModelSpec{};
  EXPECT_EQ(code_of(spec), ErrorCode::kLossyConversion);
  spec = Read(TokenizerJson(R"({"type":"Unigram","vocab":[["a",0]]})"));
  std::get<UnigramModelSpec>(spec.model).sentencepiece = true;
  EXPECT_EQ(code_of(spec), ErrorCode::kLossyConversion);
  spec = Read(TokenizerJson(kTinyModel));
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "\xFF").ok());
  spec.vocabulary = std::move(builder).Build().value();
  std::get<BpeModelSpec>(spec.model).merges.clear();
  EXPECT_EQ(code_of(spec), ErrorCode::kLossyConversion) << "tokens must be UTF-8";
}

// The peer would number these tokens otherwise, so they must stand in the model's vocabulary.
TEST(TokenizerJsonWriterTest, KeepsIdsOfAddedTokens) {
  TokenizerSpec spec = Read(WithSection("added_tokens", Concat("[", AddedToken(3, "<x>"), "]")));
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "a").ok() && builder.Add(1, "b").ok() && builder.Add(2, "ab").ok() &&
              builder.Add(9, "<x>", TokenKind::kAdded).ok());
  spec.vocabulary = std::move(builder).Build().value();
  spec.added_tokens[0].id = 9;
  const json written = WrittenAgain(spec);
  EXPECT_EQ(written["model"]["vocab"]["<x>"], 9);
  EXPECT_EQ(Read(written.dump()).added_tokens[0].id, 9u);
  std::get<BpeModelSpec>(spec.model).ignore_merges = true;
  EXPECT_EQ(ErrorCodeOf(SerializeTokenizerJson(spec).status()), ErrorCode::kLossyConversion)
      << "without a splitter the whole text <x> would be looked up";
}

}  // namespace
}  // namespace tok
