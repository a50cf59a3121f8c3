// SentencePiece models as tokenizer.json: which merges, which differences are named, what is refused.
// Agreement with sentencepiece and tokenizers is tests/differential/sentencepiece_to_json_test.py.
#include "src/format/sentencepiece_to_json.h"

#include <gtest/gtest.h>

#include "src/model/piece_model.h"
#include "tests/unit/format/format_testing.h"
#include "tok/formats.h"

namespace tok {
namespace {

struct Piece {
  std::string bytes;
  double score = 0;
  TokenKind kind = TokenKind::kNormal;
};

TokenizerSpec Bpe(const std::vector<Piece>& pieces,
                  const normalizer::SentencePiece& rules = {"", true, false}) {
  VocabularyBuilder builder;
  EXPECT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok());
  for (const Piece& piece : pieces) {
    const auto id = static_cast<TokenId>(builder.n_tokens());
    EXPECT_TRUE(builder.Add(id, piece.bytes, piece.kind, piece.score).ok());
  }
  TokenizerSpec spec;
  spec.vocabulary = std::move(builder).Build().value();
  spec.model = BpeModelSpec{.mode = BpeModelSpec::Mode::kSentencePiece};
  spec.normalizers.emplace_back(rules);
  spec.decoder.steps.emplace_back(decoder::SentencePiece{});
  return spec;
}

std::vector<std::string> Merges(const std::vector<Piece>& pieces) {
  const TokenizerSpec spec = Bpe(pieces);
  const auto merges = MergesByScore(spec);
  if (!merges.ok()) return {std::string(merges.status().message())};
  std::vector<std::string> spelled;
  for (const Merge& merge : *merges) {
    spelled.push_back(std::string(spec.vocabulary.Bytes(merge.left)) + "+" +
                      std::string(spec.vocabulary.Bytes(merge.right)));
  }
  return spelled;
}

using Strings = std::vector<std::string>;

TEST(MergesByScoreTest, OneMergeAPieceByScore) {
  EXPECT_EQ(Merges({{"a", -9}, {"b", -9}, {"c", -9}, {"bc", -3}, {"ab", -1}, {"abc", -4}}),
            (Strings{"a+b", "b+c", "ab+c"}));
  // "aaa" is never made from "a" and "aa": of equal neighbours the leftmost go first.
  EXPECT_EQ(Merges({{"a", -9}, {"aa", -1}, {"aaa", -2}}), (Strings{"a+a", "aa+a"}));
  // "cd" is made before "bcd" can be, whose only way is then "b" and "cd".
  EXPECT_EQ(Merges({{"a", -9}, {"b", -9}, {"c", -9}, {"d", -9}, {"ab", -1}, {"cd", -1.5}, {"bcd", -2}}),
            (Strings{"a+b", "c+d", "b+cd"}));
}

TEST(MergesByScoreTest, EqualScoresOnlyWhereTheOrderCannotMatter) {
  EXPECT_EQ(Merges({{"a", -9}, {"b", -9}, {"c", -9}, {"d", -9}, {"ab", -1}, {"cd", -1}}),
            (Strings{"a+b", "c+d"}));
  const auto refused = [](const std::vector<Piece>& pieces) {
    return ErrorCodeOf(MergesByScore(Bpe(pieces)).status()) == ErrorCode::kLossyConversion;
  };
  // Of "bca" and "abc" the leftmost pair goes first, which no list can say.
  EXPECT_TRUE(refused({{"a", -9}, {"b", -9}, {"bc", -1}, {"c", -9}, {"ab", -1}}));
  // "abc" goes before "de" if it can, and whether it can depends on which of "ab" and "de" was to the left.
  EXPECT_TRUE(refused({{"a", -9}, {"b", -9}, {"c", -9}, {"d", -9}, {"ab", -2}, {"cd", -2}, {"abc", -1}}));
}

TEST(MergesByScoreTest, CharactersThatAreNoPiecesAreRefused) {
  EXPECT_EQ(ErrorCodeOf(MergesByScore(Bpe({{"a", -9}, {"ab", -1}})).status()), ErrorCode::kLossyConversion);
}

TEST(SentencePieceToJsonTest, NamesWhatMayDiffer) {
  const auto warnings = [](const TokenizerSpec& spec) { return AsTokenizerJson(spec).value().warnings; };
  EXPECT_TRUE(warnings(Bpe({{"a"}})).empty());
  EXPECT_TRUE(warnings(Bpe({{"a"}, {"<s>", 0, TokenKind::kControl}})).empty());
  EXPECT_EQ(warnings(Bpe({{"a"}, {"Q", 0, TokenKind::kControl}})).size(), 1u);
  EXPECT_EQ(warnings(Bpe({{"a"}, {"<sep>", 0, TokenKind::kUserDefined}})).size(), 1u);
  EXPECT_TRUE(
      warnings(Bpe({{"a"}, {"<sep>", 0, TokenKind::kUserDefined}}, {"", /*add_dummy_prefix=*/false, true}))
          .empty());
  TokenizerSpec unigram = Bpe({{"a", -1}});
  unigram.model = UnigramModelSpec{.unk_id = 0, .sentencepiece = true};
  EXPECT_EQ(warnings(unigram).size(), 2u);
}

TEST(SentencePieceToJsonTest, RefusesByName) {
  const auto refusal = [](const TokenizerSpec& spec) {
    const absl::Status status = AsTokenizerJson(spec).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLossyConversion);
    return std::string(status.message());
  };
  const auto expect = [&](const TokenizerSpec& spec, std::string_view feature) {
    EXPECT_NE(refusal(spec).find(feature), std::string::npos) << refusal(spec);
  };
  expect(Bpe({{"a", 0, TokenKind::kUnused}}), "unused piece 1");
  expect(Bpe({{"a"}}, {"", true, true, /*escape_whitespaces=*/false}), "escape_whitespaces");
  // The end of the text loses its spaces, and with them the symbol.
  expect(Bpe({{"a\u2581", 0, TokenKind::kUserDefined}}, {"", true, true}), "user-defined symbol");
  TokenizerSpec words = Bpe({{"a"}});
  words.model = SentencePieceLookupModelSpec{SentencePieceLookupModelSpec::Unit::kWord};
  expect(words, "word models");
  TokenizerSpec without_unknown = Bpe({{"a"}});
  without_unknown.model = UnigramModelSpec{.byte_fallback = true, .sentencepiece = true};
  expect(without_unknown, "without an unknown piece");
  TokenizerSpec denormalized = Bpe({{"a"}});
  std::get<decoder::SentencePiece>(denormalized.decoder.steps[0]).denormalizer_charsmap = "x";
  expect(denormalized, "denormalizer");
}

}  // namespace
}  // namespace tok
