// SentencePiece BPE against its definition, on random vocabularies made of ties, gaps, symbols and unused pieces.
#include <gtest/gtest.h>

#include <random>

#include "src/model/piece_model.h"
#include "tests/unit/model/sentencepiece_vocabulary.h"

namespace tok {
namespace {

using Tokens = std::vector<PieceToken>;

std::unique_ptr<const PieceModel> MakeModel(const Vocabulary& vocabulary, bool byte_fallback = false) {
  auto model = MakeSentencePieceBpeModel(
      {.mode = BpeModelSpec::Mode::kSentencePiece, .byte_fallback = byte_fallback}, vocabulary);
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

// The definition, for ASCII text without unused pieces: of all neighbours that form a piece, the leftmost pair of highest
// score becomes one, until there is none.
Tokens Define(const Vocabulary& vocabulary, std::string_view text) {
  struct Symbol {
    uint32_t begin, end;
    bool frozen;
  };
  std::vector<Symbol> symbols;
  for (uint32_t i = 0; i < text.size();) {
    uint32_t end = i;
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
      if (vocabulary.Kind(id) != TokenKind::kUserDefined || !text.substr(i).starts_with(vocabulary.Bytes(id)))
        continue;
      end = std::max<uint32_t>(end, i + static_cast<uint32_t>(vocabulary.Bytes(id).size()));
    }
    symbols.push_back({i, std::max(end, i + 1), end > i});
    i = symbols.back().end;
  }
  const auto find = [&](uint32_t begin, uint32_t end) {
    const TokenId id = vocabulary.Find(text.substr(begin, end - begin));
    const TokenKind kind = id == kNoToken ? TokenKind::kAbsent : vocabulary.Kind(id);
    return kind == TokenKind::kNormal || kind == TokenKind::kUserDefined ? id : kNoToken;
  };
  while (true) {
    size_t best = symbols.size();
    double best_score = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      if (symbols[i].frozen || symbols[i + 1].frozen) continue;
      const TokenId id = find(symbols[i].begin, symbols[i + 1].end);
      if (id == kNoToken || (best < symbols.size() && vocabulary.Score(id) <= best_score)) continue;
      best = i;
      best_score = vocabulary.Score(id);
    }
    if (best == symbols.size()) break;
    symbols[best].end = symbols[best + 1].end;
    symbols.erase(symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
  }
  Tokens tokens;
  bool after_unknown = false;
  for (const Symbol& symbol : symbols) {
    const TokenId id = find(symbol.begin, symbol.end);
    if (id == kNoToken && after_unknown) {
      tokens.back().end = symbol.end;
    } else {
      tokens.push_back({id == kNoToken ? 0 : id, symbol.begin, symbol.end});
    }
    after_unknown = id == kNoToken;
  }
  return tokens;
}

TEST(SentencePieceBpeTest, FollowsItsDefinition) {
  std::mt19937 random(17);
  const auto text = [&](size_t max) {
    std::string result(1 + random() % max, ' ');
    for (char& c : result) c = static_cast<char>('a' + random() % 4);
    return result;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<TestPiece> pieces = {kUnknownPiece, {"<s>", 0, TokenKind::kControl}};
    for (int i = 0; i < 25; ++i) {
      const std::string bytes = text(5);
      if (std::any_of(pieces.begin(), pieces.end(), [&](const TestPiece& p) { return p.bytes == bytes; }))
        continue;
      const bool symbol = random() % 10 == 0;
      pieces.push_back({bytes, static_cast<double>(random() % 7) - 4,
                        symbol ? TokenKind::kUserDefined : TokenKind::kNormal});
    }
    const Vocabulary vocabulary = VocabularyOf(pieces);
    const auto model = MakeModel(vocabulary);
    for (int i = 0; i < 20; ++i) {
      const std::string sentence = text(i == 0 ? 300 : 30);
      ASSERT_EQ(EncodeWith(*model, sentence), Define(vocabulary, sentence)) << sentence;
    }
  }
}

TEST(SentencePieceBpeTest, CharactersOutsideTheVocabularyStillMerge) {
  const auto model = MakeModel(VocabularyOf({kUnknownPiece, {"人口", -1}, {"a", -2}}));
  EXPECT_EQ(EncodeWith(*model, "人口a"), (Tokens{{1, 0, 6}, {2, 6, 7}}));
  EXPECT_EQ(EncodeWith(*model, "口人a"), (Tokens{{0, 0, 6}, {2, 6, 7}}));
}

TEST(SentencePieceBpeTest, BytesOfUnknownCharactersEndInTheCharactersSpan) {
  std::vector<TestPiece> pieces = BytePieces();
  pieces.push_back({"a", -1});
  const auto model = MakeModel(VocabularyOf(pieces), true);
  EXPECT_EQ(EncodeWith(*model, "a\u00e9"), (Tokens{{256, 0, 1}, {0xC3, 1, 1}, {0xA9, 1, 3}}));
}

// "aaa" was considered as a + aa last, so it is split so; the unused "aa" within is split in turn.
TEST(SentencePieceBpeTest, UnusedPiecesAreSplitAgain) {
  const auto model = MakeModel(VocabularyOf(
      {kUnknownPiece, {"a", -5}, {"aa", -1, TokenKind::kUnused}, {"aaa", -2, TokenKind::kUnused}}));
  EXPECT_EQ(EncodeWith(*model, "aaa"), (Tokens{{1, 0, 1}, {1, 1, 2}, {1, 2, 3}}));
  const auto single = MakeModel(VocabularyOf({kUnknownPiece, {"a", -5, TokenKind::kUnused}, {"b", -1}}));
  EXPECT_EQ(EncodeWith(*single, "ab"), (Tokens{{0, 0, 1}, {2, 1, 2}}));
}

TEST(SentencePieceBpeTest, RefusesVocabulariesThatCannotEncode) {
  const auto code = [](const std::vector<TestPiece>& pieces, bool byte_fallback) {
    return ErrorCodeOf(
        MakeSentencePieceBpeModel({.byte_fallback = byte_fallback}, VocabularyOf(pieces)).status());
  };
  EXPECT_EQ(code({{"a", 0}}, false), ErrorCode::kBadVocabulary);
  EXPECT_EQ(code({kUnknownPiece, {"a", 0}}, true), ErrorCode::kBadVocabulary);
  EXPECT_EQ(code({kUnknownPiece, {"\xFF", 0}}, false), ErrorCode::kBadVocabulary);
}

}  // namespace
}  // namespace tok
