// The byte-level BPE of a rank vocabulary that holds all bytes.
#ifndef TOK_TESTS_UNIT_MODEL_BYTE_BPE_OF_H_
#define TOK_TESTS_UNIT_MODEL_BYTE_BPE_OF_H_

#include <gtest/gtest.h>

#include <array>

#include "src/model/bpe/byte_bpe.h"

namespace tok {

// `whole_pieces`: a piece that is a token is that token, though merging does not reach it.
inline ByteBpe ByteBpeOf(const Vocabulary& vocabulary, bool whole_pieces) {
  std::array<TokenId, 256> byte_ids;
  EXPECT_TRUE(FindByteIds(vocabulary, &byte_ids));
  ByteBpe::Tables tables;
  tables.merges = BuildRankTable(vocabulary, byte_ids).value();
  tables.byte_pairs = BytePairs::Build(byte_ids, tables.merges);
  tables.joins = JoinFilter::Build(vocabulary);
  if (whole_pieces) tables.unmerged = FindUnmergedTokens(vocabulary, byte_ids, tables.merges);
  return ByteBpe(vocabulary, byte_ids, std::move(tables));
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_MODEL_BYTE_BPE_OF_H_
