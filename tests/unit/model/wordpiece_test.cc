// WordPiece and WordLevel against their definition and against values measured from tokenizers 0.23.3.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/model/piece_model.h"
#include "src/unicode/utf8.h"

namespace tok {

static std::ostream& operator<<(std::ostream& out, const PieceToken& t) {
  return out << "{" << t.id << ", " << t.begin << ", " << t.end << "}";
}

namespace {

Vocabulary MakeVocabulary(const std::vector<std::string>& tokens) {
  VocabularyBuilder builder;
  for (TokenId id = 0; id < tokens.size(); ++id) EXPECT_TRUE(builder.Add(id, tokens[id]).ok());
  return *std::move(builder).Build();
}

std::vector<PieceToken> Encode(const PieceModel& model, std::string_view piece) {
  std::vector<PieceToken> tokens;
  const auto scratch = model.MakeScratch();
  const absl::Status status = model.Encode(piece, scratch.get(), &tokens);
  EXPECT_TRUE(status.ok()) << status;
  return tokens;
}

// Greedy search by trying every end, longest first.
std::vector<PieceToken> EncodeNaively(const WordPieceModelSpec& spec, const Vocabulary& vocabulary,
                                      std::string_view piece) {
  const std::vector<PieceToken> unknown = {
      {vocabulary.Find(spec.unk_token), 0, static_cast<uint32_t>(piece.size())}};
  uint64_t n_chars = 0;
  for (size_t i = 0; i < piece.size(); i += DecodeUtf8(piece, i).n_bytes) ++n_chars;
  if (n_chars > spec.max_input_chars_per_word) return unknown;
  std::vector<PieceToken> tokens;
  for (size_t begin = 0; begin < piece.size();) {
    size_t end = piece.size();
    TokenId id = kNoToken;
    for (; end > begin; --end) {
      std::string string(piece.substr(begin, end - begin));
      if (begin > 0) string.insert(0, spec.continuing_subword_prefix);
      id = vocabulary.Find(string);
      if (id != kNoToken) break;
    }
    if (id == kNoToken) return unknown;
    tokens.push_back({id, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    begin = end;
  }
  return tokens;
}

TEST(WordPieceTest, EqualsThePeer) {
  const Vocabulary vocabulary = MakeVocabulary({"[UNK]", "ba", "##na", "##n", "b", "##\u4e16", "##x##na"});
  const auto model =
      MakeWordPieceModel({.max_input_chars_per_word = 8}, vocabulary, VocabularyAlphabet::kText);
  ASSERT_TRUE(model.ok());
  const struct {
    std::string piece;
    std::vector<PieceToken> expected;
  } kCases[] = {
      {"banana", {{1, 0, 2}, {2, 2, 4}, {2, 4, 6}}},
      {"bananan", {{1, 0, 2}, {2, 2, 4}, {2, 4, 6}, {3, 6, 7}}},
      {"nanana", {{0, 0, 6}}},
      {"bananab", {{0, 0, 7}}},
      {"b\u4e16\u4e16", {{4, 0, 1}, {5, 1, 4}, {5, 4, 7}}},
      {"b\u4e16\u4e16\u4e16\u4e16\u4e16\u4e16\u4e16",
       {{4, 0, 1}, {5, 1, 4}, {5, 4, 7}, {5, 7, 10}, {5, 10, 13}, {5, 13, 16}, {5, 16, 19}, {5, 19, 22}}},
      {"bnnnnnnnn", {{0, 0, 9}}},  // nine characters
      {"##na", {{2, 0, 4}}},       // at the beginning a continuing token stands for itself
      {"bx##na", {{4, 0, 1}, {6, 1, 6}}},
      {"[UNK]", {{0, 0, 5}}},
      {"", {}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Encode(**model, c.piece), c.expected) << c.piece;
}

TEST(WordPieceTest, WithoutUnknownTokenAnUnknownPieceIsAnError) {
  const auto model = MakeWordPieceModel({}, MakeVocabulary({"a"}), VocabularyAlphabet::kText);
  ASSERT_TRUE(model.ok());
  std::vector<PieceToken> tokens = {{7, 0, 1}};
  EXPECT_EQ(ErrorCodeOf((*model)->Encode("ab", nullptr, &tokens)), ErrorCode::kUnknownToken);
  EXPECT_EQ(tokens.size(), 1u);
}

TEST(WordPieceTest, EqualsItsDefinitionOnRandomVocabularies) {
  std::mt19937 random(17);
  for (int round = 0; round < 3000; ++round) {
    WordPieceModelSpec spec = {.continuing_subword_prefix = round % 4 == 0 ? "" : "##",
                               .max_input_chars_per_word = 1 + random() % 15};
    std::vector<std::string> tokens = {"[UNK]"};
    for (size_t n = 1 + random() % 12; n > 0; --n) {
      std::string token = random() % 2 == 0 ? "" : "##";
      for (size_t k = 1 + random() % 4; k > 0; --k)
        token += random() % 5 == 0 ? "\u00e9" : random() % 2 == 0 ? "a" : "b";
      if (std::find(tokens.begin(), tokens.end(), token) == tokens.end()) tokens.push_back(token);
    }
    const Vocabulary vocabulary = MakeVocabulary(tokens);
    const auto model = MakeWordPieceModel(spec, vocabulary, VocabularyAlphabet::kText);
    ASSERT_TRUE(model.ok());
    for (int i = 0; i < 30; ++i) {
      std::string piece;
      for (size_t k = random() % 14; k > 0; --k)
        piece += random() % 6 == 0 ? "\u00e9" : random() % 2 == 0 ? "a" : "b";
      ASSERT_EQ(Encode(**model, piece), EncodeNaively(spec, vocabulary, piece)) << piece;
    }
  }
}

// Longest match by trying every end would take 10^11 steps here.
TEST(WordPieceTest, LongPiecesAreLinear) {
  const Vocabulary vocabulary = MakeVocabulary({"[UNK]", "a", "##a", "##" + std::string(50000, 'a') + "b"});
  const auto model =
      MakeWordPieceModel({.max_input_chars_per_word = UINT64_MAX}, vocabulary, VocabularyAlphabet::kText);
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(Encode(**model, std::string(2'000'000, 'a')).size(), 2'000'000u);
}

TEST(WordLevelTest, APieceIsATokenOrUnknown) {
  const auto model =
      MakeWordLevelModel({}, MakeVocabulary({"<unk>", "hello", "\u4e16"}), VocabularyAlphabet::kText);
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(Encode(**model, "hello"), (std::vector<PieceToken>{{1, 0, 5}}));
  EXPECT_EQ(Encode(**model, "\u4e16"), (std::vector<PieceToken>{{2, 0, 3}}));
  EXPECT_EQ(Encode(**model, "hell"), (std::vector<PieceToken>{{0, 0, 4}}));
  const auto closed = MakeWordLevelModel({}, MakeVocabulary({"a"}), VocabularyAlphabet::kText);
  ASSERT_TRUE(closed.ok());
  std::vector<PieceToken> tokens;
  EXPECT_EQ(ErrorCodeOf((*closed)->Encode("b", nullptr, &tokens)), ErrorCode::kUnknownToken);
}

}  // namespace
}  // namespace tok
