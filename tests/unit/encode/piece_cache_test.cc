// The cache returns what was put in, whatever was evicted, and never something else.
#include "src/encode/piece_cache.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace tok {
namespace {

TEST(PieceCacheTest, KeysAreEqualOnlyForEqualPieces) {
  const std::string text = std::string("abcdefghijklmnopqrstuvwxyz") + '\0' + "abc";
  for (size_t n = 1; n <= PieceCache::kMaxShortPiece; ++n) {
    const std::string_view piece = std::string_view(text).substr(0, n);
    const PieceKey wide = PieceCache::MakeKey(piece, text.size());
    EXPECT_EQ(wide, PieceCache::MakeKey(piece, n)) << n;
    for (size_t m = 1; m < n; ++m) {
      EXPECT_FALSE(wide == PieceCache::MakeKey(std::string_view(text).substr(0, m), text.size()));
    }
  }
  EXPECT_FALSE(PieceCache::MakeKey(std::string_view("a\0", 2), 2) == PieceCache::MakeKey("a", 1));
}

TEST(PieceCacheTest, HoldsUnderEvictionAndGrowth) {
  std::mt19937 random(3);
  PieceCache cache;
  std::map<std::string, std::vector<TokenId>> truth;
  size_t n_hits = 0;
  for (int i = 0; i < 400000; ++i) {
    const std::string piece = std::to_string(random() % 90000);
    std::vector<TokenId>& ids = truth[piece];
    if (ids.empty()) {
      for (size_t n = 1 + random() % 6; n > 0; --n) ids.push_back(static_cast<TokenId>(random()));
    }
    const PieceKey key = PieceCache::MakeKey(piece, piece.size());
    if (const PieceCache::Entry* entry = cache.Find(key, PieceCache::Hash(key))) {
      ++n_hits;
      const std::span<const TokenId> found = cache.IdsOf(*entry);
      ASSERT_EQ(std::vector<TokenId>(found.begin(), found.end()), ids);
    } else {
      cache.Insert(key, PieceCache::Hash(key), ids);
    }
  }
  EXPECT_GT(n_hits, 200000u);
}

TEST(PieceCacheTest, LongPiecesSurviveUntilTheArenaIsFull) {
  PieceCache cache;
  std::span<const TokenId> found;
  const std::string piece(100, 'x');
  EXPECT_FALSE(cache.FindLong(piece, false, &found));
  cache.InsertLong(piece, false, std::vector<TokenId>{7, 8});
  ASSERT_TRUE(cache.FindLong(piece, false, &found));
  EXPECT_EQ(std::vector<TokenId>(found.begin(), found.end()), (std::vector<TokenId>{7, 8}));
  for (int i = 0; i < 100000; ++i) {
    const std::string other = std::to_string(i) + std::string(100, 'y');
    cache.InsertLong(other, false, std::vector<TokenId>{static_cast<TokenId>(i)});
    ASSERT_TRUE(cache.FindLong(other, false, &found));
    ASSERT_EQ(found[0], static_cast<TokenId>(i));
  }
}

}  // namespace
}  // namespace tok
