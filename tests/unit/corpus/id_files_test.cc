// What is written is what the documented formats say, and reads back as what was written.
#include "tok/id_files.h"

#include <gtest/gtest.h>

#include <cstring>

#include "src/corpus/id_companions.h"
#include "src/corpus/id_text.h"
#include "src/corpus/id_writer.h"
#include "src/corpus/npy.h"
#include "tests/support/temp_dir.h"

namespace tok {
namespace {

TEST(IdTextTest, NumbersOfEveryLength) {
  std::vector<uint64_t> numbers = {0, UINT64_MAX};
  for (uint64_t power = 1, i = 0; i < 20; ++i, power *= 10) {
    for (const uint64_t number : {power - 1, power, power + 1, power * 7}) numbers.push_back(number);
  }
  for (const uint64_t number : numbers) {
    std::string text;
    AppendDecimal(number, &text);
    EXPECT_EQ(text, std::to_string(number));
  }
}

TEST(IdTextTest, ListsOfEveryLength) {
  for (const size_t n : {0u, 1u, 2u, 511u, 512u, 513u, 3000u}) {
    std::vector<TokenId> ids;
    std::string expected, text;
    for (size_t i = 0; i < n; ++i) {
      ids.push_back(static_cast<TokenId>(i * i * 977 % 4294967291u));
      expected += (i == 0 ? "" : " ") + std::to_string(ids.back());
    }
    AppendIds(ids, ' ', &text);
    EXPECT_EQ(text, expected);
  }
}

IdDocuments Sample() {
  IdDocuments documents;
  documents.ids = {5, 70000, 0, 16777215};
  documents.ends = {0, 3, 3, 4};
  documents.offsets = {{0, 1}, {1, 4}, {4, 4}, {0, 10}};
  return documents;
}

TEST(FormatDocumentsTest, Text) {
  IdDocuments documents = Sample();
  std::string ids, jsonl, with_offsets;
  FormatDocuments(documents, IdFormat::kIds, 0, &ids);
  EXPECT_EQ(ids, "\n5 70000 0\n\n16777215\n");
  FormatDocuments(documents, IdFormat::kJsonl, 9, &jsonl);
  EXPECT_EQ(jsonl,
            "{\"doc\":9,\"ids\":[]}\n{\"doc\":10,\"ids\":[5,70000,0]}\n{\"doc\":11,\"ids\":[]}\n"
            "{\"doc\":12,\"ids\":[16777215]}\n");
  documents.has_offsets = true;
  FormatDocuments(documents, IdFormat::kJsonl, 0, &with_offsets);
  EXPECT_EQ(with_offsets.substr(0, with_offsets.find('\n', 40)),
            "{\"doc\":0,\"ids\":[],\"offsets\":[]}\n{\"doc\":1,\"ids\":[5,70000,0],\"offsets\":[[0,1],[1,4],["
            "4,4]]}");
}

std::vector<std::vector<TokenId>> ReadBack(const std::string& path, IdFormat format, uint64_t max_ids) {
  auto reader = IdReader::Open(path, format);
  EXPECT_TRUE(reader.ok()) << reader.status();
  std::vector<std::vector<TokenId>> documents;
  std::vector<TokenId> part;
  bool ends = true;
  while (true) {
    if (ends) documents.emplace_back();
    const auto found = (*reader)->Next(max_ids, &part, &ends);
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok() || !*found) break;
    documents.back().insert(documents.back().end(), part.begin(), part.end());
  }
  documents.pop_back();
  return documents;
}

TEST(IdFilesTest, EveryFormatReadsBack) {
  const TempDir dir;
  for (const IdFormat format :
       {IdFormat::kIds, IdFormat::kJsonl, IdFormat::kU16, IdFormat::kU32, IdFormat::kNpy}) {
    IdDocuments documents = Sample();
    if (format == IdFormat::kU16) documents.ids = {5, 65535, 0, 1};
    const std::string path = dir.File(std::string(IdFormatName(format)));
    auto writer = IdWriter::Open(path, format);
    ASSERT_TRUE(writer.ok()) << writer.status();
    std::vector<std::vector<TokenId>> expected;
    for (int round = 0; round < 3; ++round) {
      std::string bytes;
      FormatDocuments(documents, format, 0, &bytes);
      ASSERT_TRUE((*writer)->Write(bytes, documents.ends).ok());
      uint64_t begin = 0;
      for (const uint64_t end : documents.ends) {
        expected.emplace_back(documents.ids.begin() + static_cast<ptrdiff_t>(begin),
                              documents.ids.begin() + static_cast<ptrdiff_t>(end));
        begin = end;
      }
    }
    ASSERT_TRUE((*writer)->Commit().ok());
    EXPECT_EQ((*writer)->n_bytes(), Slurp(path).size());
    EXPECT_EQ((*writer)->n_ids(), 12u);
    for (const uint64_t max_ids : {0u, 1u, 2u, 100u}) {
      EXPECT_EQ(ReadBack(path, format, max_ids), expected) << IdFormatName(format) << " by " << max_ids;
    }
  }
  EXPECT_EQ(dir.CountFiles(), 8u) << "five files, three of them with an index";
}

TEST(IdFilesTest, IndexHoldsCumulativeEnds) {
  const TempDir dir;
  auto writer = IdWriter::Open(dir.File("x"), IdFormat::kU32);
  ASSERT_TRUE(writer.ok());
  const IdDocuments documents = Sample();
  for (int round = 0; round < 2; ++round) {
    std::string bytes;
    FormatDocuments(documents, IdFormat::kU32, 0, &bytes);
    ASSERT_TRUE((*writer)->Write(bytes, documents.ends).ok());
  }
  ASSERT_TRUE((*writer)->Commit().ok());
  const std::string index = Slurp(dir.File("x.idx"));
  std::vector<uint64_t> ends(index.size() / 8);
  std::memcpy(ends.data(), index.data(), index.size());
  EXPECT_EQ(ends, (std::vector<uint64_t>{0, 3, 3, 4, 4, 7, 7, 8}));
}

TEST(IdFilesTest, BadIdsAreNamed) {
  const TempDir dir;
  struct Case {
    IdFormat format;
    std::string content, fact;
  };
  const Case cases[] = {
      {IdFormat::kIds, "1 2\n3 x\n", ":2: byte 6: expected a token id"},
      {IdFormat::kIds, "1 -2\n", ":1: byte 2: expected a token id"},
      {IdFormat::kIds, "4294967295\n", ":1: byte 0: expected a token id"},
      {IdFormat::kIds, "99999999999999999999999\n", "expected a token id"},
      {IdFormat::kIds, "1,2\n", "expected a token id"},
      {IdFormat::kJsonl, "{\"ids\":[1]}\n{\"id\":[1]}\n", ":2: byte 12: no array \"ids\""},
      {IdFormat::kJsonl, "{\"ids\":[1,-1]}\n", "item 1 of \"ids\" is no token id"},
      {IdFormat::kJsonl, "{\"ids\":[1.5]}\n", "item 0 of \"ids\" is no token id"},
      {IdFormat::kJsonl, "{\"ids\":[1", "malformed JSON"},
      {IdFormat::kU16, "abc", "are not whole ids"},
      {IdFormat::kU32, "abcde", "are not whole ids"},
      {IdFormat::kU32, "\xFF\xFF\xFF\xFF", "item 0 is no token id"},
      {IdFormat::kNpy, "abcde", "is not a .npy file"},
      {IdFormat::kNpy, NpyHeader("<f4", 0), "holds items of type '<f4'"},
      {IdFormat::kNpy, NpyHeader(">u4", 0), "holds items of type"},
      {IdFormat::kNpy, NpyHeader("<u4", 3, 2) + std::string(24, 'x'), "not an array of one dimension"},
      {IdFormat::kNpy, NpyHeader("<u4", 3), "promises 3 items, the file holds 0"},
      {IdFormat::kNpy, NpyHeader("<u4", UINT64_MAX / 4 + 2) + "abcd", "promises"},
      {IdFormat::kNpy, NpyHeader("<i8", 1) + std::string(8, '\xFF'), "item 0 is no token id"},
  };
  for (const Case& c : cases) {
    const std::string path = dir.Write("f", c.content);
    auto reader = IdReader::Open(path, c.format);
    absl::Status status = reader.status();
    std::vector<TokenId> ids;
    bool ends = false;
    while (status.ok()) {
      const auto found = (*reader)->Next(0, &ids, &ends);
      status = found.status();
      ASSERT_TRUE(!found.ok() || *found) << "no error in " << c.content;
    }
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadInput) << c.content;
    EXPECT_NE(std::string(status.message()).find(c.fact), std::string::npos) << status;
  }
}

TEST(IdFilesTest, IndexThatDoesNotFitIsRefused) {
  const TempDir dir;
  const std::string path = dir.Write("f", std::string(8, '\0'));
  for (const std::string& index :
       {std::string(7, '\0'), std::string("\x03\0\0\0\0\0\0\0", 8), std::string()}) {
    dir.Write("f.idx", index);
    EXPECT_EQ(ErrorCodeOf(IdReader::Open(path, IdFormat::kU32).status()), ErrorCode::kBadInput);
  }
  dir.Write("f.idx", std::string("\x02\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0", 16));
  EXPECT_EQ(ErrorCodeOf(IdReader::Open(path, IdFormat::kU32).status()), ErrorCode::kBadInput);
}

TEST(IdFilesTest, CompanionsAreNoIds) {
  using Paths = std::vector<std::string>;
  struct Case {
    IdFormat format;
    Paths given, ids;
  };
  const Case cases[] = {
      {IdFormat::kU16, {"a", "a.idx", "b"}, {"a", "b"}},
      {IdFormat::kNpy, {"a.npy.idx", "a.npy"}, {"a.npy"}},
      {IdFormat::kU16, {"d/a", "d/.././d/a.idx"}, {"d/a"}},
      {IdFormat::kU16, {"a.idx", "", ".idx"}, {"a.idx", "", ".idx"}},
      {IdFormat::kIds, {"a", "a.idx"}, {"a", "a.idx"}},  // nothing that encoding wrote
      {IdFormat::kU32,
       {"s.00000-of-00002", "s.00000-of-00002.idx", "s.manifest.jsonl", "t.manifest.jsonl"},
       {"s.00000-of-00002", "t.manifest.jsonl"}},
      {IdFormat::kJsonl, {"s.00012-of-00020", "s.manifest.jsonl"}, {"s.00012-of-00020"}},
      {IdFormat::kIds, {"s.0001-of-00020", "s.manifest.jsonl"}, {"s.0001-of-00020", "s.manifest.jsonl"}},
      {IdFormat::kIds, {"-"}, {"-"}},
  };
  for (const Case& c : cases) EXPECT_EQ(WithoutCompanions(c.given, c.format), c.ids) << c.given[0];
}

TEST(IdFilesTest, IndexAloneIsRefused) {
  const TempDir dir;
  const std::string index = dir.Write("f.idx", std::string(8, '\0'));
  EXPECT_TRUE(IdReader::Open(index, IdFormat::kU32).ok()) << "a file of ids that happens to be called so";
  dir.Write("f", "");
  EXPECT_EQ(ErrorCodeOf(IdReader::Open(index, IdFormat::kU32).status()), ErrorCode::kUsage);
  dir.Write("f.idx", std::string(8, '\x01'));
  EXPECT_TRUE(IdReader::Open(index, IdFormat::kU32).ok()) << "the other has not so many ids";
}

TEST(NpyTest, HeaderIsAlignedAndReadsBack) {
  for (const uint64_t n : {0u, 1u, 4000000000u}) {
    EXPECT_EQ(NpyHeader("<u4", n).size(), kNpyHeaderBytes);
    EXPECT_EQ(NpyHeader("<u4", n).back(), '\n');
  }
  const std::string file = NpyHeader("<u2", 2) + std::string("\x01\x02\x03\x04", 4);
  const auto array = ParseNpy(file, "f");
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_EQ(array->n_items, 2u);
  EXPECT_EQ(array->n_item_bytes, 2u);
  EXPECT_EQ(array->data, "\x01\x02\x03\x04");
}

}  // namespace
}  // namespace tok
