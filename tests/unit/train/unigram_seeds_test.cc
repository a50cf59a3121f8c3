// Seeds of Unigram training against their definition, and the work that finding them takes on hostile text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/train/unigram/seed_tokens.h"
#include "tests/unit/train/counted_pieces.h"

namespace tok {
namespace {

SortedPieces Sorted(const CountedStrings& pieces) {
  auto sorted = SortedPieces::Create(TextPieces(pieces));
  EXPECT_TRUE(sorted.ok()) << sorted.status();
  return *std::move(sorted);
}

std::vector<std::string> InOrder(const SeedTokens& seeds) {
  std::vector<std::string> strings;
  for (const uint32_t id : seeds.order) {
    strings.push_back(std::string(seeds.strings[id]) + " " +
                      std::to_string(static_cast<uint64_t>(seeds.weights[id])));
  }
  return strings;
}

void ExpectDefinition(const CountedStrings& pieces, const SeedOptions& options) {
  const SortedPieces sorted = Sorted(pieces);
  const SeedTokens found = FindSeedTokens(sorted, options);
  const SeedTokens defined = FindSeedTokensReference(sorted, options);
  ASSERT_EQ(InOrder(found), InOrder(defined));
  ASSERT_EQ(found.order, defined.order);  // ids are in byte order in both
}

TEST(UnigramSeedsTest, AreCharactersByCountThenStringsByPlacesTimesLength) {
  // "is" is always followed by a space or the end of nothing else; "is " and "s " end at different things.
  const SeedTokens seeds = FindSeedTokens(Sorted({{"This is a", 1}, {"\u3053\u3093", 3}}), {});
  const std::vector<std::string> expected = {"\u3093 3", "\u3053 3", "s 2", "i 2",   "  2",
                                             "h 1",      "a 1",      "T 1", "is  6", "s  4"};
  EXPECT_EQ(InOrder(seeds), expected);
}

TEST(UnigramSeedsTest, FollowTheirDefinitionOnRandomPieces) {
  std::mt19937 random(41);
  std::vector<std::string> many;  // so many that keys hold few characters
  for (char32_t c = 0x4E00; c < 0x4E00 + 3000; ++c) {
    many.push_back({static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                    static_cast<char>(0x80 | (c & 0x3F))});
  }
  for (int i = 0; i < 6000; ++i) many.push_back(many[i % 3]);
  const std::vector<std::vector<std::string>> alphabets = {{"a"},
                                                           {"a", "b"},
                                                           {"a", "b", "\xC3\xA9", "\xF0\x9F\x98\x80", "c"},
                                                           {"a", std::string(1, '\0'), "b"},
                                                           many};
  for (int round = 0; round < 120; ++round) {
    const auto& alphabet = alphabets[round % alphabets.size()];
    const CountedStrings pieces = RandomPieces(alphabet, 1 + random() % 60, 1 + random() % 40, &random);
    const SeedOptions options{1 + random() % 40, random() % 3 == 0 ? 1 + random() % 40 : 1000000, 1};
    ExpectDefinition(pieces, options);
  }
}

TEST(UnigramSeedsTest, LongestLengthsAreToldApart) {
  const std::string run(300, 'a');
  for (const size_t max_length : {1ul, 2ul, 15ul, 16ul, 17ul, 127ul, 128ul}) {
    ExpectDefinition({{run, 1}, {run + "b", 2}, {"b" + run, 3}}, {max_length, 1000000, 1});
  }
}

TEST(UnigramSeedsTest, DoNotDependOnThreads) {
  std::mt19937 random(43);
  const SortedPieces pieces = Sorted(RandomPieces({"a", "b", "c", "d"}, 3000, 12, &random));
  const SeedTokens one = FindSeedTokens(pieces, {16, 500, 1});
  const SeedTokens many = FindSeedTokens(pieces, {16, 500, 4});
  EXPECT_EQ(InOrder(one), InOrder(many));
  EXPECT_EQ(one.n_keys, many.n_keys);
}

// Keys per character stay the same on text that is one repetition, where sorting whole suffixes would compare for ever.
TEST(UnigramSeedsTest, WorkGrowsWithTheTextOnly) {
  const auto n_keys = [](const std::string& text) { return FindSeedTokens(Sorted({{text, 1}}), {}).n_keys; };
  for (const std::string unit : {"a", "ab", "abaab", "\xE4\xB8\x96"}) {
    std::string text;
    while (text.size() < 100000) text += unit;
    const uint64_t once = n_keys(text), twice = n_keys(text + text);
    EXPECT_LE(once, 3 * text.size()) << unit;
    EXPECT_LE(twice, 2 * once + 100) << unit;
  }
}

TEST(UnigramSeedsTest, PiecesAreCheckedAndSorted) {
  EXPECT_EQ(ErrorCodeOf(SortedPieces::Create(TextPieces({{"a\xFF", 1}})).status()), ErrorCode::kInvalidUtf8);
  EXPECT_EQ(ErrorCodeOf(SortedPieces::Create(TextPieces({{"ab", ~uint64_t{0}}})).status()),
            ErrorCode::kLimit);
  EXPECT_EQ(ErrorCodeOf(SortedPieces::Create(PieceCounts()).status()), ErrorCode::kUnsupportedFeature);
  const SortedPieces pieces = Sorted({{"b", 1}, {"", 5}, {"a", 2}});
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[0].bytes, "a");
  EXPECT_EQ(pieces[1].count, 1u);
  EXPECT_EQ(pieces.total_count(), 3u);
}

}  // namespace
}  // namespace tok
