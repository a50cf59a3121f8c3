// Scanners of every instruction set cut as the definition does wherever a text begins and ends, wherever a call stops, and
// never look at a byte outside the text.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/split/pair_splitter.h"
#include "src/split/splitter.h"
#include "tests/support/nasty_texts.h"
#include "tests/support/page_edge.h"
#include "tests/unit/base/chosen_instruction_set.h"

namespace tok {
namespace {

using Ends = std::vector<size_t>;
using SplitterPtr = std::shared_ptr<const Splitter>;

constexpr PatternFamily kFamilies[] = {
    PatternFamily::kGpt2,     PatternFamily::kCl100k,     PatternFamily::kLlama3,
    PatternFamily::kQwen,     PatternFamily::kO200k,      PatternFamily::kDeepSeek,
    PatternFamily::kSubwords, PatternFamily::kSuperwords, PatternFamily::kSpacedWords};
constexpr size_t kMaxCapacity = 256;

// In one call after the other, of `capacity` each. The array of ends is as long as was promised, and no longer.
Ends AllEnds(const Splitter& splitter, std::string_view text, size_t capacity) {
  Ends all;
  const std::unique_ptr<size_t[]> some(new size_t[capacity]);
  SplitState state;
  while (const size_t n = splitter.Fill(text, &state, some.get(), capacity)) {
    EXPECT_LE(n, capacity);
    EXPECT_EQ(state.position, some[n - 1]);
    all.insert(all.end(), some.get(), some.get() + n);
  }
  return all;
}

CutPairs SomePairs() {
  CutPairs pairs;
  for (unsigned byte = 0; byte < 256; ++byte) {
    pairs.left[byte] = static_cast<uint8_t>((byte % 3 != 0) | (byte > 0xA0) << 1 | (byte % 5 == 0) << 2);
    pairs.right[byte] =
        static_cast<uint8_t>((byte == ' ') | (byte >= 0xE0) << 1 | (byte % 7 == 0 && byte < 0x80) << 2);
  }
  return pairs;
}

// A definition, and the scanners that are held equal to it.
struct Contest {
  SplitterPtr reference;
  std::vector<SplitterPtr> scanners;
};

std::vector<Contest> Contests() {
  std::vector<Contest> contests;
  for (const PatternFamily family : kFamilies) {
    Contest contest = {MakeReferenceSplitter(family), {}};
    for (const InstructionSet set : InstructionSetsHere())
      contest.scanners.push_back(MakeScannerSplitter(family, set));
    contests.push_back(std::move(contest));
  }
  Contest pairs = {MakePairSplitter(SomePairs(), InstructionSet::kScalar), {}};
  for (const InstructionSet set : InstructionSetsHere())
    pairs.scanners.push_back(MakePairSplitter(SomePairs(), set));
  contests.push_back(std::move(pairs));
  return contests;
}

TEST(ScannerEdgesTest, TextsOfEveryLengthAtTheEdgesOfAPage) {
  constexpr size_t kMaxLength = 300;
  PageEdge edge(kMaxLength);
  const std::vector<Contest> contests = Contests();
  for (const std::string& text : NastyTexts(2 * kMaxLength, /*valid_utf8=*/false)) {
    for (size_t n = 1; n <= kMaxLength; ++n) {
      const std::string part = text.substr(n % 7, n);  // begins and ends inside characters too
      for (const Contest& contest : contests) {
        const Ends expected = AllEnds(*contest.reference, part, kMaxCapacity);
        const size_t limit = n / 2, cut = contest.reference->SafeCut(part, 0, limit);
        for (const SplitterPtr& scanner : contest.scanners) {
          const std::string_view at_end = edge.AtEnd(part);
          ASSERT_EQ(AllEnds(*scanner, at_end, kMaxCapacity), expected) << scanner->Name() << " " << n;
          ASSERT_EQ(AllEnds(*scanner, at_end, 64), expected) << scanner->Name() << " " << n;
          ASSERT_EQ(scanner->SafeCut(at_end, 0, limit), cut) << scanner->Name() << " " << n;
          const std::string_view at_begin = edge.AtBegin(part);
          ASSERT_EQ(AllEnds(*scanner, at_begin, kMaxCapacity), expected) << scanner->Name() << " " << n;
        }
      }
    }
  }
}

TEST(ScannerEdgesTest, CallsMayStopAnywhere) {
  const std::vector<Contest> contests = Contests();
  for (const std::string& text : NastyTexts(1500, /*valid_utf8=*/false)) {
    for (const Contest& contest : contests) {
      const Ends expected = AllEnds(*contest.reference, text, kMaxCapacity);
      for (const SplitterPtr& scanner : contest.scanners) {
        for (size_t capacity = 1; capacity <= 128; ++capacity) {
          ASSERT_EQ(AllEnds(*scanner, text, capacity), expected) << scanner->Name() << " " << capacity;
        }
      }
    }
  }
}

// A state is a value: whoever was told where a piece ends can go on from there.
TEST(ScannerEdgesTest, CallsMayBeginAtAnyPiece) {
  const std::vector<Contest> contests = Contests();
  for (const std::string& text : NastyTexts(1000, /*valid_utf8=*/false)) {
    for (const Contest& contest : contests) {
      const Ends expected = AllEnds(*contest.reference, text, kMaxCapacity);
      for (const SplitterPtr& scanner : contest.scanners) {
        for (size_t piece = 0; piece < expected.size(); ++piece) {
          Ends ends(kMaxCapacity);
          SplitState state;
          state.position = expected[piece];
          const size_t n = scanner->Fill(text, &state, ends.data(), ends.size());
          ASSERT_EQ(n > 0, piece + 1 < expected.size()) << scanner->Name() << " " << piece;
          ASSERT_TRUE(std::equal(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(n),
                                 expected.begin() + static_cast<std::ptrdiff_t>(piece) + 1))
              << scanner->Name() << " " << piece;
        }
      }
    }
  }
}

TEST(ScannerEdgesTest, TextsMayLieAnywhere) {
  constexpr size_t kLine = 64;
  const std::vector<Contest> contests = Contests();
  for (const std::string& text : NastyTexts(600, /*valid_utf8=*/false)) {
    std::string room(text.size() + 2 * kLine, 'x');
    const size_t line = (kLine - reinterpret_cast<uintptr_t>(room.data()) % kLine) % kLine;
    for (const Contest& contest : contests) {
      const Ends expected = AllEnds(*contest.reference, text, kMaxCapacity);
      for (size_t offset = 0; offset < kLine; ++offset) {
        room.assign(room.size(), 'x').replace(line + offset, text.size(), text);
        const std::string_view view = std::string_view(room).substr(line + offset, text.size());
        for (const SplitterPtr& scanner : contest.scanners) {
          ASSERT_EQ(AllEnds(*scanner, view, kMaxCapacity), expected) << scanner->Name() << " " << offset;
        }
      }
    }
  }
}

}  // namespace
}  // namespace tok
