// The parts of the device's splitter and tables, each by its definition.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "cuda/split/byte_planes.h"
#include "cuda/split/carries.h"
#include "cuda/split/char_table.h"
#include "cuda/split/class_masks.h"
#include "cuda/tables/piece_table.h"
#include "src/split/char_class.h"

namespace tok::cuda {
namespace {

TEST(BytePlanesTest, BitsOfBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    TextWord word;
    for (uint32_t& quad : word.quads) quad = static_cast<uint32_t>(random());
    unsigned char bytes[32];
    std::memcpy(bytes, &word, 32);
    const BytePlanes planes = PlanesOf(word);
    for (unsigned i = 0; i < 32; ++i) {
      for (unsigned k = 0; k < 8; ++k) ASSERT_EQ(planes.bit[k] >> i & 1, bytes[i] >> k & 1u) << i << " " << k;
    }
    const auto ahead = static_cast<uint32_t>(random());
    for (unsigned i = 0; i < 32; ++i) {
      unsigned char longer[36];
      std::memcpy(longer, bytes, 32);
      std::memcpy(longer + 32, &ahead, 4);
      uint32_t wanted;
      std::memcpy(&wanted, longer + i, 4);
      ASSERT_EQ(BytesAt(word, ahead, i), wanted);
    }
  }
}

TEST(ClassMasksTest, Ascii) {
  for (unsigned first = 0; first < 128; first += 32) {
    TextWord word;
    unsigned char bytes[32];
    for (unsigned i = 0; i < 32; ++i) bytes[i] = static_cast<unsigned char>(first + i);
    std::memcpy(&word, bytes, 32);
    const ClassMasks<uint32_t> m = ClassifyAscii(PlanesOf(word));
    for (unsigned i = 0; i < 32; ++i) {
      const auto c = static_cast<char>(first + i);
      const CharClass is = ClassOf(first + i);
      const auto bit = [i](uint32_t mask) { return (mask >> i & 1) != 0; };
      EXPECT_EQ(bit(m.upper), is == CharClass::kUpper) << first + i;
      EXPECT_EQ(bit(m.lower), is == CharClass::kLower) << first + i;
      EXPECT_EQ(bit(m.digit), is == CharClass::kNumber) << first + i;
      EXPECT_EQ(bit(m.newline), is == CharClass::kNewline) << first + i;
      EXPECT_EQ(bit(m.space), is == CharClass::kSpace || is == CharClass::kNewline) << first + i;
      EXPECT_EQ(bit(m.blank), c == ' ');
      EXPECT_EQ(bit(m.apostrophe), c == '\'');
      EXPECT_EQ(bit(m.slash), c == '/');
      EXPECT_FALSE(bit(m.continuation | m.caseless | m.mark | m.invalid));
    }
  }
}

TEST(CharTableTest, EveryCharacter) {
  const CharTable table = CharTable::Make();
  for (uint32_t c = 0; c < kNumCharacters; ++c)
    ASSERT_EQ(table.view().ClassOf(c), static_cast<unsigned>(ClassOf(c))) << c;
  EXPECT_LT(table.classes.size(), size_t{48} << 10);  // of a multiprocessor's cache
}

TEST(CarriesTest, CombiningIsAssociative) {
  std::mt19937 random(1);
  const auto draw = [&random] {
    const auto below = [&random](unsigned n) { return static_cast<uint8_t>(random() % n); };
    return ChunkSummary{below(4), below(4), below(3), below(2), below(8), below(8)};
  };
  const auto expect_same = [](const ChunkSummary& a, const ChunkSummary& b) {
    EXPECT_EQ(std::memcmp(&a, &b, offsetof(ChunkSummary, down_passes) + 1), 0);
  };
  for (int round = 0; round < 1000; ++round) {
    const ChunkSummary a = draw(), b = draw(), c = draw();
    expect_same(CombineUp()(CombineUp()(a, b), c), CombineUp()(a, CombineUp()(b, c)));
    expect_same(CombineDown()(CombineDown()(a, b), c), CombineDown()(a, CombineDown()(b, c)));
  }
}

template <unsigned kKeyBytes>
void ExpectFindsWhatWasInserted(size_t n_padding) {
  PieceTable<kKeyBytes> table(12);
  std::vector<std::pair<std::string, std::vector<uint32_t>>> inserted;
  for (uint32_t i = 0; i < 2000; ++i) {
    const std::string piece = std::to_string(i * 7919) + std::string(n_padding + i % 4, 'x');
    std::vector<uint32_t> ids(1 + i % PieceSlot<kKeyBytes>::kMaxIds, i);
    if (table.Insert(piece, ids)) inserted.emplace_back(piece, ids);
  }
  EXPECT_GT(inserted.size(), 1700u);
  EXPECT_EQ(table.n_pieces(), inserted.size());
  for (const auto& [piece, ids] : inserted) {
    const PieceSlot<kKeyBytes>* slot = table.Find(piece);
    ASSERT_NE(slot, nullptr) << piece;
    EXPECT_EQ(std::vector<uint32_t>(slot->ids, slot->ids + slot->n_ids), ids);
  }
  EXPECT_TRUE(table.Insert(inserted[0].first, inserted[0].second));
  EXPECT_EQ(table.n_pieces(), inserted.size());
  EXPECT_EQ(table.Find("nowhere"), nullptr);
  EXPECT_FALSE(table.Insert("", std::vector<uint32_t>{1}));
  EXPECT_FALSE(table.Insert(std::string(kKeyBytes, 'x'), std::vector<uint32_t>{1}));
  EXPECT_FALSE(table.Insert("many", std::vector<uint32_t>(kKeyBytes / 4, 1)));
  EXPECT_EQ(table.Find(std::string(kKeyBytes, 'x')), nullptr);
}

TEST(PieceTableTest, FindsWhatWasInserted) {
  ExpectFindsWhatWasInserted<16>(0);
  ExpectFindsWhatWasInserted<32>(16);
}

}  // namespace
}  // namespace tok::cuda
