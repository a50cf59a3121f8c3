// Cuts never fall inside a token, and the parts have the ids of the whole.
#include "src/model/bpe/join_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/model/bpe/byte_bpe.h"
#include "tests/unit/model/byte_bpe_of.h"
#include "tests/unit/model/multibyte_vocabulary.h"

namespace tok {
namespace {

std::vector<size_t> Cuts(const JoinFilter& joins, std::string_view piece) {
  std::vector<size_t> cuts;
  for (size_t cut = 0; joins.NextCuts(piece, cut, 0, {&cut, 1}) == 1;) cuts.push_back(cut);
  std::vector<size_t> all(piece.size() + 1);  // at once, and somewhere else
  all.resize(joins.NextCuts(piece, 0, 1000, all));
  for (size_t& cut : all) cut -= 1000;
  EXPECT_EQ(all, cuts) << testing::PrintToString(piece);
  return cuts;
}

TEST(JoinFilterTest, NoTokenIsCut) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    const Vocabulary vocabulary = MultibyteVocabulary(&random, 1 + random() % 60);
    const JoinFilter joins = JoinFilter::Build(vocabulary);
    for (int i = 0; i < 200; ++i) {
      const std::string text = RandomMultibyteText(&random, 12);
      const std::vector<size_t> cuts = Cuts(joins, text);
      for (TokenId id = 256; id < vocabulary.size(); ++id) {
        const std::string_view token = vocabulary.Bytes(id);
        for (size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + 1)) {
          for (const size_t cut : cuts) ASSERT_FALSE(at < cut && cut < at + token.size()) << at << " " << cut;
        }
      }
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
        if (bpe.NextCuts(piece, begin, 0, {&end, 1}) == 1) {
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
