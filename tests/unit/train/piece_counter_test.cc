// Documents in memory give the counts that a file of them gives, however they are handed over.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/temp_dir.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

// Lines without LF, empty and long ones among them.
std::vector<std::string> RandomLines(size_t n_lines) {
  std::mt19937 random(1);
  std::vector<std::string> lines(n_lines);
  for (std::string& line : lines) {
    size_t n_words = random() % 12;
    if (random() % (n_lines / 2) == 0) n_words = 900'000;  // several parts
    while (n_words-- > 0) {
      line += " w" + std::to_string(random() % 30'000);
      if (random() % 5000 == 0) line += std::string(40, 'l') + std::to_string(random());
    }
  }
  return lines;
}

class PieceCounterTest : public testing::Test {
 protected:
  std::string BytesOf(const absl::StatusOr<PieceCounts>& counts) const {
    EXPECT_TRUE(counts.ok()) << counts.status();
    if (!counts.ok()) return {};
    EXPECT_TRUE(WritePieceCounts(*counts, folder_.File("counts")).ok());
    std::ifstream file(folder_.File("counts"), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static absl::StatusOr<PieceCounts> Count(const std::vector<std::string>& documents, size_t n_a_call,
                                           const PieceRules& rules, const PieceCounterOptions& options) {
    absl::StatusOr<PieceCounter> counter = PieceCounter::Create(rules, options);
    if (!counter.ok()) return counter.status();
    const std::vector<std::string_view> views(documents.begin(), documents.end());
    for (size_t i = 0; i < views.size(); i += n_a_call) {
      const auto some = std::span(views).subspan(i, std::min(n_a_call, views.size() - i));
      if (absl::Status added = counter->Add(some); !added.ok()) return added;
    }
    return std::move(*counter).Finish();
  }
  const TempDir folder_;
};

TEST_F(PieceCounterTest, CountsWhatAFileOfTheDocumentsHas) {
  const std::vector<std::string> lines = RandomLines(2000);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const std::vector<std::string> inputs = {folder_.Write("text", text)};
  for (const char* pattern : {"o200k", "none"}) {
    const PieceRules rules = *ByteLevelRules(pattern);
    const std::string expected =
        BytesOf(CountPieces(inputs, rules, {.split = *DocumentSplit::Parse("lines")}));
    ASSERT_FALSE(expected.empty());
    for (const size_t n_a_call : {size_t{1}, size_t{300}, lines.size()}) {
      for (const unsigned n_threads : {1u, 3u}) {
        for (const uint64_t n_memory_bytes : {uint64_t{0}, 24 * kMiB}) {
          const PieceCounterOptions options{
              .sequence_unit = "lines", .n_threads = n_threads, .n_memory_bytes = n_memory_bytes};
          EXPECT_TRUE(BytesOf(Count(lines, n_a_call, rules, options)) == expected)
              << pattern << " " << n_a_call << " " << n_threads << " " << n_memory_bytes;
        }
      }
    }
  }
}

TEST_F(PieceCounterTest, NothingIsCountedOfNothing) {
  const absl::StatusOr<PieceCounts> counts = Count({}, 1, *ByteLevelRules("gpt2"), {});
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->n_unique(), 0u);
  EXPECT_EQ(counts->origin().n_documents, 0u);
  EXPECT_EQ(counts->origin().sequence_unit, "documents");
}

TEST_F(PieceCounterTest, TheFirstBadDocumentIsNamed) {
  std::vector<std::string> documents(1000, std::string(2000, 'a'));
  documents[700] += "\xFF";
  documents[900] = "\xFF";
  for (const size_t n_a_call : {size_t{1}, size_t{64}, documents.size()}) {
    const absl::Status status = Count(documents, n_a_call, *ByteLevelRules("gpt2"), {.n_threads = 3}).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInvalidUtf8);
    EXPECT_NE(status.message().find("document 700: byte 2000: "), std::string::npos) << status;
  }
  EXPECT_TRUE(Count(documents, 64, *ByteLevelRules("gpt2"), {.utf8 = Utf8Policy::kReplace}).ok());
}

TEST_F(PieceCounterTest, AnErrorStays) {
  absl::StatusOr<PieceCounter> counter = PieceCounter::Create(*ByteLevelRules("gpt2"), {});
  ASSERT_TRUE(counter.ok());
  const std::string_view bad = "\xFF", good = "a";
  const absl::Status first = counter->Add(std::span(&bad, 1));
  EXPECT_FALSE(first.ok());
  EXPECT_EQ(counter->Add(std::span(&good, 1)), first);
  EXPECT_EQ(std::move(*counter).Finish().status(), first);
}

TEST_F(PieceCounterTest, StopsWhenItsCallerSaysSo) {
  const std::vector<std::string> documents = {std::string(8 * kMiB, 'a') + " ", std::string(8 * kMiB, 'b')};
  for (const unsigned n_threads : {1u, 3u}) {
    for (const int n_asked : {0, 1, 5}) {
      std::atomic<int> n_left = n_asked;
      const PieceCounterOptions options{.n_threads = n_threads, .goes_on = [&] { return n_left-- > 0; }};
      const absl::Status status = Count(documents, 2, *ByteLevelRules("gpt2"), options).status();
      EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInterrupted) << n_asked << " " << status;
    }
  }
}

// A single document too, which is one block to the reader.
TEST_F(PieceCounterTest, CountingAFileStopsWithinADocument) {
  std::string text;
  for (int i = 0; i < 2'000'000; ++i) text += "word ";
  const std::vector<std::string> inputs = {folder_.Write("text", text)};
  for (const unsigned n_threads : {1u, 3u}) {
    std::atomic<int> n_asked = 0;
    CountPiecesOptions options;
    options.n_threads = n_threads;
    options.goes_on = [&] { return ++n_asked < 4; };
    const absl::Status status = CountPieces(inputs, *ByteLevelRules("gpt2"), options).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInterrupted) << status;
    EXPECT_LT(n_asked, 4 + 4);
  }
}

TEST_F(PieceCounterTest, OriginsAsBytes) {
  PieceCounts::Origin origin{*TextRules("bert"), "jsonl:a", 7, 1234};
  origin.rules.normalizers = {*NormalizerByName("nfkc"), *NormalizerByName("bert")};
  ASSERT_TRUE(CutDigitsFirst("r2l3", &origin.rules).ok());
  const std::string bytes = SerializeOrigin(origin);
  const absl::StatusOr<PieceCounts::Origin> parsed = ParseOrigin(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(SerializeOrigin(*parsed), bytes);
  EXPECT_TRUE(CheckMergeable(origin, *parsed).ok());
  EXPECT_EQ(parsed->n_documents, 7u);
  EXPECT_EQ(parsed->n_bytes, 1234u);
  for (const std::string& bad : {std::string(), bytes.substr(1), bytes.substr(0, bytes.size() - 1)}) {
    EXPECT_EQ(ErrorCodeOf(ParseOrigin(bad).status()), ErrorCode::kBadFormat);
  }
}

TEST_F(PieceCounterTest, StepsByName) {
  for (const std::string& name : NormalizerNames()) EXPECT_TRUE(NormalizerByName(name).ok()) << name;
  PieceRules rules;
  for (const std::string& name : DigitCutNames()) EXPECT_TRUE(CutDigitsFirst(name, &rules).ok()) << name;
  EXPECT_EQ(ErrorCodeOf(NormalizerByName("nfq").status()), ErrorCode::kUsage);
  EXPECT_EQ(ErrorCodeOf(CutDigitsFirst("2", &rules)), ErrorCode::kUsage);
}

}  // namespace
}  // namespace tok
