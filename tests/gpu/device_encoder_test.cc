// DeviceEncoder gives the ids of Tokenizer::Encode, wherever text and documents lie, and says of what it does not.
#include "tok/cuda/device_encoder.h"

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/gpu/gpu_run.h"
#include "tests/support/repeated.h"

namespace tok::cuda {
namespace {

class DeviceEncoderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasGpu()) GTEST_SKIP() << "no GPU here";
    if (encoders().empty()) {
      for (const Tokenizer& tokenizer : GpuTokenizers()) {
        auto encoder = DeviceEncoder::Create(tokenizer);
        ASSERT_TRUE(encoder.ok()) << encoder.status();
        encoders().push_back(std::move(*encoder));
      }
    }
  }
  static std::vector<DeviceEncoder>& encoders() {
    static std::vector<DeviceEncoder> all;
    return all;
  }
};

// Under a sanitizer, which takes a hundred times as long.
bool IsSmall() { return std::getenv("TOK_GPU_SMALL") != nullptr; }

std::string Utf8(char32_t c) {
  std::string spelled;
  const auto byte = [&](char32_t bits) { spelled.push_back(static_cast<char>(bits)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
        byte(0x80 | (c & 0x3F));
  }
  return spelled;
}

const std::vector<std::string> kUnits = {
    "a",  "the ", "Token", "izer ",  "'s",     "'LL", "don't", " ", "  ",   "\n",   "\r\n", "\t",   "1",
    "23", "4567", "!",     "?! ",    "/",      ";\n", "é",     "É", "中文", "日本", "。",   "한국", "न",
    "े",   "ß",    "ſ",     "\u0301", "\u3000", "😀",   "—",     "٣", "ǅ",    "Ж",    "ж ",   "x",    "-"};

std::vector<std::string> RandomDocuments(std::mt19937* random, size_t n_documents) {
  std::vector<std::string> documents(n_documents);
  for (std::string& document : documents) {
    std::vector<std::string> chosen;
    for (size_t i = 1 + (*random)() % 10; i > 0; --i) chosen.push_back(kUnits[(*random)() % kUnits.size()]);
    size_t n = (*random)() % 4 == 0 ? (*random)() % 3 : (*random)() % 400;
    for (; n > 0; --n) {
      const std::string& unit = chosen[(*random)() % chosen.size()];
      document += (*random)() % 60 == 0 ? Repeated(unit, (*random)() % 3000) : unit;
    }
  }
  return documents;
}

TEST_F(DeviceEncoderTest, RandomDocumentsAtEveryAlignment) {
  std::mt19937 random(1);
  for (const DeviceEncoder& encoder : encoders()) {
    size_t n_documents = 0, n_ok = 0;
    for (int64_t before = 0; before < 40; before += IsSmall() ? 13 : 1) {
      const std::vector<std::string> documents =
          RandomDocuments(&random, 1 + random() % (IsSmall() ? 20 : 200));
      n_ok += ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents, {.n_bytes_before = before}));
      n_documents += documents.size();
    }
    EXPECT_GT(n_ok, n_documents * 3 / 4) << encoder.tokenizer().name();
  }
}

TEST_F(DeviceEncoderTest, NumbersOfDocuments) {
  std::mt19937 random(2);
  for (const DeviceEncoder& encoder : encoders()) {
    for (const size_t n : {0, 1, 2, 31, 32, 33, 63, 64, 65, 255, 256, 257, 5000}) {
      if (IsSmall() && n > 33) break;
      const std::vector<std::string> documents = RandomDocuments(&random, n);
      ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents));
      const std::vector<std::string> empty(n), bytes(n, "a");
      EXPECT_EQ(ExpectSameAsCpu(encoder, empty, RunOnGpu(encoder, empty)), n);
      EXPECT_EQ(ExpectSameAsCpu(encoder, bytes, RunOnGpu(encoder, bytes)), n);
    }
  }
}

TEST_F(DeviceEncoderTest, EveryCharacter) {
  std::vector<std::string> documents;
  for (char32_t c = 0; c < 0x110000; c += IsSmall() ? 257 : c < 0x20000 ? 1 : 17) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string s = Utf8(c);
    documents.push_back(std::string(c % 37, 'x') + s + "b " + s + s + "\n" + s + "1A" + s);
  }
  for (const DeviceEncoder& encoder : encoders())
    EXPECT_GT(ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents)), documents.size() - 20);
}

// Text that takes any shortcut away: one piece as long as you like.
TEST_F(DeviceEncoderTest, LongPieces) {
  std::mt19937 random(3);
  const auto drawn = [&](const std::string& alphabet, size_t n) {
    std::string text;
    while (text.size() < n) text += alphabet[random() % alphabet.size()];
    return text;
  };
  std::vector<std::string> documents;
  for (const size_t n : {31, 32, 33, 127, 128, 129, 1023, 1024, 1025, 1792, 1793, 2560, 5000, 100'000}) {
    if (IsSmall() && n > 5000) break;
    for (const char* unit : {"a", "-", " ", "\n", "ab", "abc", "=-", "!?.", "中", "中文字", "的"})
      documents.push_back("x " + Repeated(unit, n) + " y");
    documents.push_back(drawn("abcdefghijklmnopqrstuvwxyz", n));
    documents.push_back(drawn("ABCDEFGHIJKLMNOPabcdefghij", n));
    documents.push_back(drawn("-=*#+", n));
    documents.push_back(drawn("ab", n));
  }
  const size_t n_long = IsSmall() ? 20'000 : 2'000'000;
  for (const char* unit : {"a", " ", "ab", "1", "abcdefghi"}) documents.push_back(Repeated(unit, n_long));
  documents.push_back(drawn("etaoinshrdlu", n_long / 2));
  // Rhythms that begin and end anywhere, one behind the other and in what has none.
  for (const bool are_apart : {false, true}) {
    for (const size_t n_most : {300, 3000, 30'000}) {
      std::string text;
      while (text.size() < (IsSmall() ? 20'000u : 100'000u)) {
        const size_t n_unit = 1 + random() % (random() % 4 == 0 ? 600 : 7);
        const std::string unit = drawn("abcdefghijklmnopqrstuvwxyz", n_unit);
        text += Repeated(unit.c_str(), random() % n_most);
        if (are_apart) text += drawn("etaoinshrdlu", random() % n_most);
      }
      documents.push_back(text);
    }
  }
  for (const DeviceEncoder& encoder : encoders()) {
    const GpuRun run = RunOnGpu(encoder, documents);
    EXPECT_EQ(ExpectSameAsCpu(encoder, documents, run), documents.size()) << encoder.tokenizer().name();
    for (size_t d = 0; d < documents.size(); ++d) {
      if (run.statuses[d] != DocumentStatus::kOk)
        std::printf("%s: to the host: %zu bytes '%s'\n", std::string(encoder.tokenizer().name()).c_str(),
                    documents[d].size(), documents[d].substr(0, 20).c_str());
    }
  }
}

// How a run is cut depends on what lies at its ends, words away: a mask's carry goes through all between, in both directions.
TEST_F(DeviceEncoderTest, RunsOfManyWords) {
  const std::vector<std::string> befores = {"", "a", "!", "中", "12", " ", "a中", "!\n", "a\n"};
  const std::vector<std::string> behinds = {"", "a", "A", "!", "\nx", " ", "中"};
  std::vector<std::string> documents;
  for (const size_t n : {100, 900, 2000}) {
    if (IsSmall() && n > 100) break;
    for (const char* unit : {"a", "A", "中", "7", " ", "\n", "\t", "!", "\u3000", "'"}) {
      for (const std::string& before : befores) {
        for (const std::string& behind : behinds) documents.push_back(before + Repeated(unit, n) + behind);
      }
    }
  }
  for (const DeviceEncoder& encoder : encoders())
    EXPECT_EQ(ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents)), documents.size());
}

// Whether slashes go with the newline before them decides what marks behind them are, of which a chunk between says nothing.
TEST_F(DeviceEncoderTest, MarksBehindManySlashes) {
  std::vector<std::string> documents;
  for (size_t shift = 0; shift < 2000; shift += 100)
    documents.push_back(Repeated("a ", shift) + "!\n" + Repeated("/", 1000) + Repeated("\u0301", 1000) + "a");
  for (const DeviceEncoder& encoder : encoders())
    ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents));
}

TEST_F(DeviceEncoderTest, TextThatIsNoUtf8) {
  const std::vector<std::string> bad = {"\x80",           "a\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                        "é\x80 and more", "\xFF"};
  for (const DeviceEncoder& encoder : encoders()) {
    std::vector<std::string> documents;
    for (size_t i = 0; i < 300; ++i) {
      documents.push_back("good " + std::to_string(i));
      documents.push_back(std::string(i % 70, ' ') + bad[i % bad.size()]);
    }
    // Half a character does not become whole by what the next document begins with.
    documents.insert(documents.end(), {"half \xC3", "\xA9 half"});
    const GpuRun run = RunOnGpu(encoder, documents);
    EXPECT_EQ(ExpectSameAsCpu(encoder, documents, run), 300u);
    EXPECT_EQ(run.statuses[0], DocumentStatus::kOk);
    EXPECT_EQ(run.statuses[1], DocumentStatus::kInvalidUtf8);
    const std::vector<std::string> all(1, std::string(IsSmall() ? 1000 : 100'000, '\xFF'));
    EXPECT_EQ(RunOnGpu(encoder, all).statuses[0], DocumentStatus::kInvalidUtf8);
  }
}

// By its class alone the rest of a digit begins no piece; a document does all the same, or its ids have no place.
TEST_F(DeviceEncoderTest, DocumentsThatBeginInsideOfADigit) {
  for (const DeviceEncoder& encoder : encoders()) {
    for (size_t n_before = 0; n_before < 70; n_before += IsSmall() ? 7 : 1) {
      std::vector<std::string> documents(n_before, "x y");
      documents.insert(documents.end(), {"1\xD9", "\xA3"});
      EXPECT_EQ(ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents)), n_before);
    }
  }
}

TEST_F(DeviceEncoderTest, AddedTokens) {
  for (const DeviceEncoder& encoder : encoders()) {
    const std::vector<AddedToken>& added = encoder.tokenizer().spec().added_tokens;
    if (added.empty()) continue;
    std::vector<std::string> documents;
    for (size_t i = 0; i < 200; ++i) {
      const std::string& token = added[i % added.size()].content;
      documents.push_back(std::string(i % 50, 'a') + token + " b" + token + token + "中" + token.substr(1));
      documents.push_back(token.substr(0, token.size() - 1));
      documents.push_back(token.substr(token.size() / 2) + token);
      documents.push_back("plain <| text |>");
    }
    documents.push_back(Repeated(added[0].content, IsSmall() ? 2000 : 50'000));
    for (const SpecialPolicy& policy : {SpecialPolicy::All(), SpecialPolicy::Text(), SpecialPolicy::Error(),
                                        SpecialPolicy::Listed({added[0].id})}) {
      const auto with = encoder.WithSpecial(policy);
      ASSERT_TRUE(with.ok()) << with.status();
      const GpuRun run = RunOnGpu(*with, documents);
      ExpectSameAsCpu(*with, documents, run, policy);
      for (size_t d = 0; d < documents.size(); ++d) {
        const auto wanted = encoder.tokenizer().Encode(documents[d], {.special = policy});
        EXPECT_EQ(run.statuses[d], wanted.ok() ? DocumentStatus::kOk : DocumentStatus::kSpecialToken) << d;
      }
    }
  }
}

TEST_F(DeviceEncoderTest, LearningChangesNoIds) {
  std::mt19937 random(4);
  for (const DeviceEncoder& encoder : encoders()) {
    for (int round = 0; round < (IsSmall() ? 1 : 5); ++round) {
      std::vector<std::string> documents = RandomDocuments(&random, IsSmall() ? 10 : 300);
      for (int w = 0; w < (IsSmall() ? 300 : 3000); ++w) {
        std::string word = " ";
        for (size_t n = 1 + random() % 40; n > 0; --n) word.push_back(static_cast<char>('a' + random() % 26));
        documents.push_back(word + word + " Japón");
      }
      const GpuRun before = RunOnGpu(encoder, documents);
      const GpuRun after = RunOnGpu(encoder, documents, {.learns = true});
      ExpectSameAsCpu(encoder, documents, after);
      EXPECT_EQ(before.ids, after.ids);
    }
  }
}

TEST_F(DeviceEncoderTest, TwoRunsAndGraphsGiveTheSame) {
  std::mt19937 random(5);
  const std::vector<std::string> documents = RandomDocuments(&random, IsSmall() ? 20 : 2000);
  for (const DeviceEncoder& encoder : encoders()) {
    const GpuRun first = RunOnGpu(encoder, documents);
    for (const bool in_graph : {false, true}) {
      const GpuRun second = RunOnGpu(encoder, documents, {.in_graph = in_graph});
      EXPECT_EQ(first.ids, second.ids);
      EXPECT_EQ(first.offsets, second.offsets);
      EXPECT_EQ(first.statuses, second.statuses);
    }
  }
}

TEST_F(DeviceEncoderTest, NarrowIdsAndTooLittleRoom) {
  std::mt19937 random(6);
  const std::vector<std::string> documents = RandomDocuments(&random, IsSmall() ? 20 : 200);
  for (const DeviceEncoder& encoder : encoders()) {
    const GpuRun whole = RunOnGpu(encoder, documents);
    if (encoder.tokenizer().vocabulary().size() <= 0x10000) {
      EXPECT_EQ(RunOnGpu(encoder, documents, {.narrow = true}).ids, whole.ids);
    }
    for (const int64_t room : {int64_t{0}, int64_t{1}, whole.report.n_ids / 2, whole.report.n_ids}) {
      const GpuRun part = RunOnGpu(encoder, documents, {.max_ids = room});
      EXPECT_EQ(part.report.n_ids, whole.report.n_ids);
      EXPECT_EQ(part.offsets, whole.offsets);
      const auto n = static_cast<size_t>(room);
      // Ids of one piece are written together, or not at all.
      for (size_t i = 0; i < n - std::min<size_t>(n, 4096); ++i) ASSERT_EQ(part.ids[i], whole.ids[i]) << i;
    }
  }
}

TEST_F(DeviceEncoderTest, IdsThatDoNotFitAreRefused) {
  for (const DeviceEncoder& encoder : encoders()) {
    if (encoder.tokenizer().vocabulary().size() <= 0x10000) continue;
    const absl::Status status = encoder.Encode(
        {nullptr, 0, nullptr, 0}, {nullptr, IdWidth::k16, 0, nullptr, nullptr, nullptr}, nullptr, nullptr);
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage) << status;
  }
}

TEST_F(DeviceEncoderTest, BadOffsetsEncodeNothing) {
  const DeviceEncoder& encoder = encoders()[0];
  for (const std::vector<int64_t>& offsets :
       {std::vector<int64_t>{0, 5, 3}, {-1, 2, 3}, {0, 2, 100}, {0, 100, 4}, {INT64_MIN, 0, INT64_MAX}}) {
    DeviceIds output = {};
    DeviceBatch batch = {nullptr, 10, nullptr, 2};
    void *memory, *workspace;
    ASSERT_EQ(cudaMalloc(&memory, 1024), cudaSuccess);
    ASSERT_EQ(cudaMemset(memory, 'a', 1024), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&workspace, encoder.WorkspaceBytes(10, 2)), cudaSuccess);
    auto* const at = static_cast<char*>(memory);
    ASSERT_EQ(cudaMemcpy(at + 256, offsets.data(), 24, cudaMemcpyHostToDevice), cudaSuccess);
    batch.text = at;
    batch.offsets = reinterpret_cast<int64_t*>(at + 256);
    output = {at + 512,
              IdWidth::k32,
              10,
              reinterpret_cast<int64_t*>(at + 640),
              reinterpret_cast<DocumentStatus*>(at + 704),
              reinterpret_cast<DeviceReport*>(at + 768)};
    ASSERT_TRUE(encoder.Encode(batch, output, workspace, nullptr).ok());
    DeviceReport report;
    int64_t id_offsets[3];
    ASSERT_EQ(cudaMemcpy(&report, at + 768, sizeof(report), cudaMemcpyDeviceToHost), cudaSuccess);
    ASSERT_EQ(cudaMemcpy(id_offsets, at + 640, 24, cudaMemcpyDeviceToHost), cudaSuccess);
    EXPECT_NE(report.has_bad_offsets, 0);
    EXPECT_EQ(report.n_ids, 0);
    EXPECT_EQ(id_offsets[2], 0);
    cudaFree(memory);
    cudaFree(workspace);
  }
}

// Tokens that hide one another: the device leaves them to the host, and those that are ignored hide nothing.
TEST_F(DeviceEncoderTest, AddedTokensThatOverlap) {
  TokenizerSpec spec = encoders()[0].tokenizer().spec();
  auto id = static_cast<TokenId>(spec.vocabulary.size());
  for (const auto& [content, special] : std::vector<std::pair<std::string, bool>>{
           {"<a>", true}, {"<a>b", false}, {">b<", true}, {"qq", false}, {"qqq", true}})
    spec.added_tokens.push_back({.id = id++, .content = content, .special = special});
  const auto tokenizer = Tokenizer::Create(std::move(spec));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const std::vector<std::string> documents = {"<a>b", "x <a> y", "<a>b<a>b<", "qqqqq",
                                              "qq q", "nothing", ">b<"};
  for (const SpecialPolicy& policy : {SpecialPolicy::Text(), SpecialPolicy::All(), SpecialPolicy::Error()}) {
    const auto encoder = DeviceEncoder::Create(*tokenizer, policy);
    ASSERT_TRUE(encoder.ok()) << encoder.status();
    EXPECT_GT(ExpectSameAsCpu(*encoder, documents, RunOnGpu(*encoder, documents), policy), 0u);
  }
}

// What is learned of text that an added token was found in holds for text where none is looked for.
TEST_F(DeviceEncoderTest, LearnedMatchesStayText) {
  TokenizerSpec spec = encoders()[0].tokenizer().spec();
  const auto id = static_cast<TokenId>(spec.vocabulary.size());
  spec.added_tokens.push_back({.id = id, .content = "zqxzqv", .special = true});
  const auto tokenizer = Tokenizer::Create(std::move(spec));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto encoder = DeviceEncoder::Create(*tokenizer, SpecialPolicy::All());
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  const std::vector<std::string> documents = {"zqxzqv", "and zqxzqv;"};
  ExpectSameAsCpu(*encoder, documents, RunOnGpu(*encoder, documents, {.learns = true}), SpecialPolicy::All());
  const auto text = encoder->WithSpecial(SpecialPolicy::Text());
  ASSERT_TRUE(text.ok()) << text.status();
  ExpectSameAsCpu(*text, documents, RunOnGpu(*text, documents), SpecialPolicy::Text());
}

TEST_F(DeviceEncoderTest, MatchesAtEdges) {
  for (const DeviceEncoder& encoder : encoders()) {
    const std::vector<AddedToken>& added = encoder.tokenizer().spec().added_tokens;
    std::vector<std::string> documents;
    for (const AddedToken& token : added) {
      for (size_t cut = 1; cut < token.content.size(); ++cut) {
        documents.push_back("x" + token.content.substr(0, cut));
        documents.push_back(token.content.substr(cut) + " y");
      }
      for (const char* beside : {"", ">", "!!", " ", "\n", "a", "'s", "  \n ", "1"})
        documents.push_back(beside + token.content + beside + beside + token.content);
    }
    const auto with = encoder.WithSpecial(SpecialPolicy::All());
    ASSERT_TRUE(with.ok()) << with.status();
    EXPECT_EQ(ExpectSameAsCpu(*with, documents, RunOnGpu(*with, documents), SpecialPolicy::All()),
              documents.size());
  }
}

TEST_F(DeviceEncoderTest, DocumentsThatEndWithTiles) {
  for (const DeviceEncoder& encoder : encoders()) {
    for (const size_t n : {31, 32, 927, 928, 929, 1023, 1024, 1025, 2048, 8191, 8192, 8193}) {
      for (const char* unit : {"ab ", "a", "\n ", "\xC3\xA9x", "\xFFx "}) {
        const std::string text = Repeated(unit, n).substr(0, n);
        for (const std::vector<std::string>& documents :
             {std::vector<std::string>{text}, {text, ""}, {text, "b"}, {"", text, text, "c d"}})
          ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents));
      }
    }
  }
}

// Tokens that only whole pieces are, beside characters that they are cut from.
TEST_F(DeviceEncoderTest, WholeTokens) {
  for (const DeviceEncoder& encoder : encoders()) {
    std::vector<std::string> documents;
    const Vocabulary& vocabulary = encoder.tokenizer().vocabulary();
    const std::vector<std::string> around = {"\xE7\x9A\x84", "\xE4\xB8\xAD", "\xE3\x81\xAE"};
    for (uint32_t id = 0; id < vocabulary.size(); ++id) {
      const std::string token(vocabulary.Bytes(id));
      if (token.size() < 6 || static_cast<unsigned char>(token.back()) < 0x80) continue;
      documents.push_back(token);
      for (const std::string& side : around)
        documents.push_back(side + token), documents.push_back(side + token + side);
    }
    ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents));
    ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents, {.learns = true}));
  }
}

// Tokens that begin or end inside of a character, in whole characters: no piece is cut in them.
TEST_F(DeviceEncoderTest, TokensWithPartsOfCharacters) {
  for (const DeviceEncoder& encoder : encoders()) {
    std::vector<std::string> documents;
    const Vocabulary& vocabulary = encoder.tokenizer().vocabulary();
    for (uint32_t id = 0; id < vocabulary.size(); ++id) {
      const std::string token(vocabulary.Bytes(id));
      if (token.size() < 3 || encoder.tokenizer().Encode(token).ok()) continue;
      for (const char* before : {"", "\xE9\xB3", "\xE1"}) {
        for (const char* behind : {"", "\xB7", "\x84\xB7"}) documents.push_back(before + token + behind);
      }
    }
    EXPECT_GT(ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents)), 0u);
  }
}

TEST_F(DeviceEncoderTest, ReportCountsPiecesAndThoseThatAreMerged) {
  const std::vector<std::string> documents = {"a qxzqvkjwqx", "a " + Repeated("qxzqvkjw", 40)};
  for (const DeviceEncoder& encoder : encoders()) {
    const GpuRun run = RunOnGpu(encoder, documents);
    EXPECT_EQ(run.report.n_pieces, 4);
    EXPECT_EQ(run.report.n_missed, 2);
  }
}

// Files of TOK_GPU_TEXT, cut at line ends into documents of some KB.
TEST_F(DeviceEncoderTest, RealText) {
  const char* const folder = std::getenv("TOK_GPU_TEXT");
  if (folder == nullptr || IsSmall()) GTEST_SKIP() << "TOK_GPU_TEXT names no folder";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    std::vector<std::string> documents;
    for (size_t begin = 0; begin < text.size() && begin < 30'000'000;) {
      const size_t line_end = text.find('\n', std::min(text.size(), begin + 4000));
      const size_t end = line_end == std::string::npos ? text.size() : line_end + 1;
      documents.push_back(text.substr(begin, end - begin));
      begin = end;
    }
    for (const DeviceEncoder& made : encoders()) {
      const auto with = made.WithSpecial(SpecialPolicy::All());
      ASSERT_TRUE(with.ok()) << with.status();
      const DeviceEncoder& encoder = *with;
      const size_t n_ok = ExpectSameAsCpu(encoder, documents, RunOnGpu(encoder, documents, {.learns = true}),
                                          SpecialPolicy::All());
      std::printf("%s, %s: %zu of %zu documents\n", entry.path().filename().c_str(),
                  std::string(encoder.tokenizer().name()).c_str(), n_ok, documents.size());
      EXPECT_GE(n_ok + 3, documents.size() * 98 / 100);
    }
  }
}

}  // namespace
}  // namespace tok::cuda
