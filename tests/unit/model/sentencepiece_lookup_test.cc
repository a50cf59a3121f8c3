#include <gtest/gtest.h>

#include "src/model/piece_model.h"
#include "tests/unit/model/sentencepiece_vocabulary.h"

namespace tok {
namespace {

using Tokens = std::vector<PieceToken>;
using Unit = SentencePieceLookupModelSpec::Unit;

std::unique_ptr<const PieceModel> MakeModel(Unit unit) {
  auto model = MakeSentencePieceLookupModel({unit}, VocabularyOf({kUnknownPiece,
                                                                  {"\u2581", -1},
                                                                  {"a", -1},
                                                                  {"\u2581ab", -1},
                                                                  {"ab", 0, TokenKind::kUserDefined},
                                                                  {"c", -1, TokenKind::kUnused},
                                                                  {"Q", 0, TokenKind::kControl}}));
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

TEST(SentencePieceLookupTest, CharactersAndSymbols) {
  const auto model = MakeModel(Unit::kChar);
  EXPECT_EQ(EncodeWith(*model, "\u2581aab"), (Tokens{{1, 0, 3}, {2, 3, 4}, {4, 4, 6}}));
  EXPECT_EQ(EncodeWith(*model, "acQ人a"),
            (Tokens{{2, 0, 1}, {0, 1, 6}, {2, 6, 7}}));  // unused and control: unknown
  EXPECT_EQ(EncodeWith(*model, ""), (Tokens{}));
}

TEST(SentencePieceLookupTest, WordsBeginAtSpaces) {
  const auto model = MakeModel(Unit::kWord);
  EXPECT_EQ(EncodeWith(*model, "a\u2581ab\u2581\u2581ab"),
            (Tokens{{2, 0, 1}, {3, 1, 6}, {1, 6, 9}, {3, 9, 14}}));
  EXPECT_EQ(EncodeWith(*model, "\u2581x\u2581y\u2581ab"),
            (Tokens{{0, 0, 8}, {3, 8, 13}}));  // fused unknown words
}

}  // namespace
}  // namespace tok
