// A tokenizer, and the thread pool behind it, work in the children of a process that has used both.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.h"
#include "tok/encode_files.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

constexpr unsigned kThreads = 4;
constexpr int kChildren = 12, kRounds = 4;
constexpr unsigned kSeconds = 120;  // a child that hangs is ended

std::string LongText() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "hello world " + std::to_string(i % 1000) + "\n";
  return text;
}

// Whether batches, long documents and file jobs, each on several threads, give `expected` for `text`.
bool EncodesAsExpected(const Tokenizer& tokenizer, const std::string& text,
                       const std::vector<TokenId>& expected, const std::string& input,
                       const std::string& output) {
  const std::vector<std::string_view> documents(2 * kThreads, text);
  const auto batch = tokenizer.EncodeBatch(documents, {}, kThreads);
  if (!batch.ok() || batch->ids.size() != documents.size() * expected.size()) return false;
  if (!std::equal(expected.begin(), expected.end(),
                  batch->ids.end() - static_cast<ptrdiff_t>(expected.size())))
    return false;
  const auto parallel = tokenizer.EncodeParallel(text, {}, kThreads);
  if (!parallel.ok() || *parallel != expected) return false;
  EncodeFilesOptions options;
  options.n_threads = kThreads;
  const auto report = EncodeFiles(tokenizer, {input, input}, output, options);
  return report.ok() && report->n_ids == 2 * expected.size();
}

class ForkTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "ThreadSanitizer ends children that start threads";
#endif
    auto tokenizer = Tokenizer::Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    tokenizer_.emplace(*std::move(tokenizer));
    auto ids = tokenizer_->Encode(text_);
    ASSERT_TRUE(ids.ok()) << ids.status();
    expected_ = *std::move(ids);
    input_ = dir_.Write("in", text_);
  }

  bool Works(const std::string& output) const {
    return EncodesAsExpected(*tokenizer_, text_, expected_, input_, dir_.File(output));
  }

  std::vector<pid_t> StartChildren() const {
    std::vector<pid_t> children;
    for (int i = 0; i < kChildren; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        alarm(kSeconds);
        _exit(Works("out" + std::to_string(i)) ? 0 : 1);
      }
      children.push_back(child);
    }
    return children;
  }

  static void ExpectSuccess(const std::vector<pid_t>& children) {
    for (const pid_t child : children) {
      int status = -1;
      ASSERT_EQ(waitpid(child, &status, 0), child);
      EXPECT_EQ(status, 0) << (WIFSIGNALED(status) ? "ended by a signal (hung?)" : "other ids");
    }
  }

  const TempDir dir_;
  const std::string text_ = LongText();
  std::optional<Tokenizer> tokenizer_;
  std::vector<TokenId> expected_;
  std::string input_;
};

TEST_F(ForkTest, ChildrenOfAParentThatUsedThePool) {
  ASSERT_TRUE(Works("out"));
  ExpectSuccess(StartChildren());
  EXPECT_TRUE(Works("out"));
}

TEST_F(ForkTest, ForkWhileAnotherThreadEncodes) {
  std::atomic<bool> is_over{false}, is_right{true};
  std::thread other([&] {
    std::vector<TokenId> ids;
    while (!is_over) {
      ids.clear();
      if (!tokenizer_->EncodeTo(text_, {}, &ids).ok() || ids != expected_) is_right = false;
    }
  });
  const std::vector<pid_t> children = StartChildren();
  ExpectSuccess(children);
  is_over = true;
  other.join();
  EXPECT_TRUE(is_right);
}

TEST_F(ForkTest, ForkWhileThePoolIsAtWork) {
  std::atomic<bool> is_over{false}, is_right{true};
  std::thread other([&] {
    while (!is_over) {
      if (!Works("other")) is_right = false;
    }
  });
  for (int round = 0; round < kRounds; ++round) ExpectSuccess(StartChildren());
  is_over = true;
  other.join();
  EXPECT_TRUE(is_right);
}

}  // namespace
}  // namespace tok
