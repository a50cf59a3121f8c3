// Charsmaps are untrusted: each way to be broken is refused, and what is accepted cannot lead out of bounds.
#include "src/normalize/charsmap.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/normalize/test_charsmap.h"

namespace tok {
namespace {

using Peer = Charsmap::Peer;

TEST(CharsmapTest, FindsRules) {
  const auto map = Charsmap::Parse(CharsmapOfRules({{'a', "xy"}, {'b', ""}}), Peer::kSentencePiece);
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->LongestPrefix("ab").n_bytes, 1u);
  EXPECT_EQ(map->LongestPrefix("ab").replacement, "xy");
  EXPECT_EQ(map->ShortestPrefix("b").n_bytes, 1u);
  EXPECT_EQ(map->ShortestPrefix("b").replacement, "");
  EXPECT_EQ(map->LongestPrefix("c").n_bytes, 0u);
  EXPECT_EQ(map->LongestPrefix(std::string_view("\0", 1)).n_bytes, 0u);
  EXPECT_TRUE(map->MayMatch('a', 'z'));
  EXPECT_TRUE(map->MayMatchAtEnd('a'));
  EXPECT_FALSE(map->MayMatch('c', 'a'));
}

std::string WithUnit(size_t index, uint32_t value) {
  std::string blob;
  std::vector<uint32_t> units = UnitsOfRules({{'a', "x"}}, &blob);
  units[index] = value;
  return CharsmapOf(units, blob);
}

TEST(CharsmapTest, RefusesBrokenMaps) {
  const std::string good = CharsmapOfRules({{'a', "x"}});
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"header only", good.substr(0, 4)},
      {"cut in the trie", good.substr(0, 2000)},
      {"no replacements", good.substr(0, 4 + 768 * 4)},
      {"root is a leaf", WithUnit(0, 0x80000000u)},
      {"root without children", WithUnit(0, 0)},
      {"root leads out", WithUnit(0, 0xFFFu << 10)},
      {"unit leads out", WithUnit(5, 0xFFFFu << 10)},
      {"unit leads far out", WithUnit(5, 0x7FFFFF00u | 0x200u)},
      {"leaf behind the blob", WithUnit(512 ^ 'a', 0x80000000u | 1000)},
      {"rule without a leaf", WithUnit(512 ^ 'a', 'a')},
  };
  for (const auto& [name, bytes] : cases) {
    for (const Peer peer : {Peer::kSentencePiece, Peer::kHuggingFace}) {
      if (peer == Peer::kHuggingFace && std::string_view(name) == "no replacements") continue;
      EXPECT_EQ(ErrorCodeOf(Charsmap::Parse(bytes, peer).status()), ErrorCode::kBadFormat) << name;
    }
  }
}

TEST(CharsmapTest, PeersDifferInWhatMayBeMissing) {
  std::string unterminated = CharsmapOfRules({{'a', "x"}});
  unterminated.pop_back();
  EXPECT_FALSE(Charsmap::Parse(unterminated, Peer::kSentencePiece).ok());
  const auto map = Charsmap::Parse(unterminated, Peer::kHuggingFace);
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->ShortestPrefix("a").replacement, "x");
  const std::string not_utf8 = CharsmapOfRules({{'a', "\xFF"}});
  EXPECT_TRUE(Charsmap::Parse(not_utf8, Peer::kSentencePiece).ok());
  EXPECT_FALSE(Charsmap::Parse(not_utf8, Peer::kHuggingFace).ok());
}

// A unit whose child is itself: the walk must end, and say so.
TEST(CharsmapTest, LoopsAreCutOff) {
  const uint32_t node = 256u ^ 'a';
  const auto map = Charsmap::Parse(WithUnit(node, 'a' | (node ^ 256u) << 10), Peer::kSentencePiece);
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_TRUE(map->LongestPrefix(std::string(5000, 'a')).too_deep);
  EXPECT_FALSE(map->LongestPrefix(std::string(1000, 'a')).too_deep);
}

// Whatever Parse accepts can be asked about any text (run under AddressSanitizer too).
TEST(CharsmapTest, AcceptedMutationsStayInBounds) {
  std::mt19937 random(3);
  const std::string good = CharsmapOfRules({{'a', "x"}, {'b', "yy"}, {'c', ""}});
  size_t n_accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = good;
    for (int change = 0; change < 3; ++change)
      bytes[4 + random() % (bytes.size() - 4)] = static_cast<char>(random());
    const auto map = Charsmap::Parse(bytes, Peer::kSentencePiece);
    if (!map.ok()) continue;
    ++n_accepted;
    for (int j = 0; j < 20; ++j) {
      std::string text(1 + random() % 8, ' ');
      for (char& c : text) c = static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 3);
      EXPECT_LE(map->LongestPrefix(text).n_bytes, text.size());
      EXPECT_LE(map->ShortestPrefix(text).n_bytes, text.size());
    }
  }
  EXPECT_GT(n_accepted, 100u);
}

}  // namespace
}  // namespace tok
