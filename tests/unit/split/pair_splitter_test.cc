// The vector scanners cut exactly where the reference does, which cuts between the pairs of bytes it was given.
#include "src/split/pair_splitter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/base/chosen_instruction_set.h"

namespace tok {
namespace {

using Ends = std::vector<size_t>;

Ends AllEnds(const Splitter& splitter, std::string_view text, size_t capacity) {
  Ends all, some(capacity);
  SplitState state;
  while (const size_t n = splitter.Fill(text, &state, some.data(), capacity)) {
    EXPECT_EQ(state.position, some[n - 1]);
    all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return all;
}

CutPairs RandomPairs(std::mt19937* random) {
  CutPairs pairs;
  const unsigned rarity = 1 + (*random)() % 40;
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (unsigned k = 0; k < CutPairs::kMaxRectangles; ++k) {
      pairs.left[byte] = static_cast<uint8_t>(pairs.left[byte] | ((*random)() % 3 == 0) << k);
      pairs.right[byte] = static_cast<uint8_t>(pairs.right[byte] | ((*random)() % rarity == 0) << k);
    }
  }
  return pairs;
}

std::string RandomBytes(std::mt19937* random, size_t n) {
  const unsigned n_values = (*random)() % 2 == 0 ? 256 : 0x80;
  std::string text(n, '\0');
  for (char& byte : text) byte = static_cast<char>((*random)() % n_values);
  return text;
}

TEST(PairSplitterTest, TheReferenceCutsBetweenThePairs) {
  CutPairs pairs;
  pairs.left['a'] = 1;
  pairs.left[' '] = 2;
  pairs.right[' '] = 3;
  pairs.right['b'] = 4;
  const auto reference = MakePairSplitter(pairs, InstructionSet::kScalar);
  EXPECT_EQ(AllEnds(*reference, "a  b a", 10), (Ends{1, 2, 6}));
  EXPECT_EQ(AllEnds(*reference, "a", 10), Ends{1});
  EXPECT_EQ(AllEnds(*reference, "", 10), Ends{});
}

TEST(PairSplitterTest, EveryInstructionSetCutsAsTheReference) {
  std::mt19937 random(1);
  for (int round = 0; round < 400; ++round) {
    const CutPairs pairs = RandomPairs(&random);
    const std::string text = RandomBytes(&random, random() % (round % 8 == 0 ? 3000 : 200));
    const Ends expected =
        AllEnds(*MakePairSplitter(pairs, InstructionSet::kScalar), text, 1 + random() % 300);
    for (const InstructionSet set : VectorSetsHere()) {
      const auto scanner = MakePairSplitter(pairs, set);
      for (const size_t capacity : {size_t{1}, size_t{63}, size_t{64}, 65 + random() % 200}) {
        ASSERT_EQ(AllEnds(*scanner, text, capacity), expected) << scanner->Name() << " " << capacity;
      }
    }
  }
}

TEST(PairSplitterTest, AsciiIsClaimedOnlyOfAscii) {
  CutPairs pairs;
  pairs.left.fill(1);
  pairs.right[' '] = 1;
  for (size_t n_before = 0; n_before < 130; ++n_before) {
    const std::string plain(n_before, 'x'), text = plain + "\xC3\xA9 y";
    for (const InstructionSet set : InstructionSetsHere()) {
      const auto splitter = MakePairSplitter(pairs, set);
      size_t ends[256];
      SplitState state;
      ASSERT_GT(splitter->Fill(text, &state, ends, 256), 0u);
      EXPECT_FALSE(state.only_short_characters) << splitter->Name() << " " << n_before;
    }
  }
}

TEST(PairSplitterTest, TheLastCutIsSafe) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    const auto splitter = MakePairSplitter(RandomPairs(&random)).value();
    const std::string text = RandomBytes(&random, 1 + random() % 100);
    const size_t begin = random() % text.size(), limit = begin + random() % (text.size() - begin + 1);
    size_t expected = begin;
    for (const size_t end : AllEnds(*splitter, text, 64)) {
      if (end > begin && end <= limit && end < text.size()) expected = end;
    }
    EXPECT_EQ(splitter->SafeCut(text, begin, limit), expected);
  }
}

}  // namespace
}  // namespace tok
