#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "src/measure/letter_case.h"
#include "tok/measure_vocabulary.h"
#include "tok/merge_surgery.h"

namespace tok {
namespace {

Tokenizer Gpt2() { return *Tokenizer::Load("gpt2"); }

// Not ranks, which would make merges of any token.
TokenizerSpec MergeListOf(const Tokenizer& tokenizer) {
  return CorruptMerges(tokenizer.spec(), {Corruption::Kind::kDelete, 0})->spec;
}

// gpt2 with tokens that no merge makes, and added ones.
Tokenizer Gpt2With(const std::vector<std::string>& tokens, const std::vector<AddedToken>& added) {
  TokenizerSpec spec = MergeListOf(Gpt2());
  VocabularyBuilder builder;
  const Vocabulary& old = spec.vocabulary;
  auto next = static_cast<TokenId>(old.size());
  for (TokenId id = 0; id < next; ++id) EXPECT_TRUE(builder.Add(id, old.Bytes(id), old.Kind(id)).ok());
  for (const std::string& token : tokens) EXPECT_TRUE(builder.Add(next++, token).ok());
  for (AddedToken token : added) {
    token.id = next;
    EXPECT_TRUE(builder.Add(next++, token.content, TokenKind::kAdded).ok());
    spec.added_tokens.push_back(token);
  }
  spec.vocabulary = *std::move(builder).Build();
  return *Tokenizer::Create(spec);
}

VocabularyReport ReportOf(const Tokenizer& tokenizer, unsigned n_threads = 0) {
  return *VocabularyMeasurement::Create(tokenizer, {.n_threads = n_threads})->Report();
}

const VocabularyToken& TokenOf(const VocabularyReport& report, TokenId id) {
  return *std::find_if(report.tokens.begin(), report.tokens.end(),
                       [id](const VocabularyToken& token) { return token.id == id; });
}

EncodeOptions PlainText() {
  EncodeOptions options;
  options.special = SpecialPolicy::Text();
  return options;
}

// Standing alone, by the definition.
TEST(MeasureVocabularyTest, EqualsItsDefinition) {
  const Tokenizer gpt2 = Gpt2();
  const VocabularyReport report = ReportOf(gpt2);
  ASSERT_EQ(report.tokens.size(), 50257u);
  std::array<uint64_t, kNTokenClasses> counts{};
  for (const VocabularyToken& token : report.tokens) {
    ++counts[static_cast<size_t>(token.token_class)];
    if (token.id == 50256) continue;
    const absl::StatusOr<std::vector<TokenId>> ids = gpt2.Encode(gpt2.TokenBytes(token.id), PlainText());
    if (!ids.ok()) {
      EXPECT_TRUE(token.token_class == TokenClass::kUndecodable || token.token_class == TokenClass::kByte);
    } else if (*ids == std::vector<TokenId>{token.id}) {
      EXPECT_EQ(token.token_class, TokenClass::kOk);
      EXPECT_FALSE(token.only_in_context);
    } else {
      EXPECT_TRUE(token.only_in_context || token.becomes == *ids) << token.id;
    }
  }
  EXPECT_EQ(counts, report.n_of_class);
  EXPECT_EQ(TokenOf(report, 50256).token_class, TokenClass::kOkSpecial);
  EXPECT_EQ(VocabularyJson(report, {.all = true}), VocabularyJson(ReportOf(gpt2, 3), {.all = true}));
}

TEST(MeasureVocabularyTest, EveryClass) {
  const Tokenizer tokenizer =
      Gpt2With({"zqzqzqzq", "<|zq|>", "\xE6\x9D\xB1\xE4"}, {{.content = "[PLAIN]"},
                                                            {.content = "<|special|>", .special = true},
                                                            {.content = "[PLAIN] too", .special = true},
                                                            {.content = "x<|special|>"}});
  const VocabularyReport report = ReportOf(tokenizer);
  const auto class_of = [&](TokenId id) { return TokenOf(report, id).token_class; };
  EXPECT_EQ(class_of(50257), TokenClass::kUnreachableMulti);
  EXPECT_EQ(TokenOf(report, 50257).becomes, *Gpt2().Encode("zqzqzqzq"));
  EXPECT_EQ(class_of(50258), TokenClass::kUnreachableSpecial);
  EXPECT_EQ(class_of(50259), TokenClass::kUndecodable);
  EXPECT_EQ(class_of(50260), TokenClass::kAdded);
  EXPECT_EQ(class_of(50261), TokenClass::kOkSpecial);
  EXPECT_EQ(class_of(Gpt2().FindToken("\xE3")), TokenClass::kByte);
  EXPECT_TRUE(report.specials_from_text.empty());
  EXPECT_EQ(report.n_of_class[static_cast<size_t>(TokenClass::kUndecodable)], 217u);
}

// What a normalizer rewrites comes back as another token, or several.
TEST(MeasureVocabularyTest, NormalizersPutTokensOutOfReach) {
  TokenizerSpec spec = Gpt2().spec();
  spec.normalizers.push_back(normalizer::Lowercase());
  const Tokenizer tokenizer = *Tokenizer::Create(spec);
  const VocabularyReport report = ReportOf(tokenizer);
  const VocabularyToken& the = TokenOf(report, tokenizer.FindToken("The"));
  EXPECT_EQ(the.token_class, TokenClass::kUnreachableSingle);
  EXPECT_EQ(the.becomes, std::vector<TokenId>{tokenizer.FindToken("the")});
  uint64_t n_single = 0;
  for (const VocabularyToken& token : report.tokens) {
    if (token.token_class == TokenClass::kOkSpecial || token.token_class == TokenClass::kByte ||
        token.token_class == TokenClass::kUndecodable)
      continue;
    // Upper-case letters are out of reach, and nothing else.
    EXPECT_EQ(token.token_class == TokenClass::kOk, LowerCase(token.bytes) == token.bytes) << token.bytes;
    n_single += token.token_class == TokenClass::kUnreachableSingle;
  }
  EXPECT_EQ(n_single, report.n_of_class[static_cast<size_t>(TokenClass::kUnreachableSingle)]);
}

TEST(MeasureVocabularyTest, SpecialsOutOfText) {
  TokenizerSpec spec = Gpt2().spec();
  // The model makes " the" of plain text, whatever it is besides.
  const TokenId the = Gpt2().FindToken(" the");
  spec.added_tokens.push_back({.id = the, .content = " the", .special = true});
  const VocabularyReport report = ReportOf(*Tokenizer::Create(spec));
  ASSERT_EQ(report.specials_from_text.size(), 1u);
  EXPECT_EQ(report.specials_from_text[0].id, the);
  EXPECT_EQ(report.specials_from_text[0].text, " the");
}

// Residue by walking down the merge list from every token that is used.
TEST(MeasureVocabularyTest, ResidueEqualsItsDefinition) {
  const Tokenizer gpt2 = Gpt2();
  const std::vector<std::string_view> documents = {"tokenization of tokens, unbelievable tokenization",
                                                   "believe it"};
  VocabularyMeasurement measurement = *VocabularyMeasurement::Create(gpt2, {.min_count = 1});
  for (const std::string_view document : documents) ASSERT_TRUE(measurement.Add({&document, 1}, {}).ok());
  const VocabularyReport report = *measurement.Report();
  std::map<TokenId, Merge> made_by;
  const TokenizerSpec spec = MergeListOf(gpt2);
  const std::vector<Merge>& merges = std::get<BpeModelSpec>(spec.model).merges;
  for (const Merge& merge : merges) {
    const std::string bytes =
        std::string(gpt2.TokenBytes(merge.left)) + std::string(gpt2.TokenBytes(merge.right));
    made_by.emplace(gpt2.vocabulary().Find(bytes), merge);
  }
  std::map<TokenId, uint64_t> used, inside;
  for (const std::string_view document : documents) {
    const std::vector<TokenId> ids = *gpt2.Encode(document);
    for (const TokenId id : ids) ++used[id];
  }
  for (const auto& [id, n_used] : used) {
    std::vector<TokenId> open = {id};
    std::map<TokenId, bool> seen;
    while (!open.empty()) {
      const auto merge = made_by.find(open.back());
      open.pop_back();
      if (merge == made_by.end()) continue;
      for (const TokenId side : {merge->second.left, merge->second.right}) {
        if (!seen[side]) inside[side] += n_used;
        seen[side] = true;
        open.push_back(side);
      }
    }
  }
  uint64_t n_residue = 0;
  for (const VocabularyToken& token : report.tokens) {
    ASSERT_EQ(token.n_used, used[token.id]);
    ASSERT_EQ(token.n_inside, inside[token.id]) << token.bytes;
    const bool is_residue = used[token.id] == 0 && inside[token.id] > 0 && made_by.contains(token.id);
    ASSERT_EQ(token.is_residue, is_residue) << token.bytes;
    n_residue += is_residue;
  }
  EXPECT_GT(n_residue, 3u);
  EXPECT_EQ(report.n_residue, n_residue);
  EXPECT_EQ(report.n_documents, 2u);
}

TEST(MeasureVocabularyTest, DuplicatesAndStatistics) {
  const Tokenizer tokenizer =
      Gpt2With({"\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3", " \xD9\xA3"}, {});  // fullwidth ABC
  const VocabularyReport report = ReportOf(tokenizer);
  const auto group_of = [](const std::vector<std::vector<TokenId>>& groups, TokenId id) {
    for (const std::vector<TokenId>& group : groups) {
      if (std::find(group.begin(), group.end(), id) != group.end()) return group;
    }
    return std::vector<TokenId>();
  };
  const Tokenizer gpt2 = Gpt2();
  std::vector<TokenId> abc;
  for (const char* spelling : {"abc", "ABC", "Abc"}) {
    if (gpt2.FindToken(spelling) != kNoToken) abc.push_back(gpt2.FindToken(spelling));
  }
  abc.push_back(50257);
  std::sort(abc.begin(), abc.end());
  EXPECT_EQ(group_of(report.same_normal_form, 50257), abc);
  EXPECT_EQ(group_of(report.same_but_space, gpt2.FindToken("the")),
            (std::vector<TokenId>{gpt2.FindToken(" the"), gpt2.FindToken("the")}));
  EXPECT_EQ(ReportOf(gpt2).statistics.n_numeric + 1, report.statistics.n_numeric);
  uint64_t n = 0;
  for (const auto& [length, n_tokens] : report.statistics.n_of_bytes) n += n_tokens;
  EXPECT_EQ(n, report.statistics.n_ordinary);
}

TEST(MeasureVocabularyTest, CountsOfNothingAreRefused) {
  EXPECT_EQ(ErrorCodeOf(VocabularyMeasurement::Create(Gpt2(), {.min_count = 0}).status()), ErrorCode::kUsage);
}

TEST(LetterCaseTest, UpperIsTheInverseOfLower) {
  EXPECT_EQ(UpperCase("straße, ĳ ω k å ё 5"), "STRA\u1E9EE, Ĳ Ω K Å Ё 5");
  EXPECT_EQ(LowerCase("STRASSE İ \xFF Ω"), "strasse i\u0307 \xFF ω");
  EXPECT_EQ(UpperCase("\xFFq"), "\xFFQ");
}

TEST(EscapeTokenTest, NothingIsInvisible) {
  EXPECT_EQ(EscapeToken(" a\\\n\t\x01\xE3\x81é\u200B\u00A0"),
            " a\\\\\\n\\t\\x01\\xE3\\x81é\\xE2\\x80\\x8B\\xC2\\xA0");
}

}  // namespace
}  // namespace tok
