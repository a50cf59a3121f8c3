#include "src/train/bpe/colliding_merges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include "src/train/bpe/growing_vocabulary.h"
#include "tests/unit/train/colliding_reference.h"

namespace tok {
namespace {

using Piece = CollidingMerges::Piece;

// Symbols as a WordPiece training has them, and tokens that are there before a merge makes them: "##" + "##a" is "##a" again.
const std::vector<std::string> kTokens = {"#", "a", "###", "##a", "##", "aa"};

std::vector<Piece> RandomPieces(size_t n_pieces, size_t max_length, std::mt19937* random) {
  std::vector<Piece> pieces(n_pieces);
  for (Piece& piece : pieces) {
    piece.count = 1 + (*random)() % 4;
    for (size_t length = 2 + (*random)() % max_length; length > 0; --length) {
      piece.tokens.push_back((*random)() % 2 + (piece.tokens.empty() ? 0 : 2));
    }
    piece.lengths.assign(piece.tokens.size(), 1);
  }
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return std::tie(a.tokens, a.count) < std::tie(b.tokens, b.count);
  });
  return pieces;
}

template <typename Engine>
std::vector<TokenMerge> MergesOf(Engine engine) {
  GrowingVocabulary vocabulary(kTokens, "##");
  std::vector<TokenMerge> merges;
  while (merges.size() < 200) {
    const auto merge =
        engine.Next([&](uint32_t left, uint32_t right) { return vocabulary.Add(left, right); });
    if (!merge) break;
    merges.push_back(*merge);
  }
  return merges;
}

void ExpectEqualToReference(size_t n_pieces, size_t max_length, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<Piece> pieces = RandomPieces(n_pieces, max_length, &random);
  const uint64_t min_count = 1 + random() % 3;
  const uint32_t max_piece = seed % 3 == 0 ? 4 + random() % 9 : 0;
  const std::vector<TokenMerge> expected = MergesOf(CollidingReference(pieces, min_count, max_piece));
  std::shuffle(pieces.begin(), pieces.end(), random);
  EXPECT_EQ(MergesOf(CollidingMerges(pieces, min_count, max_piece)), expected) << "seed " << seed;
}

TEST(CollidingMergesTest, EqualsTheReference) {
  for (uint32_t seed = 0; seed < 400; ++seed) ExpectEqualToReference(1 + seed % 40, 20, seed);
}

TEST(CollidingMergesTest, EqualsTheReferenceOnLongPieces) {
  for (uint32_t seed = 0; seed < 30; ++seed) ExpectEqualToReference(1 + seed % 5, 1500, seed);
}

}  // namespace
}  // namespace tok
