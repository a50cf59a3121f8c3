#include "src/unicode/byte_alphabet.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace tok {
namespace {

TEST(ByteAlphabetTest, KnownCharacters) {
  EXPECT_EQ(ByteAlphabetChar(' '), U'Ġ');
  EXPECT_EQ(ByteAlphabetChar('\n'), U'Ċ');
  EXPECT_EQ(ByteAlphabetChar('a'), U'a');
  EXPECT_EQ(ByteAlphabetChar(0), U'Ā');
  EXPECT_EQ(ByteAlphabetChar(0xAD), char32_t{0x143});
  EXPECT_EQ(ByteAlphabetChar(0xFF), U'ÿ');
  EXPECT_EQ(ByteOfAlphabetChar(U' '), -1);
  EXPECT_EQ(ByteOfAlphabetChar(char32_t{0x144}), -1);
  EXPECT_EQ(ByteOfAlphabetChar(char32_t{0x110000}), -1);
}

TEST(ByteAlphabetTest, IsABijection) {
  std::set<char32_t> seen;
  for (int byte = 0; byte < 256; ++byte) {
    const char32_t character = ByteAlphabetChar(static_cast<uint8_t>(byte));
    EXPECT_EQ(ByteOfAlphabetChar(character), byte);
    seen.insert(character);
  }
  EXPECT_EQ(seen.size(), 256u);
  EXPECT_EQ(*seen.rbegin(), char32_t{0x143});
}

TEST(ByteAlphabetTest, StringsGoBothWays) {
  std::string all, spelled, bytes;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  AppendByteAlphabet(all, &spelled);
  ASSERT_TRUE(FromByteAlphabet(spelled, &bytes));
  EXPECT_EQ(bytes, all);
  EXPECT_TRUE(FromByteAlphabet("", &bytes));
  EXPECT_EQ(bytes, "");
  for (const char* outside : {" ", "a b", "日", "ń\xFF", "\xC4", "\u0144"}) {
    EXPECT_FALSE(FromByteAlphabet(outside, &bytes)) << outside;
  }
}

}  // namespace
}  // namespace tok
