// Counts within a budget are those without one, whatever was written to files on the way.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "src/train/memory_budget.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/sorted_runs.h"
#include "tests/support/temp_dir.h"
#include "tests/support/temporary_directory_is.h"
#include "tests/unit/train/counted_pieces.h"
#include "tok/formats.h"
#include "tok/piece_counts.h"
#include "tok/train_bpe.h"

namespace tok {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

using Counts = std::map<std::string, uint64_t>;

Counts AsMap(const PieceCounts& counts) {
  Counts map;
  for (size_t i = 0; i < counts.n_unique(); ++i) map[std::string(counts[i].bytes)] += counts[i].count;
  return map;
}

// Few bytes, zeros among them, so that many begin alike; short and long ones.
std::string RandomPiece(std::mt19937* random) {
  std::string piece(1 + (*random)() % ((*random)() % 4 == 0 ? 60 : 5), '\0');
  for (char& c : piece) c = "\0\1a\377"[(*random)() % 4];
  return piece;
}

TEST(CountingTableTest, DrainsInByteOrder) {
  std::mt19937 random(1);
  CountingTable table;
  for (int round = 0; round < 3; ++round) {
    Counts expected;
    for (int i = 0; i < 20000; ++i) {
      const std::string piece = RandomPiece(&random);
      const uint64_t count = 1 + random();
      table.Add(piece, count);
      expected[piece] += count;
    }
    auto next = expected.begin();
    table.Drain([&](const CountedPiece& piece) {
      ASSERT_NE(next, expected.end());
      EXPECT_EQ(piece.bytes, next->first);
      EXPECT_EQ(piece.count, next->second);
      ++next;
    });
    EXPECT_EQ(next, expected.end());
    EXPECT_EQ(table.n_unique(), 0u);
    EXPECT_EQ(table.n_unique_bytes(), 0u);
  }
}

// Enough runs that some are merged on the way, twice over.
TEST(SortedRunsTest, AddUpToAllThatWasAdded) {
  for (const uint64_t n_anonymous : {uint64_t{0}, 64 * kMiB}) {
    std::mt19937 random(2);
    SortedRuns runs(std::make_shared<ScratchMemory>(n_anonymous));
    CountingTable table;
    Counts expected;
    for (int run = 0; run < 64 * 65; ++run) {
      for (int i = 0; i < 4; ++i) {
        const std::string piece = RandomPiece(&random);
        table.Add(piece, 3'000'000'000);
        expected[piece] += 3'000'000'000;
      }
      ASSERT_TRUE(runs.Add(&table).ok());
    }
    const std::string large(3 * kMiB, 'l');
    ASSERT_TRUE(runs.Add(CountedPiece{large, 7}).ok());
    expected[large] = 7;
    const absl::StatusOr<PieceCounts> counts = runs.Merge({.sequence_unit = "u", .n_documents = 5});
    ASSERT_TRUE(counts.ok()) << counts.status();
    EXPECT_EQ(counts->n_unique(), expected.size());
    EXPECT_EQ(AsMap(*counts), expected);
    EXPECT_EQ(counts->origin().n_documents, 5u);
  }
}

std::string RandomWords(size_t n_words, uint32_t seed) {
  std::mt19937 random(seed);
  std::string text;
  while (n_words-- > 0) {
    for (uint64_t n = 2 + random() % 8; n > 0; --n) text += static_cast<char>('a' + random() % 26);
    if (random() % 1000 == 0) text += std::string(1 + random() % 100, static_cast<char>('a' + random() % 26));
    text += random() % 20 == 0 ? '\n' : ' ';
  }
  return text;
}

class CountWithinBudgetTest : public testing::Test {
 protected:
  // The bytes of the counts file.
  std::string Count(const std::string& pattern, const std::string& split, uint64_t n_memory_bytes,
                    unsigned n_threads) const {
    CountPiecesOptions options;
    options.split = *DocumentSplit::Parse(split);
    options.n_memory_bytes = n_memory_bytes;
    options.n_threads = n_threads;
    const absl::StatusOr<PieceCounts> counts = CountPieces(inputs_, *ByteLevelRules(pattern), options);
    EXPECT_TRUE(counts.ok()) << counts.status();
    if (!counts.ok()) return {};
    const std::string path = folder_.File("counts");
    EXPECT_TRUE(WritePieceCounts(*counts, path).ok());
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  const TempDir folder_;
  std::vector<std::string> inputs_;
};

TEST_F(CountWithinBudgetTest, AnyBudgetGivesTheSameCounts) {
  // More different pieces than two threads' tables have room for, and more text than the budget.
  for (uint32_t i = 0; i < 3; ++i) {
    inputs_.push_back(folder_.Write("text" + std::to_string(i), RandomWords(40'000, i / 2)));
  }
  for (const char* pattern : {"o200k", "none"}) {
    for (const char* split : {"file", "sep:q"}) {
      const std::string expected = Count(pattern, split, 0, 2);
      ASSERT_FALSE(expected.empty());
      for (const unsigned n_threads : {1u, 2u, 4u}) {
        EXPECT_TRUE(Count(pattern, split, (9 + 2 * n_threads) * kMiB, n_threads) == expected)
            << pattern << " " << split << " " << n_threads;
      }
      EXPECT_TRUE(Count(pattern, split, 256 * kMiB, 2) == expected) << pattern << " " << split;
    }
  }
}

TEST_F(CountWithinBudgetTest, OnlyWhatDoesNotFitGoesToFiles) {
  inputs_ = {folder_.Write("text", RandomWords(60'000, 1))};
  CountPiecesOptions options;
  options.n_threads = 1;
  const TemporaryDirectoryIs nowhere(folder_.File("no"));
  for (const uint64_t n_memory_bytes : {uint64_t{0}, 256 * kMiB, 10 * kMiB}) {
    options.n_memory_bytes = n_memory_bytes;
    const absl::Status status = CountPieces(inputs_, *ByteLevelRules("o200k"), options).status();
    EXPECT_EQ(ErrorCodeOf(status), n_memory_bytes == 10 * kMiB ? ErrorCode::kWriteFailed : ErrorCode::kNone)
        << status;
  }
}

TEST_F(CountWithinBudgetTest, TooSmallABudgetNamesTheLeast) {
  CountPiecesOptions options;
  options.n_memory_bytes = kMiB;
  options.n_threads = 3;
  const absl::Status status = CountPieces({}, *ByteLevelRules("o200k"), options).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLimit);
  EXPECT_NE(status.message().find("--memory 12M is the least"), std::string::npos) << status;
}

// Each thread's table has room for more than a few pieces, however many threads there are.
TEST(CountingTableTest, TheLeastMemoryHoldsThousandsOfPieces) {
  CountingTable table;
  std::string text;
  std::vector<PieceRange> pieces;
  for (uint32_t i = 0; i < 2500; ++i) {
    const std::string piece = (i % 100 == 0 ? std::string(50, 'l') : "") + std::to_string(i);
    pieces.push_back({text.size(), text.size() + piece.size()});
    text += piece;
  }
  table.Add(text, pieces);
  EXPECT_LE(table.MemoryToTake(256, 1000), CountingTable::kLeastMemory);
  for (const unsigned n_threads : {1u, 16u, 128u}) {
    const auto budget = MemoryBudget::Create((9 + 2 * n_threads) * kMiB, n_threads, 0);
    ASSERT_TRUE(budget.ok()) << budget.status();
    EXPECT_GE(budget->ForTables(n_threads) / n_threads, CountingTable::kLeastMemory);
  }
}

TEST(TrainWithinBudgetTest, AnyBudgetGivesTheSameMerges) {
  std::mt19937 random(5);
  CountedStrings pieces = RandomPieces({"a", "b", "c", "d", "e", "f", "gh", "i"}, 100'000, 12, &random);
  pieces.back().second = 6'000'000'000;
  PieceCounts counts = TextPieces(pieces);
  BpeTrainerOptions options;
  options.vocab_size = 3000;
  options.n_threads = 1;
  const absl::StatusOr<BpeTraining> expected = TrainBpe(counts, options);
  ASSERT_TRUE(expected.ok()) << expected.status();
  for (const unsigned n_threads : {1u, 2u, 8u}) {
    options.n_threads = n_threads;
    for (const uint64_t n_memory_bytes :
         {9 * kMiB + 2 * n_threads * kMiB, uint64_t{40} * kMiB, 4096 * kMiB}) {
      options.n_memory_bytes = n_memory_bytes;
      const absl::StatusOr<BpeTraining> trained = TrainBpe(counts, options);
      ASSERT_TRUE(trained.ok()) << trained.status();
      EXPECT_EQ(SpecIdentityHash(trained->spec), SpecIdentityHash(expected->spec));
      EXPECT_EQ(trained->report.last_count, expected->report.last_count);
    }
  }
  options.n_memory_bytes = kMiB;
  EXPECT_EQ(ErrorCodeOf(TrainBpe(counts, options).status()), ErrorCode::kLimit);
}

}  // namespace
}  // namespace tok
