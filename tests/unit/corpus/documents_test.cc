// Every way to split, over every way to store, yields the documents that a plain reading of the rules yields.
#include <gtest/gtest.h>
#include <zstd.h>

#include <vector>

#include "src/corpus/block_reader.h"
#include "tests/support/temp_dir.h"
#include "tok/corpus.h"

namespace tok {
namespace {

struct Expected {
  std::string text;
  uint64_t line, byte_begin;
  friend bool operator==(const Expected&, const Expected&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Expected& e) {
    return out << '"' << e.text << "\" line " << e.line << " byte " << e.byte_begin;
  }
};

DocumentSplit Split(std::string_view text) {
  const auto split = DocumentSplit::Parse(text);
  EXPECT_TRUE(split.ok()) << split.status();
  return *split;
}

absl::StatusOr<std::vector<Expected>> ReadAll(const std::string& path, const DocumentSplit& split) {
  auto source = OpenDocuments(path, split);
  if (!source.ok()) return source.status();
  std::vector<Expected> all;
  Document document;
  while (true) {
    const absl::StatusOr<bool> found = (*source)->Next(&document);
    if (!found.ok()) return found.status();
    if (!*found) return all;
    EXPECT_EQ(document.index, all.size());
    all.push_back({std::string(document.text), document.line, document.byte_begin});
  }
}

std::string Zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

struct Case {
  std::string split, content;
  std::vector<Expected> documents;
};

const Case kCases[] = {
    {"file", "", {{"", 1, 0}}},
    {"file", "a\nb\n", {{"a\nb\n", 1, 0}}},
    {"lines", "", {}},
    {"lines", "\n", {{"", 1, 0}}},
    {"lines", "a", {{"a", 1, 0}}},
    {"lines", "a\n", {{"a", 1, 0}}},
    {"lines", "a\r\n\nb", {{"a\r", 1, 0}, {"", 2, 3}, {"b", 3, 4}}},
    {"lines", "\n\n", {{"", 1, 0}, {"", 2, 1}}},
    {"sep:--", "", {}},
    {"sep:--", "--", {{"", 1, 0}}},
    {"sep:--", "a--b\nc--\n", {{"a", 1, 0}, {"b\nc", 1, 3}, {"\n", 2, 8}}},
    {"sep:aa", "aaa", {{"", 1, 0}, {"a", 1, 2}}},
    {"sep:\\n\\n", "x\n\n\n\ny", {{"x", 1, 0}, {"", 3, 3}, {"y", 5, 5}}},
    {"sep:\\x00", std::string("a\0b", 3), {{"a", 1, 0}, {"b", 1, 2}}},
    {"fasta", "", {}},
    {"fasta", ">a b\nAC\nGT\n\nNN\n>c\r\nac\r\n-\r\n", {{"ACGTNN", 1, 0}, {"ac-", 6, 15}}},
    {"fasta", "AC\n>x\n>y\nG>T\nA", {{"AC", 1, 0}, {"", 2, 3}, {"G>TA", 3, 6}}},
    {"fasta", ">only", {{"", 1, 0}}},
    {"jsonl:text", "{\"text\":\"a\\nb\"}\n\n {\"x\":1,\"text\":\"\"}", {{"a\nb", 1, 0}, {"", 3, 17}}},
    {"jsonl:text", "\xEF\xBB\xBF{\"text\":\"\\u00e9\\ud83d\\ude00\"}\n", {{"\u00e9\U0001F600", 1, 0}}},
    {"jsonl:a.b", "{\"a\":{\"b\":\"x\"}}\n{\"a.b\":\"y\",\"a\":{\"b\":\"x\"}}", {{"x", 1, 0}, {"y", 2, 16}}},
    {"jsonl:t", "{\"t\":\"first\",\"t\":\"last\"}", {{"last", 1, 0}}},
};

TEST(DocumentsTest, SplitsAsDocumented) {
  const TempDir dir;
  for (const Case& c : kCases) {
    for (const std::string& stored : {c.content, Zstd(c.content)}) {
      const auto read = ReadAll(dir.Write("f", stored), Split(c.split));
      ASSERT_TRUE(read.ok()) << c.split << ": " << read.status();
      EXPECT_EQ(*read, c.documents) << c.split << " of " << c.content;
    }
  }
}

// Documents by the shortest code that obeys the rules.
std::vector<std::string> Reference(std::string_view text, std::string_view separator) {
  std::vector<std::string> documents;
  while (!text.empty()) {
    const size_t end = text.find(separator);
    documents.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + separator.size());
  }
  return documents;
}

std::string RandomText(size_t n, std::string_view letters, uint64_t seed) {
  std::string text;
  for (size_t i = 0; i < n; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    text += letters[(seed >> 33) % letters.size()];
  }
  return text;
}

// Blocks of all files put together again; checks their places on the way.
absl::StatusOr<std::vector<std::string>> ReadBlocks(const std::vector<std::string>& paths,
                                                    const DocumentSplit& split,
                                                    const BlockReaderOptions& options,
                                                    std::vector<uint32_t>* shards = nullptr) {
  BlockReader reader(paths, split, options);
  std::vector<std::string> documents;
  TextBlock block;
  while (true) {
    const absl::StatusOr<bool> found = reader.Next(&block);
    if (!found.ok()) return found.status();
    if (!*found) return documents;
    if (const absl::Status status = LoadBlock(paths[block.file], 0, &block); !status.ok()) return status;
    BlockDocuments split_block;
    SplitBlock(block, split, Utf8Policy::kError, &split_block);
    for (const Document& document : split_block.documents) {
      documents.emplace_back(document.text);
      if (shards != nullptr) shards->push_back(block.shard);
    }
  }
}

TEST(BlockReaderTest, BlockSizeAndStorageChangeNothing) {
  const TempDir dir;
  for (const std::string separator : {"\n", "ab", "aab", "aa", "a\nb"}) {
    const DocumentSplit split =
        separator == "\n" ? Split("lines") : DocumentSplit{DocumentSplit::Kind::kSeparator, separator};
    for (const size_t size : {1u, 30u, 5000u, 200000u}) {
      const std::string text = RandomText(size, "aab\nc", size + separator.size());
      const std::vector<std::string> expected = Reference(text, separator);
      const std::vector<std::string> paths = {dir.Write("plain", text), dir.Write("packed", Zstd(text))};
      for (const std::string& path : paths) {
        for (const size_t n_block_bytes : {1u, 2u, 7u, 1000u, 1u << 20}) {
          if (size > 5000 && n_block_bytes < 7) continue;
          BlockReaderOptions options;
          options.n_block_bytes = n_block_bytes;
          const auto read = ReadBlocks({path}, split, options);
          ASSERT_TRUE(read.ok()) << read.status();
          ASSERT_TRUE(*read == expected) << path << " " << separator << " " << size << " " << n_block_bytes;
        }
      }
    }
  }
}

// Records of a FASTA file, line by line.
std::vector<std::string> ReferenceFasta(std::string_view text) {
  std::vector<std::string> documents;
  for (const std::string& line : Reference(text, "\n")) {
    if (line.starts_with('>') || documents.empty()) documents.emplace_back();
    if (!line.starts_with('>')) documents.back() += line;
  }
  return documents;
}

TEST(BlockReaderTest, FastaRecordsInBlocksOfAnySize) {
  const TempDir dir;
  for (const size_t size : {1u, 2u, 40u, 3000u, 200000u}) {
    const std::string text = RandomText(size, "A\n>\n", size);
    for (const std::string& path : {dir.Write("plain", text), dir.Write("packed", Zstd(text))}) {
      for (const size_t n_block_bytes : {1u, 2u, 3u, 1000u, 1u << 20}) {
        if (size > 3000 && n_block_bytes < 1000) continue;
        BlockReaderOptions options;
        options.n_block_bytes = n_block_bytes;
        const auto read = ReadBlocks({path}, Split("fasta"), options);
        ASSERT_TRUE(read.ok()) << read.status();
        ASSERT_TRUE(*read == ReferenceFasta(text)) << path << " " << size << " " << n_block_bytes;
      }
    }
  }
}

TEST(BlockReaderTest, ShardsDependOnTheInputsAlone) {
  const TempDir dir;
  const DocumentSplit split = Split("lines");
  const std::string first = RandomText(20000, "ab\ncd", 1), second = RandomText(7000, "ab\ncd", 2);
  const std::vector<std::string> paths = {dir.Write("first", first), dir.Write("second", Zstd(second))};
  const auto sizes = MeasureInputs(paths);
  ASSERT_TRUE(sizes.ok()) << sizes.status();
  EXPECT_EQ(*sizes, (std::vector<uint64_t>{first.size(), second.size()}));

  std::vector<std::string> texts = Reference(first, "\n");
  std::vector<uint32_t> expected;
  for (const uint32_t n_shards : {1u, 2u, 7u, 100u}) {
    expected.clear();
    uint64_t base = 0;
    for (const std::string* file : {&first, &second}) {
      uint64_t begin = 0;
      for (const std::string& text : Reference(*file, "\n")) {
        expected.push_back(static_cast<uint32_t>((base + begin) * n_shards / (first.size() + second.size())));
        begin += text.size() + 1;
      }
      base += file->size();
    }
    for (const size_t n_block_bytes : {1u, 100u, 5000u, 1u << 20}) {
      BlockReaderOptions options;
      options.n_block_bytes = n_block_bytes;
      options.n_shards = n_shards;
      options.file_sizes = *sizes;
      std::vector<uint32_t> shards;
      const auto read = ReadBlocks(paths, split, options, &shards);
      ASSERT_TRUE(read.ok()) << read.status();
      ASSERT_EQ(shards, expected) << n_shards << " shards, blocks of " << n_block_bytes;
    }
  }
}

TEST(BlockReaderTest, LongDocumentsAreRefusedOnlyAboveTheLimit) {
  const TempDir dir;
  const std::string text = std::string(300000, 'x') + "\ny\n";
  const std::string packed = dir.Write("packed", Zstd(text));
  BlockReaderOptions options;
  options.n_block_bytes = 1000;
  options.n_max_document_bytes = 400000;
  EXPECT_TRUE(ReadBlocks({packed}, Split("lines"), options).ok());
  options.n_max_document_bytes = 100000;
  EXPECT_EQ(ErrorCodeOf(ReadBlocks({packed}, Split("lines"), options).status()), ErrorCode::kLimit);
  TextBlock block;
  block.is_deferred = true;
  block.is_compressed = true;
  EXPECT_EQ(ErrorCodeOf(LoadBlock(packed, 100000, &block)), ErrorCode::kLimit);
}

struct BadCase {
  const char* content;
  ErrorCode code;
  const char* place_and_fact;
};

TEST(DocumentsTest, BadJsonLinesAreNamed) {
  const TempDir dir;
  const BadCase cases[] = {
      {"{\"text\":\"ok\"}\n{\"text\":", ErrorCode::kBadInput, ":2: byte 14: malformed JSON"},
      {"{\"text\":\"ok\"}\n\n[1]\n", ErrorCode::kBadInput,
       ":3: byte 15: the line is an array, not an object"},
      {"{\"txt\":\"a\"}\n", ErrorCode::kBadInput, ":1: byte 0: no field \"text\""},
      {"{\"text\":5}\n", ErrorCode::kBadInput, "field \"text\" is a number, not a string"},
      {"{\"text\":\"\\ud800\"}\n", ErrorCode::kInvalidUtf8,
       ":1: byte 9: \\ud800 is half of a surrogate pair"},
      {"{\"text\":\"a\xED\xA0\x80\"}\n", ErrorCode::kInvalidUtf8, ":1: byte 10: invalid UTF-8"},
      {"{\"text\":\"\xE2\x82\"}\n", ErrorCode::kInvalidUtf8, ":1: byte 9: invalid UTF-8"},
  };
  for (const BadCase& c : cases) {
    const std::string path = dir.Write("f", c.content);
    const absl::Status status = ReadAll(path, Split("jsonl:text")).status();
    EXPECT_EQ(ErrorCodeOf(status), c.code) << c.content << ": " << status;
    EXPECT_NE(std::string(status.message()).find(c.place_and_fact), std::string::npos) << status;
    EXPECT_NE(std::string(status.message()).find(path), std::string::npos) << status;
  }
}

TEST(DocumentsTest, DeepJsonIsAnErrorNotACrash) {
  const TempDir dir;
  const std::string deep = "{\"text\":" + std::string(1000000, '[') + "\n";
  EXPECT_EQ(ErrorCodeOf(ReadAll(dir.Write("f", deep), Split("jsonl:text")).status()), ErrorCode::kBadInput);
}

TEST(DocumentsTest, MissingFilesAndDirectoriesAreNamed) {
  const TempDir dir;
  for (const char* split : {"file", "lines"}) {
    EXPECT_EQ(ErrorCodeOf(ReadAll(dir.File("no"), Split(split)).status()), ErrorCode::kNotFound);
    EXPECT_EQ(ErrorCodeOf(ReadAll(dir.path(), Split(split)).status()), ErrorCode::kUnreadable);
  }
}

TEST(DocumentSplitTest, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "line", "jsonl", "jsonl:", "sep:", "sep:\\q", "sep:\\", "sep:\\x4", "paragraphs"}) {
    EXPECT_EQ(ErrorCodeOf(DocumentSplit::Parse(text).status()), ErrorCode::kUsage) << text;
  }
  EXPECT_EQ(Split("sep:\\n\\t\\r\\0\\\\\\x7c.").argument, std::string("\n\t\r\0\\|.", 7));
  EXPECT_EQ(Split("jsonl:a.b").argument, "a.b");
}

}  // namespace
}  // namespace tok
