#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "src/base/hash.h"
#include "src/format/spec_archive.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/train/counted_pieces.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

using testing::HasSubstr;

constexpr uint64_t kHuge = uint64_t{1} << 62;

std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

CountedStrings ListOf(const PieceCounts& counts) {
  CountedStrings list;
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    list.emplace_back(std::string(counts[i].bytes), counts[i].count);
  }
  return list;
}

// The .pieces file of these counts.
std::string FileOf(const PieceCounts& counts) {
  const TempDir directory;
  const std::string path = directory.File("a.pieces");
  const absl::Status written = WritePieceCounts(counts, path);
  EXPECT_TRUE(written.ok()) << written;
  return Slurp(path);
}

absl::StatusOr<PieceCounts> Read(const std::string& content) {
  const TempDir directory;
  return ReadPieceCounts(directory.Write("a.pieces", content));
}

absl::StatusOr<PieceCounts> ReadTsv(const std::string& content) {
  const TempDir directory;
  return ReadPieceCountsTsv({directory.Write("a.tsv", content)}, {});
}

PieceCounts Merged(const std::vector<PieceCounts>& parts) {
  absl::StatusOr<PieceCounts> merged = MergePieceCounts(parts);
  EXPECT_TRUE(merged.ok()) << merged.status();
  return *std::move(merged);
}

const CountedStrings kUnsorted = {{"the", 3},         {" ", 70000000000},           {"\xFF\n", 1},
                                  {"thesaurus", 2},   {std::string("th\0x", 4), 4}, {"th", 5},
                                  {"\xE4\xB8\xAD", 9}};

// ---- The file -----------------------------------------------------------------------------------------------------

TEST(CountsFileTest, RoundTripInByteOrder) {
  PieceCounts::Origin origin;
  origin.rules = ByteLevelRules("llama3").value();
  origin.rules.normalizers.emplace_back(normalizer::UnicodeForm{normalizer::Form::kNfkc});
  origin.sequence_unit = "jsonl:a.b";
  origin.n_documents = 5;
  origin.n_bytes = uint64_t{1} << 40;
  const PieceCounts list = TextPieces(kUnsorted);
  const PieceCounts counts(origin, list.blob(), list.ends(), list.counts(),
                           std::make_shared<PieceCounts>(list));
  const absl::StatusOr<PieceCounts> read = Read(FileOf(counts));
  ASSERT_TRUE(read.ok()) << read.status();
  CountedStrings sorted = kUnsorted;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(ListOf(*read), sorted);
  EXPECT_TRUE(CheckMergeable(origin, read->origin()).ok());
  EXPECT_EQ(read->origin().sequence_unit, "jsonl:a.b");
  EXPECT_EQ(read->origin().n_documents, 5u);
  EXPECT_EQ(read->origin().n_bytes, uint64_t{1} << 40);
  EXPECT_EQ(FileOf(*read), FileOf(counts)) << "a file that is read and written is another";
}

TEST(CountsFileTest, NoPieces) {
  const absl::StatusOr<PieceCounts> read = Read(FileOf(TextPieces({})));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->n_unique(), 0u);
  EXPECT_EQ(Merged({*read, *read}).n_unique(), 0u);
}

TEST(CountsFileTest, OrderOfPiecesIsNotInTheFile) {
  std::mt19937 random(1);
  CountedStrings pieces = RandomPieces({"a", "b", "\x01", "\xFF", "é"}, 3000, 20, &random);
  const std::string file = FileOf(TextPieces(pieces));
  for (int i = 0; i < 5; ++i) {
    std::shuffle(pieces.begin(), pieces.end(), random);
    EXPECT_EQ(FileOf(TextPieces(pieces)), file);
  }
}

TEST(CountsFileTest, ReplacesAtomicallyAndSaysWhatItCannotWrite) {
  const TempDir directory;
  const absl::Status written = WritePieceCounts(TextPieces(kUnsorted), directory.File("absent/a.pieces"));
  EXPECT_EQ(ErrorCodeOf(written), ErrorCode::kWriteFailed) << written;
}

// ---- Damage -------------------------------------------------------------------------------------------------------

// base/image.h: 16 bytes of head, then sections of name[16], version, zero, offset, size, hash.
constexpr size_t kHead = 16, kEntry = 48;
enum Section : size_t { kOrigin, kPieces, kEnds, kCounts };

uint64_t NumberAt(const std::string& file, size_t at) {
  uint64_t number = 0;
  std::memcpy(&number, file.data() + at, sizeof(number));
  return number;
}

// The file with 8 bytes of a section replaced, and the checksum made right.
std::string Forged(std::string file, Section section, size_t at, uint64_t number) {
  const size_t entry = kHead + section * kEntry;
  const size_t offset = NumberAt(file, entry + 24), size = NumberAt(file, entry + 32);
  std::memcpy(file.data() + offset + at, &number, std::min(sizeof(number), size - at));
  const uint64_t hash = HashBytes(std::string_view(file).substr(offset, size));
  std::memcpy(file.data() + entry + 40, &hash, sizeof(hash));
  return file;
}

void ExpectRefused(const std::string& file, const std::string& fact) {
  const absl::StatusOr<PieceCounts> read = Read(file);
  EXPECT_EQ(ErrorCodeOf(read.status()), ErrorCode::kBadFormat) << fact;
  EXPECT_THAT(std::string(read.status().message()), testing::AllOf(HasSubstr("a.pieces"), HasSubstr(fact)));
}

TEST(CountsFileTest, EveryChangedByteOfASectionIsNoticed) {
  const std::string file = FileOf(TextPieces({{"ab", 3}, {"b", 4}}));
  for (size_t section = kOrigin; section <= kCounts; ++section) {
    const size_t entry = kHead + section * kEntry;
    const size_t offset = NumberAt(file, entry + 24), size = NumberAt(file, entry + 32);
    for (size_t i = 0; i < size; ++i) {
      std::string damaged = file;
      damaged[offset + i] ^= 1;
      ExpectRefused(damaged, "is damaged");
    }
  }
}

TEST(CountsFileTest, EveryCutIsNoticed) {
  const std::string file = FileOf(TextPieces({{"ab", 3}, {"b", 4}}));
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_EQ(ErrorCodeOf(Read(file.substr(0, size)).status()), ErrorCode::kBadFormat) << size;
  }
}

TEST(CountsFileTest, ContradictionsAreRefused) {
  const std::string file = FileOf(TextPieces({{"ab", 3}, {"b", 4}, {"ba", 5}}));
  ExpectRefused("TOKIMAGE" + file.substr(8), "not a .pieces file");
  ExpectRefused(Forged(file, kEnds, 0, 0), "piece 0: is empty");
  ExpectRefused(Forged(file, kEnds, 8, 2), "piece 1: is empty");
  ExpectRefused(Forged(file, kEnds, 8, UINT64_MAX), "piece 1: is empty or reaches past");
  ExpectRefused(Forged(file, kEnds, 16, 4), "belong to no piece");
  ExpectRefused(Forged(file, kCounts, 8, 0), "piece 1: has a count of 0");
  ExpectRefused(Forged(file, kCounts, 16, kHuge), "2^63");
  ExpectRefused(Forged(file, kPieces, 0, NumberAt("bbbbbbbb", 0)), "piece 1: is out of order");
  const std::string two = FileOf(TextPieces({{"a", 1}, {"b", 1}}));
  ExpectRefused(Forged(two, kPieces, 0, NumberAt("aaaaaaaa", 0)), "piece 1: is out of order, or there twice");
  ExpectRefused(Forged(file, kOrigin, 0, UINT64_MAX), "origin section");
  for (const char* name : {"origin", "pieces", "ends", "counts"}) {
    std::string renamed = file;
    renamed[renamed.find(name)] = 'x';
    ExpectRefused(renamed, name);
  }
}

// ---- Merging ------------------------------------------------------------------------------------------------------

TEST(MergePieceCountsTest, AddsUp) {
  const PieceCounts a = TextPieces({{"b", uint64_t{1} << 40}, {"a", 1}}),
                    b = TextPieces({{"c", 7}, {"b", 2}});
  const CountedStrings sums = {{"a", 1}, {"b", (uint64_t{1} << 40) + 2}, {"c", 7}};
  EXPECT_EQ(ListOf(Merged({a, b})), sums);
  EXPECT_EQ(ListOf(Merged({b, a})), sums);
  EXPECT_EQ(Merged({}).n_unique(), 0u);
}

TEST(MergePieceCountsTest, OverflowIsRefused) {
  const PieceCounts a = TextPieces({{"a", kHuge}, {"b", 1}}), b = TextPieces({{"a", kHuge}});
  EXPECT_EQ(ErrorCodeOf(MergePieceCounts(std::vector{a, b}).status()), ErrorCode::kLimit);
  EXPECT_EQ(ErrorCodeOf(MergePieceCounts(std::vector{TextPieces({{"ab", kHuge}})}).status()),
            ErrorCode::kLimit);
  const TempDir directory;
  EXPECT_EQ(ErrorCodeOf(WritePieceCounts(TextPieces({{"ab", kHuge}}), directory.File("a"))),
            ErrorCode::kLimit);
  EXPECT_EQ(ListOf(Merged({a})), ListOf(a)) << "below the limit";
}

TEST(MergePieceCountsTest, WhatDiffersIsNamed) {
  const PieceCounts::Origin origin{ByteLevelRules("o200k").value(), "lines", 0, 0};
  const auto expect = [&](const PieceCounts::Origin& other, const std::string& what) {
    const PieceCounts a(origin, {}, {}, {}, nullptr), b(other, {}, {}, {}, nullptr);
    const absl::Status status = MergePieceCounts(std::vector{a, b}).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << what;
    EXPECT_THAT(std::string(status.message()), HasSubstr(what));
  };
  PieceCounts::Origin other = origin;
  other.sequence_unit = "file";
  expect(other, "'file', not 'lines'");
  other = origin;
  other.rules = ByteLevelRules("gpt2").value();
  expect(other, "--pattern");
  other = origin;
  other.rules.normalizers.emplace_back(normalizer::Lowercase{});
  expect(other, "--normalizer");
  other = origin;
  other.rules.alphabet = VocabularyAlphabet::kText;
  expect(other, "alphabet");
  other = origin;
  other.rules.unicode_profile = UnicodeProfileName::kTiktoken;
  expect(other, "Unicode profile");
}

// ---- Determinism --------------------------------------------------------------------------------------------------

std::string RandomText(std::mt19937* random) {
  const std::vector<std::string> words = {"the",  " ships", "\n", " 1234",    "é",
                                          "中文", "'ll",    " ",  "a longer", "x"};
  std::string text;
  for (size_t n = 200 + (*random)() % 2000; n > 0; --n) {
    text += words[(*random)() % words.size()];
    if ((*random)() % 4 == 0) text += std::to_string((*random)() % 5000);
  }
  return text;
}

TEST(CountsFileTest, ThreadsOrderAndPartsAreNotInTheFile) {
  const TempDir directory;
  std::mt19937 random(7);
  std::vector<std::string> paths;
  for (int i = 0; i < 12; ++i) paths.push_back(directory.Write("t" + std::to_string(i), RandomText(&random)));
  const PieceRules rules = ByteLevelRules("o200k").value();
  const auto count = [&](const std::vector<std::string>& inputs, unsigned n_threads) {
    CountPiecesOptions options;
    options.split = DocumentSplit::Parse("lines").value();
    options.n_threads = n_threads;
    return CountPieces(inputs, rules, options).value();
  };
  const std::string whole = FileOf(count(paths, 1));
  for (const unsigned n_threads : {2u, 3u, 8u}) {
    std::shuffle(paths.begin(), paths.end(), random);
    EXPECT_EQ(FileOf(count(paths, n_threads)), whole) << n_threads;
  }
  for (const size_t n_parts : {1u, 2u, 5u, 12u}) {
    std::shuffle(paths.begin(), paths.end(), random);
    std::vector<std::vector<std::string>> inputs(n_parts);
    for (size_t i = 0; i < paths.size(); ++i) inputs[i % n_parts].push_back(paths[i]);
    std::vector<PieceCounts> parts;
    for (const auto& part : inputs) parts.push_back(Read(FileOf(count(part, 2))).value());
    EXPECT_EQ(FileOf(Merged(parts)), whole) << n_parts;
  }
}

TEST(CountsFileTest, AnOriginTakesNoMoreMemoryThanItHas) {
  // Normalizers as many as bytes are left, of which the first is malformed.
  constexpr uint64_t kItems = uint64_t{8} << 20;
  std::string origin(2, '\0');  // profile and alphabet
  origin.append(reinterpret_cast<const char*>(&kItems), sizeof(kItems));
  origin.append(kItems, '\xFF');
  const auto peak_bytes = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  };
  const uint64_t before = peak_bytes();
  PieceCounts::Origin read;
  EXPECT_FALSE(UnarchiveOrigin(origin, &read).ok());
  EXPECT_LT(peak_bytes() - before, 4 * kItems);
}

// ---- TSV ----------------------------------------------------------------------------------------------------------

TEST(CountsTsvTest, RoundTripOfAllBytes) {
  CountedStrings pieces;
  for (int a = 0; a < 256; ++a) {
    for (const int b : {0, 9, 10, 13, 92, 110, 128, 191, 195, 255}) {
      pieces.emplace_back(std::string{static_cast<char>(a), static_cast<char>(b)}, 1 + a * b);
    }
  }
  std::sort(pieces.begin(), pieces.end());
  const TempDir directory;
  const std::string path = directory.File("a.tsv");
  ASSERT_TRUE(WritePieceCountsTsv(TextPieces(pieces), path).ok());
  const absl::StatusOr<PieceCounts> read = ReadPieceCountsTsv({path}, {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ListOf(*read), pieces);
}

TEST(CountsTsvTest, Escapes) {
  EXPECT_EQ(EscapePiece("a\tb\nc\rd\\e"), "a\\tb\\nc\\rd\\\\e");
  EXPECT_EQ(EscapePiece(std::string_view("\0\x7F é\xFF\xE4\xB8", 8)), "\\x00\\x7F é\\xFF\\xE4\\xB8");
}

TEST(CountsTsvTest, LinesInAnyOrderAddUp) {
  const absl::StatusOr<PieceCounts> read = ReadTsv("2\tb\n18446744073\ta\\x41\n3\t b\n5\tb");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ListOf(*read), (CountedStrings{{" b", 3}, {"aA", 18446744073}, {"b", 7}}));
}

TEST(CountsTsvTest, EscapesAreThoseOfSeparators) {
  const absl::StatusOr<PieceCounts> read = ReadTsv("1\ta\\n\\t\\r\\0\\\\\\x00\\xfF");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ListOf(*read), (CountedStrings{{std::string("a\n\t\r\0\\\0\xFF", 8), 1}}));
}

TEST(CountsTsvTest, SeveralFilesAreOne) {
  const TempDir directory;
  const std::string a = directory.Write("a.tsv", "2\tb\n3\ta\n"), b = directory.Write("b.tsv", "4\tb\n1\t\n");
  const absl::StatusOr<PieceCounts> read = ReadPieceCountsTsv({a, a}, {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ListOf(*read), (CountedStrings{{"a", 6}, {"b", 4}}));
  const absl::Status status = ReadPieceCountsTsv({a, b}, {}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("b.tsv:2: "));
}

TEST(CountsTsvTest, AnyBudgetGivesTheSame) {
  std::mt19937 random(3);
  CountedStrings pieces = RandomPieces({"a", "b", "c", "d", "é"}, 100'000, 30, &random);
  pieces.emplace_back(std::string(100'000, 'x'), 5);
  std::shuffle(pieces.begin(), pieces.end(), random);
  const TempDir directory;
  std::string text;
  for (const auto& [bytes, count] : pieces) text += std::to_string(count) + "\t" + EscapePiece(bytes) + "\n";
  const std::string path = directory.Write("a.tsv", text);
  std::sort(pieces.begin(), pieces.end());
  for (const uint64_t n_memory_bytes : {uint64_t{0}, uint64_t{10} << 20, uint64_t{1} << 30}) {
    const absl::StatusOr<PieceCounts> read = ReadPieceCountsTsv({path}, {}, n_memory_bytes);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(ListOf(*read), pieces) << n_memory_bytes;
  }
}

TEST(CountsTsvTest, ALineHasToFitIntoTheBudget) {
  const TempDir directory;
  const std::string path = directory.Write("a.tsv", "1\ta\n1\t" + std::string(2 << 20, 'a') + "\n");
  EXPECT_TRUE(ReadPieceCountsTsv({path}, {}).ok());
  const absl::Status status = ReadPieceCountsTsv({path}, {}, uint64_t{10} << 20).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLimit);
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(HasSubstr("a.tsv:2: "), HasSubstr("raise --memory")));
}

TEST(CountsTsvTest, MalformedLinesAreNamed) {
  for (const char* line :
       {"", "a", "1", "1\t", "0\ta", "-1\ta", "+1\ta", " 1\ta", "1.5\ta", "\ta", "18446744073709551616\ta",
        "1\ta\tb", "1\ta\r", "1\ta\\", "1\ta\\q", "1\ta\\x4", "1\ta\\xG0"}) {
    const absl::Status status = ReadTsv(std::string("1\ta\n") + line + "\n2\tb\n").status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadInput) << line;
    EXPECT_THAT(std::string(status.message()), HasSubstr("a.tsv:2: ")) << line;
  }
  EXPECT_EQ(ErrorCodeOf(ReadTsv("4611686018427387904\taa\n").status()), ErrorCode::kLimit);
  EXPECT_EQ(ErrorCodeOf(ReadTsv("4611686018427387904\ta\n4611686018427387904\ta\n").status()),
            ErrorCode::kLimit);
}

}  // namespace
}  // namespace tok
