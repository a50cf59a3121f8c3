#include "src/encode/block_pipeline.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "src/base/parallel.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr uint64_t kDefaultMemory = uint64_t{1} << 30;
constexpr size_t kMinBlock = size_t{1} << 14;
constexpr size_t kMaxBlock = size_t{1} << 20;
// Text, ids (up to 4 bytes for each byte of text) and their formatted form (up to 8).
constexpr uint64_t kBytesPerTextByte = 12;
constexpr uint64_t kLargePlain = uint64_t{8} << 20;
constexpr uint64_t kLargeCompressed = uint64_t{2} << 20;
constexpr size_t kJobsPerThread = 3;

bool IsLarge(const TextBlock& block) {
  if (!block.is_deferred) return block.bytes.size() > kLargePlain;
  return block.n_bytes_on_disk > (block.is_compressed ? kLargeCompressed : kLargePlain);
}

class Runner {
 public:
  Runner(const std::vector<std::string>& inputs, const FileJobOptions& options,
         BlockReaderOptions reader_options, const BlockCallbacks& callbacks)
      : inputs_(inputs),
        options_(options),
        callbacks_(callbacks),
        n_threads_(options.n_threads == 0 ? AvailableThreads() : options.n_threads),
        reader_options_(Fit(std::move(reader_options))),
        reader_(inputs, options.split, reader_options_) {}

  absl::Status Run() {
    if (options_.progress != nullptr) options_.progress->n_bytes_total = reader_.n_bytes_total();
    using Kind = PipelineStage::Kind;
    const auto stage = [](Kind kind, auto run) {
      return PipelineStage{kind, [run](PipelineItem* item) { run(static_cast<BlockJob*>(item)); }};
    };
    RunPipeline(n_threads_, kJobsPerThread * n_threads_, [this] { return Produce(); },
                {stage(Kind::kParallel, [this](BlockJob* job) { Work(job); }),
                 stage(Kind::kSerialInOrder, [this](BlockJob* job) { Number(job); }),
                 stage(Kind::kParallel, [this](BlockJob* job) { Format(job); }),
                 stage(Kind::kSerialInOrder, [this](BlockJob* job) { Write(job); })});
    // Writing lags behind numbering: its error is about an earlier block.
    return write_error_.ok() ? first_error_ : write_error_;
  }

 private:
  BlockReaderOptions Fit(BlockReaderOptions reader) const {
    const uint64_t memory = options_.n_memory_bytes == 0 ? kDefaultMemory : options_.n_memory_bytes;
    const uint64_t n_jobs = kJobsPerThread * uint64_t{n_threads_};
    reader.n_block_bytes = static_cast<size_t>(
        std::clamp<uint64_t>(memory / (n_jobs * kBytesPerTextByte), kMinBlock, kMaxBlock));
    reader.n_max_document_bytes = options_.n_memory_bytes;
    return reader;
  }

  std::unique_ptr<BlockJob> Produce() {
    if (stopped_ || has_failed_.load(std::memory_order_relaxed)) return nullptr;
    std::unique_ptr<BlockJob> job = callbacks_.make_job();
    const absl::StatusOr<bool> found = reader_.Next(&job->block);
    if (options_.progress != nullptr) options_.progress->n_bytes_read = reader_.n_bytes_read();
    stopped_ = !found.ok() || !*found;
    if (!found.ok()) {
      job->status = found.status();
      return job;
    }
    if (!*found) return nullptr;
    job->is_large = IsLarge(job->block);
    job->is_skipped = callbacks_.skips_shard && callbacks_.skips_shard(job->block.shard);
    return job;
  }

  void Work(BlockJob* job) {
    if (job->is_large || !Prepare(job) || job->is_skipped) return;
    callbacks_.work(job);
  }

  // Reads and splits the block. False if there is nothing to work on.
  bool Prepare(BlockJob* job) {
    if (!job->status.ok() || has_failed_.load(std::memory_order_relaxed)) return false;
    if (job->is_skipped) {
      job->documents.n_lines =
          static_cast<uint64_t>(std::count(job->block.bytes.begin(), job->block.bytes.end(), '\n'));
      return true;
    }
    job->status = LoadBlock(inputs_[job->block.file], options_.n_memory_bytes, &job->block);
    if (!job->status.ok()) return false;
    SplitBlock(job->block, options_.split, &job->documents);
    if (options_.n_memory_bytes != 0) CheckDocumentSizes(&job->documents);
    return true;
  }

  // A document above the budget fails like a malformed one: those before it are still encoded.
  void CheckDocumentSizes(BlockDocuments* documents) const {
    for (size_t d = 0; d < documents->documents.size(); ++d) {
      const Document& document = documents->documents[d];
      if (document.text.size() <= options_.n_memory_bytes) continue;
      documents->error =
          MakeError(ErrorCode::kLimit, Concat("byte ", document.byte_begin),
                    Concat("a document of ", document.text.size(), " bytes is longer than the memory budget"),
                    "raise --memory or split the input into smaller documents");
      documents->error_line = document.line;
      documents->documents.resize(d);
    }
  }

  void Number(BlockJob* job) {
    if (has_failed_.load(std::memory_order_relaxed)) {
      job->is_valid = false;
      return;
    }
    if (job->is_large) Prepare(job);
    if (job->block.file != file_) {
      file_ = job->block.file;
      n_lines_ = 0;
    }
    if (job->is_skipped) {
      if (callbacks_.n_documents_of_shard && job->block.shard != last_skipped_shard_) {
        n_documents_ += callbacks_.n_documents_of_shard(job->block.shard);
      }
      last_skipped_shard_ = job->block.shard;
    }
    job->first_line = n_lines_;
    first_error_ = ErrorOf(*job);
    // The documents of this block before the one that failed are good: what is written does not depend on how the
    // input was cut into blocks.
    if (!first_error_.ok()) has_failed_.store(true, std::memory_order_relaxed);
    job->first_document = n_documents_;
    n_documents_ += job->documents.documents.size();
    n_lines_ += job->documents.n_lines;
  }

  void Format(BlockJob* job) {
    if (job->is_valid && !job->is_skipped && !job->is_large && callbacks_.format) callbacks_.format(job);
  }

  void Write(BlockJob* job) {
    if (!job->is_valid || job->is_skipped || !write_error_.ok()) return;
    if (job->is_large) {
      write_error_ = callbacks_.write_large(job, n_threads_);
      if (write_error_.ok() && !job->status.ok()) write_error_ = ErrorOf(*job);
    } else {
      write_error_ = callbacks_.write(job);
    }
    if (!write_error_.ok()) has_failed_.store(true, std::memory_order_relaxed);
  }

  // The error of a job with its place in the file.
  absl::Status ErrorOf(const BlockJob& job) const {
    if (!job.status.ok() && job.failed_document == SIZE_MAX) return job.status;
    if (job.status.ok() && job.documents.error.ok()) return absl::OkStatus();
    const std::string& path = inputs_[job.block.file];
    if (job.status.ok()) {
      return AtPlace(Concat(InputName(path), ":", job.first_line + job.documents.error_line),
                     job.documents.error);
    }
    Document failed = job.documents.documents[job.failed_document];
    failed.line += job.first_line;
    return AtDocument(path, options_.split, failed, job.status);
  }

  const std::vector<std::string>& inputs_;
  const FileJobOptions& options_;
  const BlockCallbacks& callbacks_;
  const unsigned n_threads_;
  const BlockReaderOptions reader_options_;
  BlockReader reader_;
  bool stopped_ = false;  // producer only

  std::atomic<bool> has_failed_{false};
  // Numbering only, until the run is over.
  absl::Status first_error_;
  size_t file_ = 0;
  uint64_t n_lines_ = 0, n_documents_ = 0;
  uint32_t last_skipped_shard_ = UINT32_MAX;
  absl::Status write_error_;  // writing only
};

}  // namespace

absl::Status RunBlocks(const std::vector<std::string>& inputs, const FileJobOptions& options,
                       BlockReaderOptions reader_options, const BlockCallbacks& callbacks) {
  return Runner(inputs, options, std::move(reader_options), callbacks).Run();
}

}  // namespace tok
