// The trie against a map: every key, every prefix of a text, and sets that strain the placement of nodes.
#include "src/base/byte_trie.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace tok {
namespace {

using Keys = std::map<std::string, uint32_t>;

ByteTrie BuildFrom(const Keys& keys) {
  auto trie = ByteTrie::Build({keys.begin(), keys.end()});
  EXPECT_TRUE(trie.ok()) << trie.status();
  return *std::move(trie);
}

void ExpectSamePrefixes(const Keys& keys, const ByteTrie& trie, std::string_view text) {
  ByteTrie::State state = ByteTrie::kRoot;
  ByteTrie::Match longest;
  for (size_t i = 0; i < text.size(); ++i) {
    state = trie.Step(state, static_cast<unsigned char>(text[i]));
    const std::string prefix(text.substr(0, i + 1));
    const auto key = keys.find(prefix);
    const auto next = keys.lower_bound(prefix);
    const bool alive = next != keys.end() && next->first.starts_with(prefix);
    ASSERT_EQ(state != ByteTrie::kDead, alive) << prefix;
    if (!alive) break;
    ASSERT_EQ(trie.Value(state), key == keys.end() ? ByteTrie::kNoValue : key->second) << prefix;
    if (key != keys.end()) longest = {i + 1, key->second};
  }
  EXPECT_EQ(trie.LongestPrefix(text).n_bytes, longest.n_bytes);
  EXPECT_EQ(trie.LongestPrefix(text).value, longest.value);
}

TEST(ByteTrieTest, EmptySetMatchesNothing) {
  const ByteTrie trie = BuildFrom({});
  EXPECT_TRUE(trie.empty());
  EXPECT_EQ(trie.LongestPrefix("a").n_bytes, 0u);
}

TEST(ByteTrieTest, LongestPrefixLooksAtTheShortestMatchesOnly) {
  const ByteTrie trie = BuildFrom({{"a", 1}, {"aa", 2}, {"aaaa", 4}});
  EXPECT_EQ(trie.LongestPrefix("aaaaa").n_bytes, 4u);
  EXPECT_EQ(trie.LongestPrefix("aaaaa", 2).n_bytes, 2u);
  EXPECT_EQ(trie.LongestPrefix("aaa").value, 2u);
  EXPECT_EQ(trie.LongestPrefix("ba").n_bytes, 0u);
}

TEST(ByteTrieTest, NulIsAByteLikeAnyOther) {
  const std::string nul(1, '\0');
  const Keys keys = {{"a", 1}, {nul, 2}, {"a" + nul, 3}, {nul + nul, 4}};
  const ByteTrie trie = BuildFrom(keys);
  for (const std::string& text : {nul, nul + nul + nul, "a" + nul + nul, std::string("ab")}) {
    ExpectSamePrefixes(keys, trie, text);
  }
}

TEST(ByteTrieTest, RandomSetsMatchAMap) {
  std::mt19937 random(5);
  for (const int alphabet : {2, 20, 256}) {
    Keys keys;
    const auto text = [&](size_t max) {
      std::string result(1 + random() % max, ' ');
      for (char& c : result) c = static_cast<char>(random() % alphabet);
      return result;
    };
    for (uint32_t i = 0; i < 3000; ++i) keys.emplace(text(8), i);
    const ByteTrie trie = BuildFrom(keys);
    for (const auto& [key, value] : keys) ExpectSamePrefixes(keys, trie, key + "x");
    for (int i = 0; i < 3000; ++i) ExpectSamePrefixes(keys, trie, text(12));
  }
}

TEST(ByteTrieTest, FullNodesFindRoom) {
  Keys keys;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) keys[{static_cast<char>(a), static_cast<char>(b)}] = a * 256 + b;
  }
  const ByteTrie trie = BuildFrom(keys);
  for (const auto& [key, value] : keys) EXPECT_EQ(trie.LongestPrefix(key).value, value);
}

TEST(ByteTrieTest, EqualAndEmptyKeysAreErrors) {
  EXPECT_EQ(ErrorCodeOf(ByteTrie::Build({{"a", 1}, {"a", 2}}).status()), ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(ByteTrie::Build({{"", 1}}).status()), ErrorCode::kBadVocabulary);
}

}  // namespace
}  // namespace tok
