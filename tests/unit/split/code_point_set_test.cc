// Sets of characters: the algebra that every class of a regular expression is made of.
#include "src/split/code_point_set.h"

#include <gtest/gtest.h>

namespace tok {
namespace {

CodePointSet Set(std::vector<CodePointRange> ranges) { return CodePointSet(std::move(ranges)); }

TEST(CodePointSetTest, SortsAndJoinsRanges) {
  EXPECT_EQ(Set({{5, 9}, {1, 2}, {3, 4}, {8, 12}}), Set({{1, 12}}));
  EXPECT_EQ(Set({{1, 1}, {3, 3}}).ranges().size(), 2u);
}

TEST(CodePointSetTest, Contains) {
  const CodePointSet set = Set({{10, 20}, {30, 30}});
  for (const int c : {10, 15, 20, 30}) EXPECT_TRUE(set.Contains(c)) << c;
  for (const int c : {0, 9, 21, 29, 31}) EXPECT_FALSE(set.Contains(c)) << c;
  EXPECT_FALSE(CodePointSet().Contains(0));
}

TEST(CodePointSetTest, ComplementHoldsInvalidBytes) {
  const CodePointSet letters = Set({{'a', 'z'}});
  EXPECT_TRUE(letters.Complement().Contains(kInvalidByte));
  EXPECT_EQ(letters.Complement().Complement(), letters);
  EXPECT_TRUE(CodePointSet().Complement().IsUniverse());
  EXPECT_TRUE(letters.Union(letters.Complement()).IsUniverse());
}

TEST(CodePointSetTest, IntersectionAndDifference) {
  const CodePointSet a = Set({{0, 10}, {20, 30}, {40, 50}}), b = Set({{5, 25}, {50, 60}});
  EXPECT_EQ(a.Intersection(b), Set({{5, 10}, {20, 25}, {50, 50}}));
  EXPECT_EQ(a.Minus(b), Set({{0, 4}, {26, 30}, {40, 49}}));
  EXPECT_TRUE(a.Minus(a).empty());
}

}  // namespace
}  // namespace tok
