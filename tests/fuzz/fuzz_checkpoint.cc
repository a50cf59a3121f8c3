// The checkpoint of a training. The input says how a valid one is damaged: edits of 4 bytes each, where (3 bytes) and what;
// checksums are made right, so that damage reaches the checks behind them. It gives an error, or a training that goes on.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "src/base/file.h"
#include "tests/fuzz/fuzz_util.h"
#include "tests/fuzz/image_checksums.h"
#include "tok/piece_counts.h"
#include "tok/train_bpe.h"

namespace {

constexpr uint32_t kTokensSoFar = 540, kTokens = 560;  // progress is asked every 256 merges

struct Training {
  tok::PieceCounts counts;
  tok::BpeTrainerOptions options;
  std::string checkpoint;  // the file
};

int MemoryFile(std::string_view content) {
  const int file = memfd_create("fuzz.tok", 0);
  TOK_FUZZ_CHECK(file >= 0 &&
                 write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  return file;
}

std::string PathOf(int file) { return "/proc/self/fd/" + std::to_string(file); }

tok::PieceCounts Count() {
  std::string lines;
  for (int i = 1; i < 400; ++i) lines += std::to_string(i) + "\tpiece" + std::to_string(i * i * i) + "\n";
  const int file = MemoryFile(lines);
  auto counts = tok::ReadPieceCountsTsv({PathOf(file)}, {*tok::ByteLevelRules("gpt2"), "file"});
  TOK_FUZZ_CHECK(counts.ok());
  close(file);
  return *std::move(counts);
}

// As if it had been stopped when it had kTokensSoFar.
Training Begin() {
  Training training{Count(), {.vocab_size = kTokens, .n_threads = 1}, ""};
  tok::BpeTrainerOptions options = training.options;
  std::string job;
  options.progress = [&job](const tok::MergeProgress& progress) {
    const absl::StatusOr<tok::TrainingCheckpoint> checkpoint = progress.checkpoint();
    TOK_FUZZ_CHECK(checkpoint.ok());
    job = checkpoint->job;
    return false;
  };
  TOK_FUZZ_CHECK(!tok::TrainBpe(training.counts, options).ok() && !job.empty());
  absl::StatusOr<tok::BpeTraining> part =
      tok::TrainBpe(training.counts, {.vocab_size = kTokensSoFar, .n_threads = 1});
  TOK_FUZZ_CHECK(part.ok());
  // Beside a file in memory there is no room for the one that an atomic writer makes first: in a folder of its own.
  char folder[] = "/tmp/tok_fuzz_XXXXXX";
  TOK_FUZZ_CHECK(mkdtemp(folder) != nullptr);
  const std::string path = std::string(folder) + "/checkpoint.tok";
  TOK_FUZZ_CHECK(tok::WriteCheckpoint({std::move(part->spec), {part->report}, job}, path).ok());
  const auto mapped = tok::MappedFile::Open(path);
  TOK_FUZZ_CHECK(mapped.ok());
  training.checkpoint = std::string((*mapped)->bytes());
  unlink(path.c_str());
  rmdir(folder);
  return training;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Training kTraining = Begin();
  std::string content = kTraining.checkpoint;
  tok::FuzzInput edits(data, size);
  while (!edits.rest().empty()) {
    size_t place = 0;
    for (int i = 0; i < 3; ++i) place = place << 8 | edits.TakeByte();
    content[place % content.size()] = static_cast<char>(edits.TakeByte());
  }
  tok::RepairChecksums(&content);
  const int file = MemoryFile(content);
  absl::StatusOr<tok::TrainingCheckpoint> checkpoint = tok::ReadCheckpoint(PathOf(file));
  close(file);
  if (!checkpoint.ok()) {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(checkpoint.status()) != tok::ErrorCode::kInternal);
    return 0;
  }
  tok::BpeTrainerOptions options = kTraining.options;
  options.resume = *std::move(checkpoint);
  const absl::StatusOr<tok::BpeTraining> trained = tok::TrainBpe(kTraining.counts, options);
  TOK_FUZZ_CHECK(trained.ok() ? trained->spec.vocabulary.size() == kTokens
                              : tok::ErrorCodeOf(trained.status()) != tok::ErrorCode::kInternal);
  return 0;
}
