// Piece counts, as a .pieces file (first byte even; checksums made right, so that damage reaches the checks behind them) or as
// text: any bytes give an error or counts that can be written, read, merged and trained from.
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/fuzz/fuzz_util.h"
#include "tests/fuzz/image_checksums.h"
#include "tok/piece_counts.h"
#include "tok/train_bpe.h"

namespace {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : file_(memfd_create("fuzz.pieces", 0)) {
    TOK_FUZZ_CHECK(file_ >= 0);
    TOK_FUZZ_CHECK(write(file_, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  const int file_;
};

void CheckSame(const tok::PieceCounts& a, const tok::PieceCounts& b) {
  TOK_FUZZ_CHECK(a.n_unique() == b.n_unique());
  for (size_t i = 0; i < a.n_unique(); ++i) {
    TOK_FUZZ_CHECK(a[i].bytes == b[i].bytes && a[i].count == b[i].count && a[i].count > 0);
    TOK_FUZZ_CHECK(!a[i].bytes.empty() && (i == 0 || a[i - 1].bytes < a[i].bytes));
  }
}

void Exercise(const tok::PieceCounts& counts) {
  std::string lines;
  for (size_t i = counts.n_unique(); i > 0; --i) {
    lines += std::to_string(counts[i - 1].count) + "\t" + tok::EscapePiece(counts[i - 1].bytes) + "\n";
  }
  const MemoryFile text(lines);
  const auto read = tok::ReadPieceCountsTsv({text.path()}, counts.origin());
  TOK_FUZZ_CHECK(read.ok());
  CheckSame(counts, *read);
  const auto merged = tok::MergePieceCounts(std::vector{counts});
  TOK_FUZZ_CHECK(merged.ok());
  CheckSame(counts, *merged);
  const auto trained = tok::TrainBpe(counts, {.vocab_size = 300, .n_threads = 1});
  TOK_FUZZ_CHECK(trained.ok() || tok::ErrorCodeOf(trained.status()) != tok::ErrorCode::kInternal);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  const bool is_text = input.TakeByte() % 2 == 1;
  std::string content(input.rest());
  if (!is_text) tok::RepairChecksums(&content);
  const MemoryFile file(content);
  const auto counts =
      is_text ? tok::ReadPieceCountsTsv({file.path()}, {}) : tok::ReadPieceCounts(file.path());
  if (counts.ok()) {
    Exercise(*counts);
  } else {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(counts.status()) != tok::ErrorCode::kInternal);
  }
  return 0;
}
