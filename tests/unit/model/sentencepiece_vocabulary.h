// Vocabularies spelled out in tests of the SentencePiece models.
#ifndef TOK_TESTS_UNIT_MODEL_SENTENCEPIECE_VOCABULARY_H_
#define TOK_TESTS_UNIT_MODEL_SENTENCEPIECE_VOCABULARY_H_

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/model/piece_model.h"
#include "tok/vocabulary.h"

namespace tok {

struct TestPiece {
  std::string bytes;
  double score = 0;
  TokenKind kind = TokenKind::kNormal;
};

inline const TestPiece kUnknownPiece = {"<unk>", 0, TokenKind::kUnknown};

inline Vocabulary VocabularyOf(const std::vector<TestPiece>& pieces) {
  VocabularyBuilder builder;
  TokenId id = 0;
  for (const TestPiece& piece : pieces) {
    const absl::Status status = builder.Add(id++, piece.bytes, piece.kind, piece.score);
    EXPECT_TRUE(status.ok()) << status;
  }
  auto vocabulary = std::move(builder).Build();
  EXPECT_TRUE(vocabulary.ok()) << vocabulary.status();
  return *std::move(vocabulary);
}

// The 256 byte pieces, at ids 0 to 255.
inline std::vector<TestPiece> BytePieces() {
  std::vector<TestPiece> pieces;
  for (int byte = 0; byte < 256; ++byte) {
    char spelling[8];
    std::snprintf(spelling, sizeof(spelling), "<0x%02X>", byte);
    pieces.push_back({spelling, 0, TokenKind::kByte});
  }
  return pieces;
}

inline std::vector<PieceToken> EncodeWith(const PieceModel& model, std::string_view text) {
  const auto scratch = model.MakeScratch();
  std::vector<PieceToken> tokens;
  const absl::Status status = model.Encode(text, scratch.get(), &tokens);
  EXPECT_TRUE(status.ok()) << status;
  return tokens;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_MODEL_SENTENCEPIECE_VOCABULARY_H_
