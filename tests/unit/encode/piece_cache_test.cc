// The cache returns what was put in, whatever was evicted, and never something else.
#include "src/encode/piece_cache.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace tok {
namespace {

template <typename Table>
class PieceTableTest : public testing::Test {
 public:
  using Key = typename Table::Key;
  // The shortest piece that a key can be made of.
  static constexpr size_t kMinPiece = Table::kMaxPiece - 14;
  static Key KeyOf(std::string_view piece) { return Key::Of(piece, piece.size(), /*is_part=*/false); }
  static Table& TableOf(PieceCache* cache) {
    if constexpr (std::is_same_v<Table, ShortPieces>) return cache->short_pieces();
    if constexpr (std::is_same_v<Table, MediumPieces>) return cache->medium_pieces();
  }
};
using Tables = testing::Types<ShortPieces, MediumPieces>;
TYPED_TEST_SUITE(PieceTableTest, Tables);

TYPED_TEST(PieceTableTest, KeysAreEqualOnlyForEqualPieces) {
  const std::string text = std::string("abcdefghijklmnopqrstuvwxyz") + '\0' + "abcdefghijklmnopqrstuvwxyz";
  for (size_t n = this->kMinPiece; n <= TypeParam::kMaxPiece; ++n) {
    const std::string_view piece = std::string_view(text).substr(0, n);
    const auto wide = TypeParam::Key::Of(piece, text.size(), false);
    EXPECT_EQ(wide, this->KeyOf(piece)) << n;
    EXPECT_FALSE(wide == TypeParam::Key::Of(piece, n, /*is_part=*/true));
    for (size_t m = this->kMinPiece; m < n; ++m) {
      EXPECT_FALSE(wide == TypeParam::Key::Of(std::string_view(text).substr(0, m), text.size(), false));
    }
  }
  const std::string zero = text.substr(0, this->kMinPiece) + '\0';
  EXPECT_FALSE(this->KeyOf(zero) == this->KeyOf(std::string_view(zero).substr(0, this->kMinPiece)));
}

TYPED_TEST(PieceTableTest, HoldsUnderEvictionAndGrowth) {
  std::mt19937 random(3);
  PieceCache cache;
  std::map<std::string, std::vector<TokenId>> truth;
  size_t n_hits = 0;
  for (int i = 0; i < 400000; ++i) {
    const std::string piece = std::string(this->kMinPiece, 'p') + std::to_string(random() % 90000);
    std::vector<TokenId>& ids = truth[piece];
    if (ids.empty()) {
      for (size_t n = 1 + random() % 9; n > 0; --n) ids.push_back(static_cast<TokenId>(random()));
    }
    const auto key = this->KeyOf(piece);
    TypeParam& table = this->TableOf(&cache);
    if (const auto* entry = table.Find(key, key.Hash())) {
      ++n_hits;
      if (i % 2 == 0) entry = table.FindAndBringHome(key, key.Hash());
      ASSERT_EQ(entry, table.Find(key, key.Hash()));
      ASSERT_EQ(entry->key == key, !entry->IsInArena());
      const std::span<const TokenId> found = cache.IdsOf(*entry);
      ASSERT_EQ(std::vector<TokenId>(found.begin(), found.end()), ids);
    } else {
      cache.Insert(key, ids);
    }
  }
  EXPECT_GT(n_hits, 200000u);
}

}  // namespace
}  // namespace tok
