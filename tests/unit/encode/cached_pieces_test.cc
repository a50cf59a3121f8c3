// The loop over batches gives every piece the ids that the model gives it, however pieces are cut and whatever the cache
// already holds.
#include "src/encode/cached_pieces.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/unit/model/byte_bpe_of.h"
#include "tests/unit/model/multibyte_vocabulary.h"

namespace tok {
namespace {

TEST(CachedPiecesTest, EveryPieceHasTheIdsOfTheModel) {
  std::mt19937 random(3);
  for (int round = 0; round < 40; ++round) {
    const Vocabulary vocabulary = MultibyteVocabulary(&random, 80);
    const bool whole_pieces =
        round % 2 == 0;  // tokens that merging does not reach are pieces, but no parts of pieces
    const ByteBpe bpe = ByteBpeOf(vocabulary, whole_pieces);
    PieceCache cache;
    ByteBpe::Scratch scratch;
    for (int batch = 0; batch < 20; ++batch) {
      std::string text = "before ";
      const size_t begin = text.size();
      std::vector<size_t> ends;
      std::vector<TokenId> expected;
      for (size_t n = random() % (kMaxBatchPieces + 1); n > 0; --n) {
        std::string piece = RandomMultibyteText(&random, 1 + random() % (random() % 30 == 0 ? 400 : 12));
        if (random() % 8 == 0) piece = vocabulary.Bytes(256 + random() % 80);
        const std::vector<TokenId>& ids = bpe.EncodeIds(piece, /*is_part=*/false, &scratch);
        expected.insert(expected.end(), ids.begin(), ids.end());
        text += piece;
        ends.push_back(text.size());
      }
      text.append(random() % 64, 'b');  // keys are loaded faster with text behind them
      std::vector<TokenId> ids;
      EncodeCachedPieces(bpe, text, begin, ends, /*only_short_characters=*/false, &cache, &scratch, &ids);
      ASSERT_EQ(ids, expected);
    }
  }
}

// As many ids as a batch can have: a long piece of one id a byte among pieces of as many ids as an entry holds.
TEST(CachedPiecesTest, ManyIdsInOneBatch) {
  VocabularyBuilder builder;
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    builder.Add(b, std::string_view(&byte, 1)).IgnoreError();
  }
  builder.Add(256, "ab").IgnoreError();
  builder.Add(257, "abc").IgnoreError();
  const ByteBpe bpe = ByteBpeOf(std::move(builder).Build().value(), /*whole_pieces=*/false);
  ByteBpe::Scratch scratch;
  for (const size_t n_bytes : {250, 256, 257}) {
    for (const size_t where : {0, 1, 100, 255}) {
      std::string text;
      std::vector<size_t> ends;
      std::vector<TokenId> expected, ids;
      for (size_t i = 0; i < kMaxBatchPieces; ++i) {
        const std::string piece = i == where ? std::string(n_bytes, 'z') : "abcabcabcabcabcde";
        const std::vector<TokenId>& piece_ids = bpe.EncodeIds(piece, /*is_part=*/false, &scratch);
        expected.insert(expected.end(), piece_ids.begin(), piece_ids.end());
        text += piece;
        ends.push_back(text.size());
      }
      PieceCache cache;
      for (int pass = 0; pass < 2; ++pass) {
        ids.clear();
        EncodeCachedPieces(bpe, text, 0, ends, /*only_short_characters=*/true, &cache, &scratch, &ids);
        ASSERT_EQ(ids, expected) << n_bytes << " bytes at " << where;
      }
    }
  }
}

// Pieces of letters that the vocabulary knows in pairs only, so that many have more ids than an entry holds.
TEST(CachedPiecesTest, MorePiecesThanTheCacheHoldsKeepTheirIds) {
  std::mt19937 random(4);
  const Vocabulary vocabulary = MultibyteVocabulary(&random, 80);
  const ByteBpe bpe = ByteBpeOf(vocabulary, /*whole_pieces=*/true);
  PieceCache cache;
  ByteBpe::Scratch scratch;
  for (int batch = 0; batch < 4000; ++batch) {
    std::string text;
    std::vector<size_t> ends;
    std::vector<TokenId> expected, ids;
    for (size_t i = 0; i < kMaxBatchPieces; ++i) {
      std::string piece;
      for (size_t n = 4 + random() % 30; n > 0; --n) piece += static_cast<char>('a' + random() % 26);
      if (batch % 100 == 0) {
        const std::vector<TokenId>& piece_ids = bpe.EncodeIds(piece, /*is_part=*/false, &scratch);
        expected.insert(expected.end(), piece_ids.begin(), piece_ids.end());
      }
      text += piece;
      ends.push_back(text.size());
    }
    EncodeCachedPieces(bpe, text, 0, ends, /*only_short_characters=*/true, &cache, &scratch, &ids);
    if (batch % 100 == 0) {
      ASSERT_EQ(ids, expected);
    }
    ids.clear();
    EncodeCachedPieces(bpe, text, 0, {}, /*only_short_characters=*/true, &cache, &scratch, &ids);
    ASSERT_TRUE(ids.empty());
  }
}

}  // namespace
}  // namespace tok
