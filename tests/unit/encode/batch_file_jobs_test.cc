// Files through a batch encoder become the same bytes, reports and errors as without one, however it cuts chunks.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "src/encode/cpu_batch_encoder.h"
#include "tests/support/gzip.h"
#include "tests/support/temp_dir.h"
#include "tests/support/words.h"
#include "tok/batch_encoder.h"
#include "tok/encode_files.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

const Tokenizer& Tiny() {
  static const absl::StatusOr<Tokenizer> tokenizer =
      Tokenizer::Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
  return *tokenizer;
}

constexpr IdFormat kFormats[] = {IdFormat::kIds, IdFormat::kJsonl, IdFormat::kU16, IdFormat::kU32,
                                 IdFormat::kNpy};
// As users have it; an id a chunk; chunks that end inside documents and after several.
constexpr CpuBatchSizes kSizes[] = {{}, {1, 1}, {300, 7}, {100'000, 1000}};

struct Setting {
  unsigned n_threads;
  uint64_t n_memory_bytes;
};
constexpr Setting kSettings[] = {{1, 0}, {4, 0}, {3, 40'000'000}, {2, 5'000'000}};

// What a job has made: everything that is in its folder, and what it says.
struct Made {
  std::vector<std::pair<std::string, std::string>> files;  // by name
  std::string error;
  uint64_t n_documents = 0, n_bytes = 0, n_ids = 0;
  uint32_t n_shards_kept = 0;

  bool operator==(const Made&) const = default;
};

Made RunJob(const std::vector<std::string>& inputs, const EncodeFilesOptions& options,
            const std::function<void(const TempDir&)>& before = {}) {
  const TempDir dir;
  EncodeFilesOptions first = options;
  if (before) {
    first.batch_encoder = nullptr;
    EXPECT_TRUE(EncodeFiles(Tiny(), inputs, dir.File("out"), first).ok());
    before(dir);
  }
  const auto report = EncodeFiles(Tiny(), inputs, dir.File("out"), options);
  Made made;
  if (report.ok()) {
    made.n_documents = report->n_documents;
    made.n_bytes = report->n_bytes;
    made.n_ids = report->n_ids;
    made.n_shards_kept = report->n_shards_kept;
  }
  made.error = std::string(report.status().message());
  for (const auto& file : std::filesystem::directory_iterator(dir.path()))
    made.files.emplace_back(file.path().filename().string(), Slurp(file.path().string()));
  std::sort(made.files.begin(), made.files.end());
  return made;
}

// Returns what was made without one.
Made ExpectTheSame(const std::vector<std::string>& inputs, EncodeFilesOptions options,
                   const std::function<void(const TempDir&)>& before = {}) {
  options.batch_encoder = nullptr;
  const Made expected = RunJob(inputs, options, before);
  for (const CpuBatchSizes& sizes : kSizes) {
    const auto encoder = MakeCpuBatchEncoder(Tiny(), 2, sizes);
    options.batch_encoder = encoder.get();
    const Made made = RunJob(inputs, options, before);
    EXPECT_EQ(made.error, expected.error);
    EXPECT_TRUE(made == expected) << sizes.n_chunk_ids << " ids a chunk, " << options.split.Spelling();
  }
  return expected;
}

EncodeFilesOptions With(std::string_view split, IdFormat format = IdFormat::kIds) {
  EncodeFilesOptions options;
  options.split = *DocumentSplit::Parse(split);
  options.format = format;
  options.n_threads = 2;
  return options;
}

TEST(BatchFileJobsTest, EverySplitAndFormat) {
  const TempDir dir;
  const std::string text = Words(10'000, 1);
  std::string records, sequences;
  for (int i = 0; i < 300; ++i) {
    records += "{\"text\":\"the ships " + std::to_string(i) + " \\u00e9\"}\n";
    sequences += ">name\nACGT\nAC" + std::string(static_cast<size_t>(i), 'G') + "\n";
  }
  const std::string plain = dir.Write("plain", text), packed = WriteGzip(dir.File("packed"), text);
  const std::string empty = dir.Write("empty", ""), line_ends = dir.Write("line_ends", "\n\n\nthe\n");
  for (const IdFormat format : kFormats) {
    for (const char* split : {"lines", "lines-lf", "sep:ships", "file"}) {
      const Made made = ExpectTheSame({plain, empty, packed, line_ends, plain}, With(split, format));
      EXPECT_EQ(made.error, "");
      EXPECT_GT(made.n_ids, 500u);
    }
    ExpectTheSame({dir.Write("records", records)}, With("jsonl:text", format));
    ExpectTheSame({dir.Write("sequences", sequences)}, With("fasta", format));
  }
}

TEST(BatchFileJobsTest, AnyThreadsAndMemory) {
  const TempDir dir;
  const std::string input = dir.Write("in", Words(300'000, 2));
  for (const Setting& setting : kSettings) {
    for (const char* split : {"lines", "file"}) {
      EncodeFilesOptions options = With(split, IdFormat::kJsonl);
      options.n_threads = setting.n_threads;
      options.n_memory_bytes = setting.n_memory_bytes;
      EXPECT_EQ(ExpectTheSame({input, input}, options).error, "");
    }
  }
}

// More of them than one batch takes.
TEST(BatchFileJobsTest, ManyBlocks) {
  const TempDir dir;
  const std::string input = dir.Write("in", Words(18'000'000, 3));
  EncodeFilesOptions options = With("lines", IdFormat::kU16);
  const Made expected = RunJob({input}, options);
  const auto encoder = BatchEncoder::OnCpu(Tiny());
  options.batch_encoder = encoder.get();
  EXPECT_TRUE(RunJob({input}, options) == expected);
}

TEST(BatchFileJobsTest, LongDocumentsAmongShortOnes) {
  const TempDir dir;
  std::string line = Words(2'200'000, 4);
  for (char& c : line) c = c == '\n' ? ' ' : c;
  const std::string lines =
      dir.Write("in", Words(5000, 5) + line + "\n" + Words(5000, 6) + line + "\n\narrive");
  const std::string packed = WriteGzip(dir.File("packed"), Words(4'500'000, 7));
  for (const IdFormat format : {IdFormat::kJsonl, IdFormat::kU16}) {
    EncodeFilesOptions options = With("lines", format);
    options.n_memory_bytes = 30'000'000;  // for the whole block to be large
    EXPECT_EQ(ExpectTheSame({lines}, options).error, "");
  }
  EXPECT_EQ(ExpectTheSame({lines, packed, lines}, With("file")).error, "");
}

TEST(BatchFileJobsTest, PoliciesAndTemplate) {
  const TempDir dir;
  const std::string input = dir.Write("in", "the ships\n<s>the</s>\n\xFF\narr\xC3ive\n<s>\nlast");
  for (const SpecialPolicy& special : {SpecialPolicy::Error(), SpecialPolicy::Text(), SpecialPolicy::All(),
                                       SpecialPolicy::Listed({Tiny().FindToken("<s>")})}) {
    for (const Utf8Policy utf8 : {Utf8Policy::kError, Utf8Policy::kReplace, Utf8Policy::kBytes}) {
      for (const bool add_template : {false, true}) {
        EncodeFilesOptions options = With("lines");
        options.encode.special = special;
        options.encode.utf8 = utf8;
        options.encode.add_template = add_template;
        ExpectTheSame({input}, options);
      }
    }
  }
}

TEST(BatchFileJobsTest, TheFirstErrorInOrder) {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "the ships\n";
  const std::string good = dir.Write("good", text);
  const std::string late = dir.Write("late", text + "<s>");
  text.insert(text.size() / 2, "<s>");  // at a line's start
  text.insert(text.size() / 2 + 2'000, "\xFF");
  const std::string bad = dir.Write("bad", text);
  std::string long_line = Words(2'200'000, 8);
  for (char& c : long_line) c = c == '\n' ? ' ' : c;
  const std::string bad_line = dir.Write("bad_line", "the\n" + long_line + "<s>\n<s>\n");
  const auto expect_an_error = [](const std::vector<std::string>& inputs, const EncodeFilesOptions& options) {
    const Made made = ExpectTheSame(inputs, options);
    EXPECT_NE(made.error, "");
    EXPECT_TRUE(made.files.empty());
  };
  for (const unsigned n_threads : {1u, 4u}) {
    for (const char* split : {"lines", "sep:arrive", "file"}) {
      EncodeFilesOptions options = With(split);
      options.n_threads = n_threads;
      expect_an_error({good, bad, good}, options);
      expect_an_error({late}, options);
    }
  }
  expect_an_error({bad_line, bad}, With("lines"));
  expect_an_error({bad_line, bad}, With("file"));
}

TEST(BatchFileJobsTest, ShardsAndResume) {
  const TempDir dir;
  const std::vector<std::string> inputs = {dir.Write("a", Words(300'000, 9)), dir.Write("b", "the\nships")};
  for (const IdFormat format : {IdFormat::kJsonl, IdFormat::kU16}) {
    EncodeFilesOptions options = With("lines", format);
    options.n_shards = 7;
    EXPECT_EQ(ExpectTheSame(inputs, options).error, "");
    options.resume = true;
    const Made made = ExpectTheSame(inputs, options, [](const TempDir& made_before) {
      for (const char* shard : {"out.00000-of-00007", "out.00003-of-00007", "out.00004-of-00007"})
        std::filesystem::remove(made_before.File(shard));
    });
    EXPECT_EQ(made.error, "");
    EXPECT_EQ(made.n_shards_kept, 4u);
  }
}

// Does what a test says in place of the encoding, or after some of it.
class FakeEncoder final : public BatchEncoder {
 public:
  using Encoding = std::function<absl::Status(const DocumentBatch&, const IdChunkSink&)>;
  explicit FakeEncoder(Encoding encoding) : encoding_(std::move(encoding)) {}

  absl::Status Encode(const DocumentBatch& batch, const BatchOptions&, const IdChunkSink& sink) override {
    return encoding_(batch, sink);
  }
  const Tokenizer& tokenizer() const override { return Tiny(); }

 private:
  const Encoding encoding_;
};

TEST(BatchFileJobsTest, WhatTheEncoderReportsIsReported) {
  const TempDir dir;
  const std::string input = dir.Write("in", "the\nships\narrive\n");
  const std::string large = dir.Write("large", Words(2'200'000, 10));
  const TokenId id = 5;
  const absl::Status good;
  const auto chunk_of = [&](size_t document, bool continues, std::span<const int64_t> offsets) {
    IdChunk chunk;
    chunk.first_document = document;
    chunk.continues = continues;
    chunk.ids = {&id, 1};
    chunk.offsets = offsets;
    chunk.statuses = {&good, 1};
    return chunk;
  };
  const std::vector<int64_t> offsets = {0, 1};
  const auto lost = [](const auto&, const auto&) {
    return MakeError(ErrorCode::kLimit, "device", "is lost", "find it");
  };
  const auto lost_later = [&](const DocumentBatch& batch, const IdChunkSink& sink) {
    EXPECT_TRUE(sink(chunk_of(0, false, offsets)).ok());
    return lost(batch, sink);
  };
  const auto too_few = [&](const auto&, const auto&) { return absl::OkStatus(); };
  const auto out_of_order = [&](const auto&, const IdChunkSink& sink) {
    return sink(chunk_of(1, false, offsets));
  };
  const auto continues_nothing = [&](const auto&, const IdChunkSink& sink) {
    return sink(chunk_of(0, true, offsets));
  };
  const auto too_many = [&](const DocumentBatch& batch, const IdChunkSink& sink) {
    for (size_t d = 0; d <= batch.size(); ++d) {
      if (const absl::Status status = sink(chunk_of(d, false, offsets)); !status.ok()) return status;
    }
    return absl::OkStatus();
  };
  const std::pair<FakeEncoder::Encoding, ErrorCode> cases[] = {{lost, ErrorCode::kLimit},
                                                               {lost_later, ErrorCode::kLimit},
                                                               {too_few, ErrorCode::kInternal},
                                                               {out_of_order, ErrorCode::kInternal},
                                                               {continues_nothing, ErrorCode::kInternal},
                                                               {too_many, ErrorCode::kInternal}};
  for (const auto& [encoding, code] : cases) {
    FakeEncoder encoder(encoding);
    EncodeFilesOptions options = With("lines");
    options.batch_encoder = &encoder;
    Made made = RunJob({input}, options);
    EXPECT_NE(made.error.find(input + ":"), std::string::npos) << made.error;
    EXPECT_EQ(ErrorCodeOf(absl::UnknownError(made.error)), code) << made.error;
    EXPECT_TRUE(made.files.empty());
    options = With("file");
    options.batch_encoder = &encoder;
    options.n_memory_bytes = 24'000'000;  // for the document to be large
    made = RunJob({large}, options);
    EXPECT_EQ(ErrorCodeOf(absl::UnknownError(made.error)), code) << made.error;
    EXPECT_TRUE(made.files.empty());
  }
}

TEST(BatchFileJobsTest, GoesOnIsAskedByOneThreadAtATime) {
  const TempDir dir;
  const std::string lines = dir.Write("in", Words(1'000'000, 11)),
                    large = dir.Write("l", Words(2'200'000, 12));
  const auto encoder = MakeCpuBatchEncoder(Tiny(), 2, {10'000, 1000});
  for (const char* split : {"lines", "file"}) {
    for (const int n_good : {0, 1, 1'000'000}) {
      EncodeFilesOptions options = With(split);
      options.n_threads = 4;
      options.n_memory_bytes = 24'000'000;
      options.batch_encoder = encoder.get();
      std::atomic<bool> is_asked = false;
      std::atomic<int> n_asked = 0;
      options.encode.goes_on = [&] {
        EXPECT_FALSE(is_asked.exchange(true));
        const bool goes_on = ++n_asked <= n_good;
        is_asked = false;
        return goes_on;
      };
      const Made made = RunJob({lines, large, lines}, options);
      EXPECT_GT(n_asked, 0);
      EXPECT_EQ(made.error.substr(0, 7), n_asked <= n_good ? "" : "TOK-E06") << made.error;
    }
  }
}

TEST(BatchFileJobsTest, WhatItCannotDoIsRefused) {
  const TempDir dir;
  const std::string input = dir.Write("in", "the\n");
  const auto encoder = BatchEncoder::OnCpu(Tiny());
  EncodeFilesOptions options = With("lines", IdFormat::kJsonl);
  options.batch_encoder = encoder.get();
  options.offsets = OffsetUnit::kBytes;
  absl::Status status = EncodeFiles(Tiny(), {input}, dir.File("out"), options).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << status;
  EXPECT_NE(status.message().find("offsets"), std::string::npos) << status;
  options.offsets = OffsetUnit::kNone;
  status = EncodeFiles(*Tokenizer::Load("gpt2"), {input}, dir.File("out"), options).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << status;
  EXPECT_NE(status.message().find("gpt2"), std::string::npos) << status;
  EXPECT_EQ(dir.CountFiles(), 1u);
  // The same file again is the same tokenizer.
  const Tokenizer again = *Tokenizer::Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
  EXPECT_TRUE(EncodeFiles(again, {input}, dir.File("out"), options).ok());
}

}  // namespace
}  // namespace tok
