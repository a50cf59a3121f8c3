#include "src/unicode/grapheme.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tok {
namespace {

std::vector<std::string> Clusters(std::string_view text) {
  std::vector<std::string> clusters;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = GraphemeEnd(text, begin);
    clusters.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return clusters;
}

using Expected = std::vector<std::string>;

TEST(GraphemeTest, Rules) {
  EXPECT_EQ(Clusters("ab"), (Expected{"a", "b"}));
  EXPECT_EQ(Clusters("a\r\nb\n\r"), (Expected{"a", "\r\n", "b", "\n", "\r"}));  // GB3 to GB5
  EXPECT_EQ(Clusters("\n\u0301a\u0301\u0302b"), (Expected{"\n", "\u0301", "a\u0301\u0302", "b"}));  // GB9
  EXPECT_EQ(Clusters("\u1100\u1161\u11A8\u1100"), (Expected{"\u1100\u1161\u11A8", "\u1100"}));  // GB6 to GB8
  EXPECT_EQ(Clusters("\uAC00\u11A8\u1161"), (Expected{"\uAC00\u11A8", "\u1161"}));
  EXPECT_EQ(Clusters("\u0600a\u0903"), (Expected{"\u0600a\u0903"}));  // GB9a, GB9b
  EXPECT_EQ(Clusters("\u0600\nx"), (Expected{"\u0600", "\n", "x"}));
  EXPECT_EQ(Clusters("\u0915\u094D\u0924x"), (Expected{"\u0915\u094D\u0924", "x"}));  // GB9c
  EXPECT_EQ(Clusters("\u0915\u0924"), (Expected{"\u0915", "\u0924"}));
  EXPECT_EQ(Clusters("\u00A9\u200D\u00AE\u00AE"), (Expected{"\u00A9\u200D\u00AE", "\u00AE"}));  // GB11
  EXPECT_EQ(Clusters("a\u200D\u00AE"), (Expected{"a\u200D", "\u00AE"}));
}

TEST(GraphemeTest, InvalidBytesAndNulStandAlone) {
  EXPECT_EQ(Clusters(std::string_view("a\xFF\xFF\0\0", 5)),
            (Expected{"a", "\xFF", "\xFF", std::string(1, '\0'), std::string(1, '\0')}));
  EXPECT_EQ(Clusters("\xFF\u0301"), (Expected{"\xFF", "\u0301"}));
}

}  // namespace
}  // namespace tok
