// The fast BPE (tables, linear and agenda merges) equals BPE by its definition, on vocabularies with every oddity.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "src/model/bpe/bpe_reference.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"
#include "tests/unit/model/byte_bpe_of.h"

namespace tok {
namespace {

// 256 bytes, then random strings over a few letters in random order of rank: many cannot be reached, some only
// through merges of higher rank.
Vocabulary RandomVocabulary(std::mt19937* random, size_t n_tokens, unsigned n_letters) {
  VocabularyBuilder builder;
  std::map<std::string, bool> seen;
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    EXPECT_TRUE(builder.Add(b, std::string_view(&byte, 1)).ok());
  }
  for (TokenId id = 256; id < 256 + n_tokens;) {
    std::string token;
    for (size_t n = 2 + (*random)() % 5; n > 0; --n)
      token += static_cast<char>('a' + (*random)() % n_letters);
    if (!seen.emplace(token, true).second) {
      if (seen.size() > 300) break;
      continue;
    }
    EXPECT_TRUE(builder.Add(id++, token).ok());
  }
  return *std::move(builder).Build();
}

std::string RandomPiece(std::mt19937* random, size_t n_bytes, unsigned n_letters) {
  std::string piece;
  for (; n_bytes > 0; --n_bytes) piece += static_cast<char>('a' + (*random)() % n_letters);
  return piece;
}

TEST(ByteBpeTest, RankModeEqualsItsDefinition) {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const unsigned n_letters = 2 + round % 3;
    const Vocabulary vocabulary = RandomVocabulary(&random, 20 + random() % 60, n_letters);
    std::array<TokenId, 256> byte_ids;
    ASSERT_TRUE(FindByteIds(vocabulary, &byte_ids));
    const ByteBpe bpe = ByteBpeOf(vocabulary, /*whole_pieces=*/false);
    ByteBpe::Scratch scratch;
    for (int i = 0; i < 60; ++i) {
      const std::string piece = RandomPiece(&random, random() % 100, n_letters);
      ASSERT_EQ(bpe.EncodeIds(piece, /*is_part=*/false, &scratch),
                EncodeByRankReference(vocabulary, byte_ids, piece))
          << piece;
    }
  }
}

TEST(ByteBpeTest, WholePieceTokensComeFirstWhenAsked) {
  VocabularyBuilder builder;
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    ASSERT_TRUE(builder.Add(b, std::string_view(&byte, 1)).ok());
  }
  ASSERT_TRUE(builder.Add(256, "abc").ok());  // no merge reaches it
  const Vocabulary vocabulary = *std::move(builder).Build();
  std::array<TokenId, 256> byte_ids;
  ASSERT_TRUE(FindByteIds(vocabulary, &byte_ids));
  EXPECT_EQ(BuildRankTable(vocabulary, byte_ids)->n_rules(), 0u);
  ByteBpe::Scratch scratch;
  EXPECT_EQ(ByteBpeOf(vocabulary, true).EncodeIds("abc", false, &scratch), std::vector<TokenId>{256});
  EXPECT_EQ(ByteBpeOf(vocabulary, false).EncodeIds("abc", false, &scratch),
            (std::vector<TokenId>{'a', 'b', 'c'}));
}

TEST(ByteBpeTest, ManyPiecesTogetherHaveTheIdsOfEach) {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const unsigned n_letters = 2 + round % 3;
    const Vocabulary vocabulary = RandomVocabulary(&random, 20 + random() % 60, n_letters);
    const ByteBpe bpe = ByteBpeOf(vocabulary, /*whole_pieces=*/round % 2 == 0);
    ByteBpe::Scratch scratch;
    std::vector<std::string> texts;
    for (size_t n = random() % 100; n > 0; --n) {
      // Up to the widths of lanes, one more, and longer.
      constexpr size_t kLengths[] = {16, 16, 17, 32, 32, 33, 100};
      texts.push_back(RandomPiece(&random, 1 + random() % kLengths[random() % 7], n_letters));
      if (random() % 4 == 0)
        texts.back() = vocabulary.Bytes(static_cast<TokenId>(random() % vocabulary.size()));
    }
    std::vector<PieceEncoder::Piece> pieces;
    std::vector<TokenId> ids, expected;
    for (const std::string& text : texts) pieces.push_back({text, random() % 2 == 0});
    std::vector<uint32_t> ends(pieces.size()), expected_ends;
    bpe.EncodeTogether(pieces, &scratch, &ids, ends);
    for (const PieceEncoder::Piece& piece : pieces) {
      const std::vector<TokenId>& alone = bpe.EncodeIds(piece.bytes, piece.is_part, &scratch);
      expected.insert(expected.end(), alone.begin(), alone.end());
      expected_ends.push_back(static_cast<uint32_t>(expected.size()));
    }
    ASSERT_EQ(ids, expected);
    ASSERT_EQ(ends, expected_ends);
  }
}

TEST(MergeSymbolsTest, MergeListEqualsItsDefinitionForShortAndLongPieces) {
  std::mt19937 random(2);
  for (int round = 0; round < 60; ++round) {
    const Vocabulary vocabulary = RandomVocabulary(&random, 60, 2);
    BpeModelSpec spec;
    for (TokenId id = 256; id < vocabulary.size(); ++id) {
      const std::string token(vocabulary.Bytes(id));
      for (size_t cut = 1; cut < token.size(); ++cut) {
        const TokenId left = vocabulary.Find(token.substr(0, cut)),
                      right = vocabulary.Find(token.substr(cut));
        if (left != kNoToken && right != kNoToken) spec.merges.push_back({left, right});
      }
    }
    std::shuffle(spec.merges.begin(), spec.merges.end(), random);
    const absl::StatusOr<MergeTable> table = BuildMergeListTable(spec, vocabulary);
    ASSERT_TRUE(table.ok());
    MergeScratch scratch;
    for (const size_t n_bytes : {0, 1, 2, 5, 16, 31, 32, 33, 34, 64, 150}) {
      std::vector<TokenId> symbols;
      std::vector<PieceToken> tokens;
      for (const char c : RandomPiece(&random, n_bytes, 2)) {
        const auto at = static_cast<uint32_t>(symbols.size());
        symbols.push_back(static_cast<TokenId>(c));
        tokens.push_back({static_cast<TokenId>(c), at, at + 1});
      }
      const std::vector<TokenId> expected = EncodeByMergesReference(vocabulary, spec.merges, symbols);
      MergeSymbols(*table, &symbols, &scratch);
      MergeSymbols(*table, &tokens, &scratch);
      ASSERT_EQ(symbols, expected);
      ASSERT_EQ(tokens.size(), expected.size());
      uint32_t end = 0;
      for (size_t i = 0; i < tokens.size(); ++i) {
        EXPECT_EQ(tokens[i].id, expected[i]);
        EXPECT_EQ(tokens[i].begin, end);
        end = tokens[i].end;
      }
      EXPECT_EQ(end, n_bytes);
    }
  }
}

TEST(MergeSymbolsTest, AppliedRulesReplayTheMerging) {
  std::mt19937 random(3);
  for (int round = 0; round < 30; ++round) {
    const Vocabulary vocabulary = RandomVocabulary(&random, 60, 2);
    std::array<TokenId, 256> byte_ids;
    ASSERT_TRUE(FindByteIds(vocabulary, &byte_ids));
    const MergeTable table = *BuildRankTable(vocabulary, byte_ids);
    MergeScratch scratch;
    for (const size_t n_bytes : {2, 32, 33, 150}) {
      std::vector<TokenId> symbols, replayed;
      for (const char c : RandomPiece(&random, n_bytes, 2)) symbols.push_back(static_cast<TokenId>(c));
      replayed = symbols;
      std::vector<MergeRule> applied;
      MergeSymbols(table, &symbols, &scratch, &applied);
      for (const MergeRule& rule : applied) {
        const std::array<TokenId, 2> pair = {rule.left, rule.right};
        const auto at = std::search(replayed.begin(), replayed.end(), pair.begin(), pair.end());
        ASSERT_NE(at, replayed.end());
        *at = rule.merged;
        replayed.erase(at + 1);
      }
      EXPECT_EQ(replayed, symbols);
    }
  }
}

TEST(MergeTableTest, RefusesUnsoundStorage) {
  std::vector<MergeRule> full(4, MergeRule{1, 2, 3, 4});
  EXPECT_EQ(ErrorCodeOf(MergeTable::FromStorage(full, 10, nullptr).status()), ErrorCode::kBadFormat);
  std::vector<MergeRule> three(3);
  EXPECT_EQ(ErrorCodeOf(MergeTable::FromStorage(three, 10, nullptr).status()), ErrorCode::kBadFormat);
  std::vector<MergeRule> outside(4);
  outside[0] = {1, 2, 3, 10};
  EXPECT_EQ(ErrorCodeOf(MergeTable::FromStorage(outside, 10, nullptr).status()), ErrorCode::kBadFormat);
  outside[0].merged = 9;
  EXPECT_TRUE(MergeTable::FromStorage(outside, 10, nullptr).ok());
  std::vector<MergeRule> endless(4);  // no search ends, though three slots are empty
  endless[3] = {1, 2, 3, 4};
  EXPECT_EQ(ErrorCodeOf(MergeTable::FromStorage(endless, 10, nullptr).status()), ErrorCode::kBadFormat);
  std::vector<MergeRule> half_empty(4);
  half_empty[0] = {1, kNoToken, 3, 4};
  EXPECT_EQ(ErrorCodeOf(MergeTable::FromStorage(half_empty, 10, nullptr).status()), ErrorCode::kBadFormat);
  half_empty[0] = {kNoToken, kNoToken, 3, kNoToken};  // "no rule" with a rank
  EXPECT_EQ(ErrorCodeOf(MergeTable::FromStorage(half_empty, 10, nullptr).status()), ErrorCode::kBadFormat);
}

// No builder makes such a table, but an image may hold it: every search ends, and finds a rule for the pair or none.
TEST(MergeTableTest, SearchesEndWhereAPairIsThereTwice) {
  const MergeRule p = {1, 2, 3, 4}, q = {2, 1, 5, 6}, none;
  for (const std::vector<MergeRule>& slots :
       {std::vector{p, p, q, none}, {p, q, p, none}, {q, p, p, none}, {p, p, p, none}, {p, none, p, none}}) {
    const auto table = MergeTable::FromStorage(slots, 10, nullptr);
    ASSERT_TRUE(table.ok());
    EXPECT_EQ(table->Find(1, 2).rank, p.rank);
    EXPECT_TRUE(table->Find(2, 1).rank == q.rank || table->Find(2, 1).rank == kNoRank);
    EXPECT_EQ(table->Find(7, 7).rank, kNoRank);
  }
}

// Tables as full as they get, of all small sizes: buckets overflow into the next ones, and from the last into the first.
TEST(MergeTableTest, FindsEveryRuleAndNoOther) {
  std::mt19937 random(7);
  for (size_t n_rules = 0; n_rules < 200; ++n_rules) {
    MergeTableBuilder builder(n_rules);
    std::map<std::pair<TokenId, TokenId>, uint32_t> expected;
    for (uint32_t rank = 0; rank < n_rules; ++rank) {
      const std::pair<TokenId, TokenId> pair(random() % 20, random() % 20);
      expected[pair] = rank;  // of several rules for a pair the last one
      builder.Add({pair.first, pair.second, rank, rank + 1});
    }
    const MergeTable table = *std::move(builder).Build();
    EXPECT_EQ(table.n_rules(), expected.size());
    for (TokenId left = 0; left < 20; ++left) {
      for (TokenId right = 0; right < 20; ++right) {
        const auto rule = expected.find({left, right});
        EXPECT_EQ(table.Find(left, right).rank, rule == expected.end() ? kNoRank : rule->second);
      }
    }
    EXPECT_EQ(table.Finish(table.BeginNothing()).rank, kNoRank);
    EXPECT_TRUE(MergeTable::FromStorage(table.slots(), 1000, nullptr).ok());
  }
}

// Rules that all want one slot would make every search as long as their list.
TEST(MergeTableTest, RefusesRulesMadeToCollide) {
  constexpr size_t kRules = 2000;
  const auto build = [](size_t slot_mask) {
    MergeTableBuilder builder(kRules);
    size_t n_added = 0;
    for (TokenId right = 0; n_added < kRules; ++right) {
      if ((MergeTable::Hash(7, right) & slot_mask) != 0) continue;
      builder.Add({7, right, right, right});
      ++n_added;
    }
    return std::move(builder).Build().status();
  };
  EXPECT_TRUE(build(0).ok());
  EXPECT_EQ(ErrorCodeOf(build(4095)), ErrorCode::kLimit);
}

TEST(MergeListTest, MergeWithoutResultIsAnError) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "a").ok());
  ASSERT_TRUE(builder.Add(1, "b").ok());
  const Vocabulary vocabulary = *std::move(builder).Build();
  BpeModelSpec spec;
  spec.merges = {{0, 1}};
  EXPECT_EQ(ErrorCodeOf(BuildMergeListTable(spec, vocabulary).status()), ErrorCode::kBadMerges);
  spec.merges = {{0, 7}};
  EXPECT_EQ(ErrorCodeOf(BuildMergeListTable(spec, vocabulary).status()), ErrorCode::kBadMerges);
}

}  // namespace
}  // namespace tok
