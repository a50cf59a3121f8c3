// Unigram models against plain dynamic programming over all substrings, and the rules in which the two peers differ.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "src/model/piece_model.h"
#include "tests/unit/model/sentencepiece_vocabulary.h"

namespace tok {
namespace {

using Tokens = std::vector<PieceToken>;

std::unique_ptr<const PieceModel> MakeModel(const UnigramModelSpec& spec, const Vocabulary& vocabulary) {
  auto model = MakeUnigramModel(spec, vocabulary, VocabularyAlphabet::kText);
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

// ASCII text: best[i] by trying every start in order, additions in the order of the path.
template <typename Score>
Tokens Define(const Vocabulary& vocabulary, std::string_view text) {
  Score least = std::numeric_limits<Score>::max();
  for (TokenId id = 1; id < vocabulary.size(); ++id)
    least = std::min(least, static_cast<Score>(vocabulary.Score(id)));
  struct Best {
    Score score = 0;
    uint32_t begin = 0;
    TokenId id = kNoToken;
    bool reached = false;
  };
  std::vector<Best> best(text.size() + 1);
  best[0].reached = true;
  for (uint32_t begin = 0; begin < text.size(); ++begin) {
    for (uint32_t end = begin + 1; end <= text.size(); ++end) {
      TokenId id = vocabulary.Find(text.substr(begin, end - begin));
      if (id == kNoToken && end > begin + 1) continue;
      const Score own = id == kNoToken ? least - 10 : static_cast<Score>(vocabulary.Score(id));
      const Score score = own + best[begin].score;
      if (!best[end].reached || score > best[end].score)
        best[end] = {score, begin, id == kNoToken ? 0 : id, true};
    }
  }
  Tokens tokens;
  for (auto end = static_cast<uint32_t>(text.size()); end > 0; end = best[end].begin) {
    if (best[end].id == 0 && !tokens.empty() && tokens.back().id == 0) {
      tokens.back().begin = best[end].begin;
    } else {
      tokens.push_back({best[end].id, best[end].begin, end});
    }
  }
  return {tokens.rbegin(), tokens.rend()};
}

TEST(UnigramTest, FollowsItsDefinitionUnderBothRules) {
  std::mt19937 random(23);
  const auto text = [&](size_t max) {
    std::string result(1 + random() % max, ' ');
    for (char& c : result) c = static_cast<char>('a' + random() % 5);
    return result;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<TestPiece> pieces = {kUnknownPiece};
    for (int i = 0; i < 20; ++i) {
      const std::string bytes = text(4);
      if (std::any_of(pieces.begin(), pieces.end(), [&](const TestPiece& p) { return p.bytes == bytes; }))
        continue;
      // Few different scores, for ties; below the unknown piece's 0, which Hugging Face's least score includes.
      pieces.push_back({bytes, -1.0 - 0.1 * (random() % 8)});
    }
    const Vocabulary vocabulary = VocabularyOf(pieces);
    const auto sentencepiece = MakeModel({.unk_id = 0, .sentencepiece = true}, vocabulary);
    const auto hugging_face = MakeModel({.unk_id = 0}, vocabulary);
    for (int i = 0; i < 20; ++i) {
      const std::string sentence = text(40);
      ASSERT_EQ(EncodeWith(*sentencepiece, sentence), Define<float>(vocabulary, sentence)) << sentence;
      ASSERT_EQ(EncodeWith(*hugging_face, sentence), Define<double>(vocabulary, sentence)) << sentence;
    }
  }
}

TEST(UnigramTest, OnlyHuggingFaceMatchesControlAndUnknownPiecesInText) {
  const Vocabulary vocabulary = VocabularyOf(
      {kUnknownPiece, {"<s>", -1, TokenKind::kControl}, {"a", -1}, {"<", -2}, {"s", -2}, {">", -2}});
  const auto sentencepiece = MakeModel({.unk_id = 0, .sentencepiece = true}, vocabulary);
  const auto hugging_face = MakeModel({.unk_id = 0}, vocabulary);
  EXPECT_EQ(EncodeWith(*sentencepiece, "a<s>"), (Tokens{{2, 0, 1}, {3, 1, 2}, {4, 2, 3}, {5, 3, 4}}));
  EXPECT_EQ(EncodeWith(*hugging_face, "a<s>"), (Tokens{{2, 0, 1}, {1, 1, 4}}));
  EXPECT_EQ(EncodeWith(*hugging_face, "a<unk>zz"), (Tokens{{2, 0, 1}, {0, 1, 8}}));  // one fused unknown
}

TEST(UnigramTest, ByteFallbackSpans) {
  std::vector<TestPiece> pieces = BytePieces();
  pieces.push_back({"a", -1});
  pieces.push_back(kUnknownPiece);
  const Vocabulary vocabulary = VocabularyOf(pieces);
  const auto sentencepiece =
      MakeModel({.unk_id = 257, .byte_fallback = true, .sentencepiece = true}, vocabulary);
  const auto hugging_face = MakeModel({.unk_id = 257, .byte_fallback = true}, vocabulary);
  EXPECT_EQ(EncodeWith(*sentencepiece, "a\u00e9"), (Tokens{{256, 0, 1}, {0xC3, 1, 1}, {0xA9, 1, 3}}));
  EXPECT_EQ(EncodeWith(*hugging_face, "a\u00e9"), (Tokens{{256, 0, 1}, {0xC3, 1, 3}, {0xA9, 1, 3}}));
}

TEST(UnigramTest, UserDefinedPiecesScoreByLengthAndUnusedOnesNever) {
  const auto model =
      MakeModel({.unk_id = 0, .sentencepiece = true}, VocabularyOf({kUnknownPiece,
                                                                    {"a", -1},
                                                                    {"b", -1},
                                                                    {"ab", -50, TokenKind::kUserDefined},
                                                                    {"ba", -0.1, TokenKind::kUnused}}));
  EXPECT_EQ(EncodeWith(*model, "aba"), (Tokens{{3, 0, 2}, {1, 2, 3}}));
}

TEST(UnigramTest, WithoutAnUnknownTokenUnknownTextIsAnError) {
  const auto model = MakeModel({}, VocabularyOf({{"a", -1}}));
  const auto scratch = model->MakeScratch();
  Tokens tokens;
  EXPECT_EQ(ErrorCodeOf(model->Encode("ab", scratch.get(), &tokens)), ErrorCode::kUnknownToken);
  EXPECT_TRUE(model->Encode("aa", scratch.get(), &tokens).ok());
}

TEST(UnigramTest, RefusesWhatItCannotDo) {
  const Vocabulary vocabulary = VocabularyOf({{"a", -1}});
  EXPECT_EQ(ErrorCodeOf(MakeUnigramModel({.unk_id = 7}, vocabulary, VocabularyAlphabet::kText).status()),
            ErrorCode::kBadVocabulary);
  EXPECT_EQ(
      ErrorCodeOf(MakeUnigramModel({.sentencepiece = true}, vocabulary, VocabularyAlphabet::kText).status()),
      ErrorCode::kBadVocabulary);
  EXPECT_EQ(
      ErrorCodeOf(MakeUnigramModel({.byte_fallback = true}, vocabulary, VocabularyAlphabet::kBytes).status()),
      ErrorCode::kUnsupportedFeature);
}

}  // namespace
}  // namespace tok
