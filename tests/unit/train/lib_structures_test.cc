// The ranked list and the trie of units against vectors and sets.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "src/base/random_stream.h"
#include "src/train/lib/ranked_list.h"
#include "src/train/lib/unit_trie.h"

namespace tok {
namespace {

TEST(RandomStreamTest, IsSplitMix64) {
  RandomStream random(1234567);  // the test vector of its authors' program
  EXPECT_EQ(random.Next(), 6457827717110365317u);
  EXPECT_EQ(random.Next(), 3203168211198807973u);
  EXPECT_EQ(random.Next(), 9817491932198370423u);
}

TEST(RandomStreamTest, DrawsEvenlyAndWithinBounds) {
  RandomStream random(5);
  size_t n_hits = 0;
  std::vector<size_t> counts(7);
  for (int i = 0; i < 70000; ++i) {
    ++counts[random.Below(7)];
    n_hits += random.Chance(0.25);
  }
  for (const size_t count : counts) EXPECT_NEAR(static_cast<double>(count), 10000, 400);
  EXPECT_NEAR(static_cast<double>(n_hits), 17500, 500);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(random.Chance(0));
    EXPECT_TRUE(random.Chance(1));
  }
}

TEST(RankedListTest, MatchesAVector) {
  RandomStream random(11);
  RankedList list;
  std::vector<uint32_t> vector, free;
  uint32_t n_items = 0;
  for (int i = 0; i < 20000; ++i) {
    if (vector.empty() || random.Chance(i < 10000 ? 0.6 : 0.45)) {
      uint32_t item = n_items;
      if (free.empty() || random.Chance(0.3)) {
        ++n_items;
      } else {
        item = free.back();
        free.pop_back();
      }
      const size_t rank = random.Below(vector.size() + 1);
      list.Insert(item, rank);
      vector.insert(vector.begin() + static_cast<ptrdiff_t>(rank), item);
    } else {
      const size_t rank = random.Below(vector.size());
      ASSERT_EQ(list.Rank(vector[rank]), rank);
      list.Erase(vector[rank]);
      free.push_back(vector[rank]);
      vector.erase(vector.begin() + static_cast<ptrdiff_t>(rank));
    }
    ASSERT_EQ(list.size(), vector.size());
    if (i % 500 != 0) continue;
    for (size_t rank = 0; rank < vector.size(); ++rank) {
      ASSERT_EQ(list.At(rank), vector[rank]);
      ASSERT_EQ(list.Rank(vector[rank]), rank);
    }
  }
}

TEST(RankedListTest, StepsAreLogarithmicWhereverItemsGo) {
  for (const int where : {0, 1, 2}) {  // head, tail, middle
    RankedList list;
    constexpr uint32_t kItems = 1 << 16;
    for (uint32_t item = 0; item < kItems; ++item)
      list.Insert(item, where == 0 ? 0 : where == 1 ? item : item / 2);
    for (uint32_t item = 0; item < kItems; ++item) list.Rank(item);
    for (uint32_t item = 0; item < kItems; ++item) list.Erase(item);
    // 16 levels, 1.39 times that on average in a random tree, for each of three operations.
    EXPECT_LT(list.n_steps(), uint64_t{kItems} * 3 * 35);
  }
}

TEST(UnitTrieTest, MatchesAMap) {
  RandomStream random(13);
  UnitTrie trie;
  std::map<std::string, std::pair<uint32_t, UnitTrie::Node>> units;  // unit and node by text
  for (uint32_t round = 0; round < 6000; ++round) {
    std::string text;
    for (uint64_t n = 1 + random.Below(9); n > 0; --n) text += static_cast<char>(0x7F + random.Below(3));
    const auto found = units.find(text);
    if (found == units.end()) {
      const UnitTrie::Node node = trie.MakeNode(text);
      ASSERT_EQ(trie.UnitAt(node), UnitTrie::kNoUnit);
      trie.SetUnit(node, round);
      units[text] = {round, node};
    } else if (random.Chance(0.7)) {
      trie.RemoveUnit(found->second.second);
      units.erase(found);
    } else {
      ASSERT_EQ(trie.UnitAt(trie.MakeNode(text)), found->second.first);
    }
    text += text;
    UnitTrie::Found expected;
    for (size_t n = 1; n <= text.size(); ++n) {
      if (const auto unit = units.find(text.substr(0, n)); unit != units.end())
        expected = {unit->second.first, expected.longest};
    }
    const UnitTrie::Found actual = trie.Find(text);
    ASSERT_EQ(actual.longest, expected.longest);
    ASSERT_EQ(actual.second, expected.second);
  }
  EXPECT_GT(units.size(), 500u);
  for (const auto& [text, unit] : units) trie.RemoveUnit(unit.second);
  EXPECT_EQ(trie.n_nodes(), 1u);  // nothing is left behind
}

TEST(UnitTrieTest, FreedNodesAreUsedAgain) {
  UnitTrie trie(10);
  EXPECT_TRUE(trie.HasRoom(9));
  EXPECT_FALSE(trie.HasRoom(10));
  for (int i = 0; i < 100; ++i) {
    const UnitTrie::Node node = trie.MakeNode("abcdefghi");
    EXPECT_LT(node, 10u);
    EXPECT_FALSE(trie.HasRoom(1));
    trie.SetUnit(node, 1);
    trie.RemoveUnit(node);
  }
}

}  // namespace
}  // namespace tok
