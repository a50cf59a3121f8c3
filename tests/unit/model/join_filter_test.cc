// Cuts never fall inside a token, and the parts have the ids of the whole.
#include "src/model/bpe/join_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "src/model/bpe/byte_bpe.h"
#include "src/unicode/utf8.h"
#include "tests/unit/model/byte_bpe_of.h"
#include "tests/unit/model/multibyte_vocabulary.h"

namespace tok {
namespace {

// In memory that ends with the piece, so that a sanitizer sees who reads on.
std::vector<size_t> CutsAtOnce(const JoinFilter& joins, std::string_view piece, size_t begin, size_t room) {
  const std::vector<char> memory(piece.begin(), piece.end());
  std::vector<size_t> cuts(room);
  cuts.resize(joins.NextCuts({memory.data(), memory.size()}, memory.size(), begin, 1000, cuts));
  for (size_t& cut : cuts) cut -= 1000;
  return cuts;
}

// One by one, and by every instruction set at once.
std::vector<size_t> Cuts(JoinFilter joins, std::string_view piece) {
  std::vector<size_t> cuts;
  joins.Use(InstructionSet::kScalar);
  for (size_t cut = 0; joins.NextCuts(piece, piece.size(), cut, 0, {&cut, 1}) == 1;) cuts.push_back(cut);
  for (const InstructionSet set : kInstructionSets) {
    if (!RunsHere(set)) continue;
    joins.Use(set);
    EXPECT_EQ(CutsAtOnce(joins, piece, 0, piece.size() + 1), cuts)
        << InstructionSetName(set) << " " << testing::PrintToString(piece);
  }
  return cuts;
}

// `room` at a time.
std::vector<size_t> FineCuts(const JoinFilter& joins, std::string_view piece, size_t room) {
  std::vector<size_t> cuts, some(room);
  size_t n, begin = 0;
  do {
    n = joins.NextFineCuts(piece, begin, 0, some);
    cuts.insert(cuts.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(n));
    if (n > 0) begin = cuts.back();
  } while (n == room);
  return cuts;
}

void ExpectNoTokenIsCut(const Vocabulary& vocabulary, std::string_view text, std::span<const size_t> cuts) {
  for (TokenId id = 256; id < vocabulary.size(); ++id) {
    const std::string_view token = vocabulary.Bytes(id);
    for (size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + 1)) {
      for (const size_t cut : cuts) ASSERT_FALSE(at < cut && cut < at + token.size()) << at << " " << cut;
    }
  }
}

TEST(JoinFilterTest, NoTokenIsCut) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    const Vocabulary vocabulary = MultibyteVocabulary(&random, 1 + random() % 60);
    const JoinFilter joins = JoinFilter::Build(vocabulary);
    for (int i = 0; i < 200; ++i) {
      const std::string text = RandomMultibyteText(&random, 12);
      ExpectNoTokenIsCut(vocabulary, text, Cuts(joins, text));
      for (const size_t room : {size_t{1}, size_t{3}, text.size() + 1}) {
        ExpectNoTokenIsCut(vocabulary, text, FineCuts(joins, text, room));
      }
    }
  }
}

std::string RandomHan(std::mt19937* random, size_t n_characters) {
  std::string text;
  for (; n_characters > 0; --n_characters) AppendUtf8(0x4E00 + (*random)() % 40, &text);
  return text;
}

// Of the places that no token reaches across, where pairs alone tell few.
TEST(JoinFilterTest, FineCutsAreNearlyAll) {
  std::mt19937 random(4);
  std::set<std::string> tokens;
  while (tokens.size() < 1000) tokens.insert(RandomHan(&random, 2 + random() % 4));
  VocabularyBuilder builder;
  for (TokenId id = 0; const std::string& token : tokens) builder.Add(id++, token).IgnoreError();
  const JoinFilter joins = JoinFilter::Build(std::move(builder).Build().value());
  const std::string text = RandomHan(&random, 20000);
  size_t n_places = 0;
  std::vector<bool> is_inside(text.size() + 1);
  for (const std::string& token : tokens) {
    for (size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + 1)) {
      for (size_t i = at + 3; i < at + token.size(); i += 3) is_inside[i] = true;
    }
  }
  for (size_t i = 3; i < text.size(); i += 3) n_places += static_cast<size_t>(!is_inside[i]);
  EXPECT_GT(FineCuts(joins, text, text.size()).size(), n_places * 95 / 100);
  EXPECT_LT(Cuts(joins, text).size(), n_places / 2);
}

TEST(JoinFilterTest, InstructionSetsCutAlike) {
  std::mt19937 random(3);
  const Vocabulary vocabulary = MultibyteVocabulary(&random, 60);
  JoinFilter joins = JoinFilter::Build(vocabulary);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = RandomMultibyteText(&random, random() % 100);
    const size_t room = 1 + random() % 40;
    joins.Use(InstructionSet::kScalar);
    std::vector<size_t> begins = CutsAtOnce(joins, text, 0, text.size() + 1);
    begins.push_back(0);
    const size_t begin = begins[random() % begins.size()];
    const std::vector<size_t> expected = CutsAtOnce(joins, text, begin, room);
    for (const InstructionSet set : kInstructionSets) {
      if (!RunsHere(set)) continue;
      joins.Use(set);
      ASSERT_EQ(CutsAtOnce(joins, text, begin, room), expected)
          << InstructionSetName(set) << " from " << begin << ", room for " << room << ": "
          << testing::PrintToString(text);
    }
  }
}

TEST(JoinFilterTest, PartsHaveTheIdsOfTheWhole) {
  std::mt19937 random(2);
  size_t n_cuts = 0;
  for (int round = 0; round < 50; ++round) {
    const Vocabulary vocabulary = MultibyteVocabulary(&random, 1 + random() % 60);
    const ByteBpe bpe = ByteBpeOf(vocabulary, /*whole_pieces=*/false);
    ByteBpe::Scratch scratch;
    for (int i = 0; i < 100; ++i) {
      const std::string piece = RandomMultibyteText(&random, random() % 40);
      const std::vector<TokenId> whole = bpe.EncodeIds(piece, /*is_part=*/false, &scratch);
      std::vector<TokenId> parts;
      for (size_t begin = 0; begin < piece.size();) {
        size_t end;
        if (bpe.NextCuts(piece, piece.size(), begin, 0, {&end, 1}) == 1) {
          ++n_cuts;
        } else {
          end = piece.size();
        }
        ASSERT_TRUE(begin < end && end <= piece.size());
        const auto& ids =
            bpe.EncodeIds(std::string_view(piece).substr(begin, end - begin), /*is_part=*/true, &scratch);
        parts.insert(parts.end(), ids.begin(), ids.end());
        begin = end;
      }
      ASSERT_EQ(parts, whole) << testing::PrintToString(piece);
    }
  }
  EXPECT_GT(n_cuts, 10000u);
}

// Long pieces are cut finely before they are merged; more of them, and more parts, than are merged together.
TEST(JoinFilterTest, PiecesEncodedTogetherHaveTheIdsOfEach) {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    const Vocabulary vocabulary = MultibyteVocabulary(&random, 1 + random() % 60);
    const ByteBpe bpe = ByteBpeOf(vocabulary, /*whole_pieces=*/round % 2 == 1);
    ByteBpe::Scratch scratch;
    std::vector<std::string> texts(1 + random() % 60);
    std::vector<PieceEncoder::Piece> pieces;
    for (std::string& text : texts) {
      text = RandomMultibyteText(&random, 1 + random() % (random() % 8 == 0 ? 400 : 30));
      pieces.push_back({text, random() % 2 == 1});
    }
    std::vector<TokenId> together;
    std::vector<uint32_t> ends(pieces.size());
    bpe.EncodeTogether(pieces, &scratch, &together, ends);
    for (size_t i = 0, begin = 0; i < pieces.size(); begin = ends[i++]) {
      const std::vector<TokenId> alone = bpe.EncodeIds(pieces[i].bytes, pieces[i].is_part, &scratch);
      ASSERT_EQ(
          std::vector(together.begin() + static_cast<std::ptrdiff_t>(begin), together.begin() + ends[i]),
          alone)
          << testing::PrintToString(texts[i]);
    }
  }
}

TEST(JoinFilterTest, OnlyWholeCharactersOfThreeBytesAreCutBetween) {
  const JoinFilter joins = JoinFilter::Build(Vocabulary());
  const std::string han = "\xE4\xB8\xAD";
  EXPECT_EQ(Cuts(joins, han + han + han), (std::vector<size_t>{3, 6}));
  EXPECT_EQ(Cuts(joins, "abcdef"), std::vector<size_t>());
  EXPECT_EQ(Cuts(joins, "\xD0\xB4" + han + "a" + han + "\xF0\x9F\x98\x80" + han), std::vector<size_t>());
  EXPECT_EQ(Cuts(joins, han + "\xE4\xB8"), std::vector<size_t>());           // cut short
  EXPECT_EQ(Cuts(joins, "\xE4\xB8" + han + han), (std::vector<size_t>{5}));  // a lead that nothing continues
}

TEST(JoinFilterTest, StorageOfAnotherSizeIsRefused) {
  const JoinFilter joins = JoinFilter::Build(Vocabulary());
  EXPECT_TRUE(JoinFilter::FromStorage(joins.words(), nullptr).ok());
  EXPECT_EQ(ErrorCodeOf(JoinFilter::FromStorage(joins.words().subspan(1), nullptr).status()),
            ErrorCode::kBadFormat);
}

}  // namespace
}  // namespace tok
