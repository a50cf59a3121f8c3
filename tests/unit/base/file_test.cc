// What a reader sees is what is there; what a writer leaves is all or nothing.
#include "src/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "tests/support/temp_dir.h"
#include "tok/output.h"

namespace tok {
namespace {

TEST(MappedFileTest, ShowsTheBytes) {
  const TempDir dir;
  const auto file = MappedFile::Open(dir.Write("a", std::string_view("x\0y\n", 4)));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->bytes(), std::string_view("x\0y\n", 4));
}

TEST(MappedFileTest, EmptyFileAndPipeWork) {
  const TempDir dir;
  const auto empty = MappedFile::Open(dir.Write("a", ""));
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_EQ((*empty)->bytes(), "");
  ASSERT_EQ(mkfifo(dir.File("fifo").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(dir.File("fifo")) << std::string(500000, 'p'); });
  const auto pipe = MappedFile::Open(dir.File("fifo"));
  writer.join();
  ASSERT_TRUE(pipe.ok()) << pipe.status();
  EXPECT_EQ((*pipe)->bytes(), std::string(500000, 'p'));
}

TEST(MappedFileTest, MissingFilesAndDirectoriesAreNamed) {
  const TempDir dir;
  const std::string missing = dir.File("no");
  EXPECT_EQ(MappedFile::Open(missing).status().message(),
            "TOK-E001 " + missing + ": no such file; check the path");
  EXPECT_EQ(ErrorCodeOf(MappedFile::Open(dir.path()).status()), ErrorCode::kUnreadable);
}

TEST(ReadFileTest, ReadsPlainFilesOfAnySize) {
  const TempDir dir;
  for (const size_t size : {0u, 1u, 262143u, 262144u, 262145u, 3000000u}) {
    std::string content(size, 'a');
    for (size_t i = 0; i < size; i += 7) content[i] = static_cast<char>(i);
    const auto read = ReadFile(dir.Write("a", content));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, content) << size;
  }
}

TEST(ReadFileTest, BoundIsOnTheResult) {
  const TempDir dir;
  const std::string path = dir.Write("a", std::string(1000, 'a'));
  EXPECT_TRUE(ReadFile(path, 1000).ok());
  EXPECT_EQ(ErrorCodeOf(ReadFile(path, 999).status()), ErrorCode::kLimit);
}

TEST(AtomicFileTest, NothingIsVisibleBeforeCommit) {
  const TempDir dir;
  const std::string path = dir.Write("out", "old");
  {
    auto file = AtomicFile::Create(path);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Write(std::string(1000000, 'n')).ok());
    EXPECT_EQ(Slurp(path), "old");
    EXPECT_EQ(dir.CountFiles(), 2u);
  }
  EXPECT_EQ(Slurp(path), "old");
  EXPECT_EQ(dir.CountFiles(), 1u) << "an abandoned writer leaves its temporary file";
}

TEST(AtomicFileTest, CommitReplacesContentAndKeepsPermissions) {
  const TempDir dir;
  const std::string path = dir.Write("out", "old");
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  auto file = AtomicFile::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string part(static_cast<size_t>(i), static_cast<char>('a' + i % 26));
    ASSERT_TRUE((*file)->Write(part).ok());
    expected += part;
  }
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Slurp(path), expected);
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0640));
  EXPECT_EQ(dir.CountFiles(), 1u);
}

TEST(AtomicFileTest, WritesThroughSymbolicLinks) {
  const TempDir dir;
  const std::string target = dir.Write("target", "old");
  std::filesystem::create_symlink("target", dir.File("link"));
  ASSERT_TRUE(WriteFileAtomically(dir.File("link"), "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(dir.File("link")));
  EXPECT_EQ(Slurp(target), "new");
}

TEST(AtomicFileTest, DevicesAreWrittenNotReplaced) {
  ASSERT_TRUE(WriteFileAtomically("/dev/null", "gone").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  if (std::filesystem::exists("/dev/full")) {
    const absl::Status full = WriteFileAtomically("/dev/full", "x");
    EXPECT_EQ(ErrorCodeOf(full), ErrorCode::kWriteFailed);
    EXPECT_NE(std::string(full.message()).find("disk is full"), std::string::npos) << full;
  }
}

TEST(AtomicFileTest, RefusesDirectoriesAndMissingParents) {
  const TempDir dir;
  EXPECT_EQ(ErrorCodeOf(WriteFileAtomically(dir.path(), "x")), ErrorCode::kWriteFailed);
  EXPECT_EQ(ErrorCodeOf(WriteFileAtomically(dir.File("no/such"), "x")), ErrorCode::kWriteFailed);
}

TEST(AtomicFileTest, InterruptRemovesWhatIsUncommitted) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileAtomically(dir.File("done"), "x").ok());
  auto first = AtomicFile::Create(dir.File("a"));
  auto second = AtomicFile::Create(dir.File("b"));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(dir.CountFiles(), 3u);
  RemoveTemporaryFiles();
  EXPECT_EQ(dir.CountFiles(), 1u);
  EXPECT_EQ(Slurp(dir.File("done")), "x");
}

}  // namespace
}  // namespace tok
