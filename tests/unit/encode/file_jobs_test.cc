// File jobs give what document by document calls give, for any threads, memory, format and size of document.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tests/support/gzip.h"
#include "tests/support/temp_dir.h"
#include "tests/support/words.h"
#include "tok/decode_files.h"
#include "tok/encode_files.h"
#include "tok/id_files.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

const Tokenizer& Tiny() {
  static const absl::StatusOr<Tokenizer> tokenizer =
      Tokenizer::Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
  return *tokenizer;
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string ExpectedIds(const std::vector<std::string>& documents) {
  std::string text;
  for (const std::string& document : documents) {
    const auto ids = Tiny().Encode(document);
    EXPECT_TRUE(ids.ok()) << ids.status();
    for (size_t i = 0; i < ids->size(); ++i) text += (i > 0 ? " " : "") + std::to_string((*ids)[i]);
    text += "\n";
  }
  return text;
}

struct Setting {
  unsigned n_threads;
  uint64_t n_memory_bytes;
};
constexpr Setting kSettings[] = {{1, 0}, {2, 0}, {5, 0}, {3, 40'000'000}, {4, 12'000'000}};

TEST(EncodeFilesTest, LinesOfAnyThreadsAndMemory) {
  const TempDir dir;
  const std::string text = Words(3'000'000, 1);
  const std::string expected = ExpectedIds(LinesOf(text));
  const std::string input = dir.Write("in", text);
  for (const Setting& setting : kSettings) {
    EncodeFilesOptions options;
    options.split = *DocumentSplit::Parse("lines");
    options.n_threads = setting.n_threads;
    options.n_memory_bytes = setting.n_memory_bytes;
    FileJobProgress progress;
    options.progress = &progress;
    const auto report = EncodeFiles(Tiny(), {input}, dir.File("out"), options);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(Slurp(dir.File("out")) == expected) << setting.n_threads << " threads";
    EXPECT_EQ(report->n_documents, LinesOf(text).size());
    EXPECT_EQ(progress.n_bytes_read, text.size());
    EXPECT_EQ(progress.n_bytes_total, text.size());
  }
}

TEST(EncodeFilesTest, LongDocumentsGoInParts) {
  const TempDir dir;
  const std::string small = Words(1000, 3), large = Words(9'000'000, 2);
  const std::vector<std::string> inputs = {dir.Write("a", small), dir.Write("b", large),
                                           dir.Write("c", small)};
  const std::string expected = ExpectedIds({small, large, small});
  for (const Setting& setting : kSettings) {
    EncodeFilesOptions options;
    options.n_threads = setting.n_threads;
    options.n_memory_bytes = setting.n_memory_bytes;
    const auto report = EncodeFiles(Tiny(), inputs, dir.File("out"), options);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(Slurp(dir.File("out")) == expected) << setting.n_threads << " threads";

    const auto counts = CountFiles(std::vector<Tokenizer>{Tiny(), Tiny()}, inputs, options);
    ASSERT_TRUE(counts.ok()) << counts.status();
    uint64_t n_tokens = 0;
    for (const FileCounts& file : *counts) {
      EXPECT_EQ(file.n_tokens[0], file.n_tokens[1]);
      n_tokens += file.n_tokens[0];
    }
    EXPECT_EQ(n_tokens, report->n_ids);
    EXPECT_EQ(report->n_bytes, 2 * small.size() + large.size());
  }
}

// Files above their share of the budget are read when it is their turn; the packed one only then shows its size.
TEST(EncodeFilesTest, DocumentsAreNumberedAcrossFilesThatAreReadLate) {
  const TempDir dir;
  std::string repeated;
  while (repeated.size() < 4'000'000) repeated += "the ships arrive ";
  const std::vector<std::string> texts = {"one", Words(9'000'000, 5), "two", repeated, "", "three"};
  std::vector<std::string> inputs;
  std::string expected;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string path = dir.File(std::to_string(i));
    inputs.push_back(i == 3 ? WriteGzip(path, texts[i]) : dir.Write(std::to_string(i), texts[i]));
    expected += "{\"doc\":" + std::to_string(i) + ",\"ids\":[";
    const auto ids = Tiny().Encode(texts[i]);
    for (size_t k = 0; k < ids->size(); ++k) expected += (k > 0 ? "," : "") + std::to_string((*ids)[k]);
    expected += "]}\n";
  }
  ASSERT_LT(std::filesystem::file_size(inputs[3]), 100'000u);
  for (const Setting& setting : kSettings) {
    EncodeFilesOptions options;
    options.format = IdFormat::kJsonl;
    options.n_threads = setting.n_threads;
    options.n_memory_bytes = setting.n_memory_bytes;
    const auto report = EncodeFiles(Tiny(), inputs, dir.File("out"), options);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(Slurp(dir.File("out")) == expected) << setting.n_threads << " threads";
    EXPECT_EQ(report->n_documents, texts.size());
  }
}

TEST(EncodeFilesTest, AFileAboveTheBudgetIsALimit) {
  const TempDir dir;
  const std::vector<std::string> inputs = {dir.Write("a", "one"), dir.Write("b", Words(200'000, 5)),
                                           WriteGzip(dir.File("c"), std::string(200'000, 'a'))};
  for (const size_t n_inputs : {2u, 3u}) {
    const std::vector<std::string> some = {inputs[0], inputs[n_inputs - 1]};
    EncodeFilesOptions options;
    options.n_memory_bytes = 100'000;
    options.n_threads = 3;
    const absl::Status status = EncodeFiles(Tiny(), some, dir.File("out"), options).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLimit) << status;
    EXPECT_NE(std::string(status.message()).find(some[1]), std::string::npos) << status;
  }
}

TEST(EncodeFilesTest, LongLineAmongShortOnesInEveryFormat) {
  const TempDir dir;
  std::string line = Words(9'000'000, 4);
  for (char& c : line) c = c == '\n' ? ' ' : c;
  const std::string input = dir.Write("in", "the ships\n" + line + "\narrive");
  const std::vector<std::string> documents = {"the ships", line, "arrive"};
  for (const IdFormat format :
       {IdFormat::kIds, IdFormat::kJsonl, IdFormat::kU16, IdFormat::kU32, IdFormat::kNpy}) {
    EncodeFilesOptions options;
    options.split = *DocumentSplit::Parse("lines");
    options.format = format;
    options.n_threads = 2;
    ASSERT_TRUE(EncodeFiles(Tiny(), {input}, dir.File("out"), options).ok());
    auto reader = IdReader::Open(dir.File("out"), format);
    ASSERT_TRUE(reader.ok()) << reader.status();
    std::vector<TokenId> ids;
    bool ends = false;
    for (const std::string& document : documents) {
      ASSERT_TRUE((*reader)->Next(0, &ids, &ends).ok());
      ASSERT_TRUE(ids == *Tiny().Encode(document)) << IdFormatName(format);
    }
    ASSERT_FALSE(*(*reader)->Next(0, &ids, &ends));

    DecodeFilesOptions decode;
    decode.input_format = format;
    decode.separator = "\n";
    ASSERT_TRUE(DecodeFiles(Tiny(), {dir.File("out")}, dir.File("text"), decode).ok());
    ASSERT_TRUE(Slurp(dir.File("text")) == Slurp(input) + "\n") << IdFormatName(format);
    std::filesystem::remove(dir.File("out.idx"));
  }
}

TEST(EncodeFilesTest, TheFirstErrorInOrderIsReported) {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "the ships\n";
  const std::string good = dir.Write("good", text);
  text.insert(text.size() / 2, "<s>");  // at a line's start
  text.insert(text.size() / 2 + 20'000, "\xFF");
  const std::string bad = dir.Write("bad", text);
  for (const unsigned n_threads : {1u, 4u}) {
    for (const char* split : {"lines", "sep:arrive", "file"}) {
      EncodeFilesOptions options;
      options.split = *DocumentSplit::Parse(split);
      options.n_threads = n_threads;
      const absl::Status status = EncodeFiles(Tiny(), {good, bad, good}, dir.File("out"), options).status();
      const bool whole = options.split.kind != DocumentSplit::Kind::kLines;
      const size_t at = whole ? text.find('\xFF') : text.find("<s>");
      const std::string line =
          std::to_string(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n') + 1);
      const std::string place = bad + ":" + line + ": byte " + std::to_string(at) + ": ";
      EXPECT_NE(std::string(status.message()).find(place), std::string::npos)
          << split << ": " << status << " wants " << place;
      EXPECT_EQ(ErrorCodeOf(status), whole ? ErrorCode::kInvalidUtf8 : ErrorCode::kSpecialInText);
      EXPECT_EQ(dir.CountFiles(), 2u) << "a failed run leaves no output";
    }
  }
}

TEST(EncodeFilesTest, ShardsTogetherAreTheWholeWhateverIsMissing) {
  const TempDir dir;
  const std::string text = Words(400'000, 9);
  const std::vector<std::string> inputs = {
      dir.Write("a", text), dir.Write("b", "the\n" + text.substr(0, text.find('\n', 100'000)))};
  EncodeFilesOptions options;
  options.split = *DocumentSplit::Parse("lines");
  options.format = IdFormat::kJsonl;
  ASSERT_TRUE(EncodeFiles(Tiny(), inputs, dir.File("whole"), options).ok());
  const std::string whole = Slurp(dir.File("whole"));
  constexpr uint32_t kShards = 7;
  options.n_shards = kShards;
  const auto shard_path = [&](uint32_t i) { return dir.File("s.0000" + std::to_string(i) + "-of-00007"); };
  ASSERT_TRUE(EncodeFiles(Tiny(), inputs, dir.File("s"), options).ok());
  options.resume = true;
  for (uint32_t missing = 0; missing < 1u << kShards; missing += 5) {
    uint32_t n_missing = 0;
    for (uint32_t i = 0; i < kShards; ++i) {
      if ((missing >> i & 1) == 0) continue;
      std::filesystem::remove(shard_path(i));
      ++n_missing;
    }
    options.n_threads = 1 + missing % 3;
    const auto report = EncodeFiles(Tiny(), inputs, dir.File("s"), options);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->n_shards_kept, kShards - n_missing);
    std::string together;
    for (uint32_t i = 0; i < kShards; ++i) together += Slurp(shard_path(i));
    ASSERT_TRUE(together == whole) << missing;
  }
}

TEST(DecodeFilesTest, PartsOfALongDocumentAreWhole) {
  const TempDir dir;
  std::vector<TokenId> ids;
  std::string expected;
  for (TokenId i = 0; i < 1'000'000; ++i) ids.push_back(2 + i * 7 % 250);
  std::string raw(ids.size() * sizeof(TokenId), '\0');
  std::memcpy(raw.data(), ids.data(), raw.size());
  DecodeFilesOptions options;
  options.input_format = IdFormat::kU32;
  options.separator = "|";
  for (const unsigned n_threads : {1u, 3u}) {
    options.n_threads = n_threads;
    ASSERT_TRUE(DecodeFiles(Tiny(), {dir.Write("x", raw)}, dir.File("out"), options).ok());
    ASSERT_TRUE(Slurp(dir.File("out")) == *Tiny().Decode(ids) + "|");
  }
}

}  // namespace
}  // namespace tok
