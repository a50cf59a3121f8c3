// Long pieces come back with the ids that were put in, whatever was forgotten, and never with others.
#include "src/encode/long_pieces.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tok {
namespace {

TEST(LongPiecesTest, HoldUnderGrowthAndForgetting) {
  std::mt19937 random(5);
  LongPieces pieces;
  std::map<std::pair<std::string, bool>, std::vector<TokenId>> truth;
  size_t n_hits = 0;
  for (int i = 0; i < 200000; ++i) {
    const std::string piece = std::string(40 + random() % 80, 'p') + std::to_string(random() % 500);
    const bool is_part = random() % 2 == 0;
    std::vector<TokenId>& ids = truth[{piece, is_part}];
    if (ids.empty()) {
      for (size_t n = 1 + random() % 90; n > 0; --n) ids.push_back(static_cast<TokenId>(random()));
    }
    const uint64_t hash = LongPieces::HashOf(piece);
    std::span<const TokenId> found;
    if (pieces.Find(piece, is_part, hash, &found)) {
      ++n_hits;
    } else {
      pieces.Insert(piece, is_part, hash, ids);
      ASSERT_TRUE(pieces.Find(piece, is_part, hash, &found));
    }
    ASSERT_EQ(std::vector<TokenId>(found.begin(), found.end()), ids);
  }
  EXPECT_GT(n_hits, 30000u);
  EXPECT_LT(n_hits, 190000u);  // more than the store holds
}

TEST(LongPiecesTest, PiecesThatShareAHashShareABucket) {
  LongPieces pieces;
  std::span<const TokenId> found;
  for (TokenId i = 0; i < 10; ++i) {
    pieces.Insert(std::string(40, static_cast<char>('a' + i)), false, /*hash=*/77, std::vector<TokenId>{i});
  }
  for (TokenId i = 0; i < 10; ++i) {
    const bool is_there = pieces.Find(std::string(40, static_cast<char>('a' + i)), false, 77, &found);
    ASSERT_EQ(is_there, i >= 6) << "the oldest give way";
    if (!is_there) continue;
    ASSERT_EQ(found[0], i);
  }
}

TEST(LongPiecesTest, OfNoneAndOfTooMany) {
  LongPieces pieces;
  std::span<const TokenId> found;
  const std::string piece(100, 'x');
  const uint64_t hash = LongPieces::HashOf(piece);
  pieces.Prefetch(hash);
  EXPECT_FALSE(pieces.Find(piece, false, hash, &found));
  pieces.Insert(piece, false, hash, std::vector<TokenId>(LongPieces::kMaxIds + 1));
  EXPECT_FALSE(pieces.Find(piece, false, hash, &found));
  pieces.Insert(piece, false, hash, std::vector<TokenId>(LongPieces::kMaxIds, 3));
  ASSERT_TRUE(pieces.Find(piece, false, hash, &found));
  EXPECT_EQ(found.size(), LongPieces::kMaxIds);
  EXPECT_FALSE(pieces.Find(piece, true, hash, &found));
}

}  // namespace
}  // namespace tok
