// .model files: what is read, what a written file reads back as, and that broken files never get through.
// Agreement with sentencepiece itself is tests/differential/sentencepiece_test.py.
#include <gtest/gtest.h>

#include <random>
#include <variant>

#include "tok/formats.h"

namespace tok {
namespace {

TokenizerSpec SmallSpec() {
  VocabularyBuilder builder;
  EXPECT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok());
  EXPECT_TRUE(builder.Add(1, "<s>", TokenKind::kControl).ok());
  EXPECT_TRUE(builder.Add(2, "<sep>", TokenKind::kUserDefined).ok());
  EXPECT_TRUE(builder.Add(3, "\u2581a", TokenKind::kNormal, -1.5).ok());
  EXPECT_TRUE(builder.Add(4, "b", TokenKind::kUnused, -2.25).ok());
  TokenizerSpec spec;
  spec.vocabulary = *std::move(builder).Build();
  spec.model = UnigramModelSpec{.unk_id = 0, .sentencepiece = true};
  spec.normalizers.emplace_back(normalizer::SentencePiece{"", true, false, true, true});
  spec.decoder.steps.emplace_back(decoder::SentencePiece{true, true, "?", "", false});
  return spec;
}

TEST(SentencePieceFormatTest, WrittenFilesReadBack) {
  const auto bytes = SerializeSentencePiece(SmallSpec());
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const auto spec = ParseSentencePiece(*bytes, "x.model");
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->source_format, "sentencepiece");
  ASSERT_EQ(spec->vocabulary.size(), 5u);
  EXPECT_EQ(spec->vocabulary.Kind(2), TokenKind::kUserDefined);
  EXPECT_EQ(spec->vocabulary.Bytes(3), "\u2581a");
  EXPECT_EQ(spec->vocabulary.Score(4), -2.25);
  const auto& model = std::get<UnigramModelSpec>(spec->model);
  EXPECT_TRUE(model.sentencepiece);
  EXPECT_EQ(model.unk_id, 0u);
  const auto& rules = std::get<normalizer::SentencePiece>(spec->normalizers.at(0));
  EXPECT_TRUE(rules.add_dummy_prefix && rules.escape_whitespaces && rules.treat_whitespace_as_suffix);
  EXPECT_FALSE(rules.remove_extra_whitespaces);
  const auto& decoder = std::get<decoder::SentencePiece>(spec->decoder.steps.at(0));
  EXPECT_TRUE(decoder.strip_dummy_prefix && decoder.treat_whitespace_as_suffix);
  EXPECT_FALSE(decoder.strip_leading_spaces);
  EXPECT_EQ(decoder.unk_surface, "?");
  EXPECT_EQ(SerializeSentencePiece(*spec).value(), *bytes);
}

TEST(SentencePieceFormatTest, EveryModelKindReadsBack) {
  const ModelSpec models[] = {
      BpeModelSpec{.mode = BpeModelSpec::Mode::kSentencePiece},
      SentencePieceLookupModelSpec{SentencePieceLookupModelSpec::Unit::kWord},
      SentencePieceLookupModelSpec{SentencePieceLookupModelSpec::Unit::kChar},
  };
  for (const ModelSpec& model : models) {
    TokenizerSpec spec = SmallSpec();
    spec.model = model;
    const auto read = ParseSentencePiece(SerializeSentencePiece(spec).value(), "x.model");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->model.index(), model.index());
    if (const auto* lookup = std::get_if<SentencePieceLookupModelSpec>(&model)) {
      EXPECT_EQ(std::get<SentencePieceLookupModelSpec>(read->model).unit, lookup->unit);
    }
  }
}

TEST(SentencePieceFormatTest, WhatAModelCannotSayIsRefused) {
  const std::pair<const char*, void (*)(TokenizerSpec*)> changes[] = {
      {"added tokens", [](TokenizerSpec* s) { s->added_tokens.push_back({.id = 1, .content = "<s>"}); }},
      {"pre-tokenizers",
       [](TokenizerSpec* s) { s->pre_tokenizers.emplace_back(pretokenizer::Whitespace{}); }},
      {"post-processor", [](TokenizerSpec* s) { s->post_processor.single.push_back({}); }},
      {"byte-level", [](TokenizerSpec* s) { s->alphabet = VocabularyAlphabet::kBytes; }},
      {"merges", [](TokenizerSpec* s) { s->model = BpeModelSpec{}; }},
      {"Hugging Face's rules", [](TokenizerSpec* s) { s->model = UnigramModelSpec{.unk_id = 0}; }},
      {"WordPiece", [](TokenizerSpec* s) { s->model = WordPieceModelSpec{}; }},
      {"normalizer", [](TokenizerSpec* s) { s->normalizers.emplace_back(normalizer::Lowercase{}); }},
      {"normalizer", [](TokenizerSpec* s) { s->normalizers[0].emplace<normalizer::Lowercase>(); }},
      {"decoder", [](TokenizerSpec* s) { s->decoder.steps.clear(); }},
      {"white space rules",
       [](TokenizerSpec* s) {
         std::get<decoder::SentencePiece>(s->decoder.steps[0]).strip_leading_spaces = true;
       }},
      {"gap at id 1",
       [](TokenizerSpec* s) {
         VocabularyBuilder builder;
         EXPECT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok() && builder.Add(2, "a").ok());
         s->vocabulary = *std::move(builder).Build();
       }},
  };
  for (const auto& [what, change] : changes) {
    TokenizerSpec spec = SmallSpec();
    change(&spec);
    const absl::Status status = SerializeSentencePiece(spec).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLossyConversion) << what;
    EXPECT_NE(std::string(status.message()).find(what), std::string::npos) << status;
  }
}

// Mutated and cut files either read as something whole or give one of the documented errors.
TEST(SentencePieceFormatTest, MutationsGiveClearErrors) {
  const std::string good = SerializeSentencePiece(SmallSpec()).value();
  std::mt19937 random(29);
  size_t n_errors = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = good;
    for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (i % 3 == 0) bytes.resize(random() % bytes.size());
    const auto spec = ParseSentencePiece(bytes, "x.model");
    if (spec.ok()) {
      EXPECT_GT(spec->vocabulary.size(), 0u);
      continue;
    }
    ++n_errors;
    const ErrorCode code = ErrorCodeOf(spec.status());
    EXPECT_TRUE(code == ErrorCode::kBadFormat || code == ErrorCode::kBadVocabulary ||
                code == ErrorCode::kUnsupportedFeature)
        << spec.status();
    EXPECT_NE(std::string(spec.status().message()).find("x.model"), std::string::npos) << spec.status();
  }
  EXPECT_GT(n_errors, 1000u);
}

}  // namespace
}  // namespace tok
