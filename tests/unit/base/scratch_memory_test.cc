// Memory beyond the budget lies in files that nobody sees, and is memory like any other.
#include "src/base/scratch_memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "src/base/nameless_file.h"
#include "src/base/scratch_heap.h"
#include "tests/support/temp_dir.h"
#include "tests/support/temporary_directory_is.h"

namespace tok {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t n_bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = n_bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

absl::Status Allocate(ScratchMemory* scratch, size_t n_bytes) {
  return CatchScratchFull([&] {
    scratch->Free(scratch->Allocate(n_bytes), n_bytes);
    return absl::OkStatus();
  });
}

TEST(ScratchMemoryTest, FilesBeginWhereTheBudgetEnds) {
  const TempDir folder;
  const TemporaryDirectoryIs here(folder.path());
  ScratchMemory scratch(2 * kMiB);
  std::vector<char*> blocks;
  for (int i = 0; i < 4; ++i) blocks.push_back(static_cast<char*>(scratch.Allocate(kMiB)));
  EXPECT_EQ(scratch.n_anonymous_bytes(), 2 * kMiB);
  EXPECT_EQ(scratch.n_file_bytes(), 2 * kMiB);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  for (char* const block : blocks) {
    EXPECT_EQ(std::count(block, block + kMiB, '\0'), static_cast<std::ptrdiff_t>(kMiB));
    std::memset(block, 'x', kMiB);
  }
  scratch.Free(blocks[0], kMiB);
  blocks[0] = static_cast<char*>(scratch.Allocate(kMiB));  // there is room again
  EXPECT_EQ(scratch.n_anonymous_bytes(), 2 * kMiB);
  EXPECT_EQ(scratch.n_file_bytes(), 2 * kMiB);
  EXPECT_EQ(blocks[0][kMiB - 1], 0);
  EXPECT_EQ(blocks[3][kMiB - 1], 'x');
  for (char* const block : blocks) scratch.Free(block, kMiB);
  EXPECT_EQ(scratch.n_anonymous_bytes() + scratch.n_file_bytes(), 0u);
}

TEST(ScratchMemoryTest, ContainersKeepWhatIsInThem) {
  ScratchMemory scratch(kMiB);
  ScratchVector<uint64_t> numbers(&scratch);
  for (uint64_t i = 0; i < 1'000'000; ++i) numbers.push_back(i * i);
  EXPECT_GT(scratch.n_file_bytes(), 7 * kMiB);
  EXPECT_LE(scratch.n_anonymous_bytes(), kMiB);
  const ScratchVector<uint64_t> moved = std::move(numbers);
  for (uint64_t i = 0; i < 1'000'000; ++i) ASSERT_EQ(moved[i], i * i);
}

TEST(ScratchMemoryTest, ThreadsShareTheBudget) {
  ScratchMemory scratch(4 * kMiB);
  const auto work = [&](char mark) {
    for (int i = 0; i < 200; ++i) {
      const size_t n_bytes = kMiB * (1 + static_cast<size_t>(i) % 2);
      char* const block = static_cast<char*>(scratch.Allocate(n_bytes));
      ASSERT_EQ(block[n_bytes / 2], 0);
      block[n_bytes / 2] = mark;
      EXPECT_LE(scratch.n_anonymous_bytes(), 4 * kMiB);
      scratch.Free(block, n_bytes);
    }
  };
  std::thread a(work, 'a'), b(work, 'b'), c(work, 'c');
  for (std::thread* thread : {&a, &b, &c}) thread->join();
  EXPECT_EQ(scratch.n_anonymous_bytes() + scratch.n_file_bytes(), 0u);
}

TEST(ScratchMemoryTest, FilesThatCannotBeHadAreErrors) {
  const TempDir folder;
  ScratchMemory scratch(0);
  {
    const TemporaryDirectoryIs nowhere(folder.File("no"));
    const absl::Status status = Allocate(&scratch, kMiB);
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kWriteFailed);
    EXPECT_NE(status.message().find(folder.File("no")), std::string::npos) << status;
    EXPECT_NE(status.message().find("TMPDIR"), std::string::npos) << status;
  }
  {
    const FileSizeLimit limit(kMiB);
    EXPECT_TRUE(Allocate(&scratch, kMiB).ok());
    const absl::Status status = Allocate(&scratch, 2 * kMiB);
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kWriteFailed);
    EXPECT_NE(status.message().find("ulimit -f"), std::string::npos) << status;
  }
  EXPECT_EQ(scratch.n_file_bytes(), 0u);
  EXPECT_TRUE(Allocate(&scratch, 2 * kMiB).ok());
}

TEST(ScratchHeapTest, PiecesOfAllSizesKeepApart) {
  ScratchMemory scratch(kMiB);
  struct Piece {
    unsigned char* data;
    size_t n_bytes;
    unsigned char mark;
  };
  std::mt19937_64 random(1);
  {
    ScratchHeap heap(&scratch);
    std::vector<Piece> pieces;
    uint64_t n_most = 0;
    for (int i = 0; i < 60000; ++i) {
      if (pieces.size() > 3000 || (random() % 3 == 0 && !pieces.empty())) {
        std::swap(pieces[random() % pieces.size()], pieces.back());
        const Piece piece = pieces.back();
        pieces.pop_back();
        for (size_t b = 0; b < piece.n_bytes; b += 1 + piece.n_bytes / 16)
          ASSERT_EQ(piece.data[b], piece.mark);
        ASSERT_EQ(piece.data[piece.n_bytes - 1], piece.mark);
        ScratchHeap::Free(piece.data, piece.n_bytes);
        continue;
      }
      // Mostly small, some as large as a chunk and above.
      const size_t n_bytes = 1 + random() % (size_t{1} << (random() % 12 + (random() % 100 == 0 ? 9 : 0)));
      auto* const data = static_cast<unsigned char*>(heap.Allocate(n_bytes));
      ASSERT_EQ(reinterpret_cast<uintptr_t>(data) % 8, 0u);
      const auto mark = static_cast<unsigned char>(random());
      std::memset(data, mark, n_bytes);
      pieces.push_back({data, n_bytes, mark});
      n_most = std::max(n_most, scratch.n_anonymous_bytes() + scratch.n_file_bytes());
    }
    // What was given back is used again: 60000 pieces went through, 3000 were there at once.
    EXPECT_LT(n_most, 24 * kMiB);
    for (const Piece& piece : pieces) ScratchHeap::Free(piece.data, piece.n_bytes);
  }
  EXPECT_EQ(scratch.n_anonymous_bytes() + scratch.n_file_bytes(), 0u);
}

TEST(NamelessFileTest, IsMappedAsItWasWritten) {
  const TempDir folder;
  const TemporaryDirectoryIs here(folder.path());
  absl::StatusOr<NamelessFile> file = NamelessFile::Create();
  ASSERT_TRUE(file.ok()) << file.status();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    const std::string part(static_cast<size_t>(i) * 100, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(file->Write(part).ok());
    all += part;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  std::shared_ptr<const void> owner;
  const absl::StatusOr<std::string_view> mapped = file->Map(&owner);
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  file = absl::CancelledError("closed");
  EXPECT_EQ(*mapped, all);
}

}  // namespace
}  // namespace tok
