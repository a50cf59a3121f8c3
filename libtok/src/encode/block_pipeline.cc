#include "src/encode/block_pipeline.h"

#include <algorithm>
#include <atomic>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr uint64_t kDefaultMemory = uint64_t{1} << 30;
constexpr size_t kMinBlock = size_t{1} << 14;
constexpr size_t kMaxSharedBlock = size_t{1} << 20;  // larger ones are few, so that they fit the budget
// Text, ids (up to 4 bytes for each byte of text) and their formatted form (up to 8).
constexpr uint64_t kBytesPerTextByte = 12;
constexpr uint64_t kMaxLarge = uint64_t{8} << 20;
// Text is seldom packed more tightly; what is turns out too large when it is read.
constexpr uint64_t kBytesPerPackedByte = 8;
constexpr size_t kJobsPerThread = 3;
constexpr size_t kMinBatches = 4;
// Blocks end with the document that reaches their size: this part of the budget is for what lies behind.
constexpr uint64_t kLastDocumentShare = 8;
constexpr uint64_t kPartBytes = uint64_t{1} << 20;
constexpr uint64_t kPartsPerThread = 8;

// Of text that may be in flight at once.
uint64_t TextBudget(const FileJobOptions& options) {
  return (options.n_memory_bytes == 0 ? kDefaultMemory : options.n_memory_bytes) / kBytesPerTextByte;
}

// What a block will take, as far as its file tells; 0 for what cannot be told.
uint64_t ExpectedBytes(const TextBlock& block) {
  if (!block.is_deferred) return block.bytes.size();
  return block.n_bytes_on_disk * (block.is_compressed ? kBytesPerPackedByte : 1);
}

class Runner {
 public:
  Runner(const std::vector<std::string>& inputs, const FileJobOptions& options,
         BlockReaderOptions reader_options, const BlockCallbacks& callbacks)
      : inputs_(inputs),
        options_(options),
        callbacks_(callbacks),
        n_threads_(options.n_threads == 0 ? AvailableThreads() : options.n_threads),
        text_budget_(TextBudget(options)),
        n_jobs_(JobsAtOnce(reader_options.n_block_bytes)),
        block_bytes_(BlockBytes(reader_options.n_block_bytes)),
        large_bytes_(LargeBytes()),
        reader_options_(Fit(std::move(reader_options))),
        reader_(inputs, options.split, reader_options_) {}

  absl::Status Run() {
    if (options_.progress != nullptr) {
      options_.progress->n_bytes_read = 0;  // an earlier job's, perhaps
      options_.progress->n_bytes_total = reader_.n_bytes_total();
    }
    using Kind = PipelineStage::Kind;
    const auto stage = [](Kind kind, auto run) {
      return PipelineStage{kind, [run](PipelineItem* item) { run(static_cast<BlockJob*>(item)); }};
    };
    const std::vector<PipelineStage> stages = {
        stage(Kind::kParallel, [this](BlockJob* job) { Work(job); }),
        stage(Kind::kSerialInOrder, [this](BlockJob* job) { Number(job); }),
        stage(Kind::kParallel, [this](BlockJob* job) { Format(job); }),
        stage(Kind::kSerialInOrder, [this](BlockJob* job) { Write(job); })};
    // Again for the block that had to wait until all before it was written.
    do {
      RunPipeline(
          n_threads_, n_jobs_, [this] { return Produce(); }, stages);
    } while (waiting_ != nullptr && !has_failed_.load());
    // Writing lags behind numbering: its error is about an earlier block.
    return write_error_.ok() ? first_error_ : write_error_;
  }

 private:
  size_t JobsAtOnce(size_t n_block_bytes) const {
    const size_t n_jobs = kJobsPerThread * size_t{n_threads_};
    if (n_block_bytes <= kMaxSharedBlock) return n_jobs;
    const uint64_t n_fit = (text_budget_ - text_budget_ / kLastDocumentShare) / n_block_bytes;
    return static_cast<size_t>(std::clamp<uint64_t>(n_fit, kMinBatches, std::max(n_jobs, kMinBatches)));
  }
  size_t BlockBytes(size_t n_block_bytes) const {
    uint64_t share = text_budget_ / n_jobs_;
    if (n_block_bytes > kMaxSharedBlock) share -= share / kLastDocumentShare;
    return static_cast<size_t>(
        std::clamp<uint64_t>(share, kMinBlock, std::max<uint64_t>(n_block_bytes, kMinBlock)));
  }

  // Above this a block is worked on by itself, which is no loss for documents that go in parts.
  uint64_t LargeBytes() const {
    const uint64_t min_large = std::max<uint64_t>(kParallelDocument, 2 * block_bytes_);
    const auto share =
        std::clamp<uint64_t>(text_budget_ / n_jobs_, min_large, std::max(kMaxLarge, min_large));
    return std::min(share, text_budget_);
  }

  BlockReaderOptions Fit(BlockReaderOptions reader) const {
    reader.n_block_bytes = block_bytes_;
    reader.n_max_document_bytes = options_.n_memory_bytes;
    return reader;
  }

  // The next block, unless it does not fit beside those in flight: then nothing, which ends the pipeline.
  std::unique_ptr<BlockJob> Produce() {
    if (has_failed_.load(std::memory_order_relaxed)) return nullptr;
    if (waiting_ == nullptr) waiting_ = Read();
    if (waiting_ == nullptr) return nullptr;
    const uint64_t n_in_flight = n_bytes_in_flight_.load();
    if (n_in_flight > 0 && n_in_flight + waiting_->n_bytes_in_flight > text_budget_) return nullptr;
    n_bytes_in_flight_ += waiting_->n_bytes_in_flight;
    return std::move(waiting_);
  }

  std::unique_ptr<BlockJob> Read() {
    if (stopped_) return nullptr;
    std::unique_ptr<BlockJob> job = callbacks_.make_job();
    const absl::StatusOr<bool> found = reader_.Next(&job->block);
    if (options_.progress != nullptr) options_.progress->n_bytes_read = reader_.n_bytes_read();
    stopped_ = !found.ok() || !*found;
    if (!found.ok()) {
      job->status = found.status();
      return job;
    }
    if (!*found) return nullptr;
    const uint64_t n_bytes = ExpectedBytes(job->block);
    // A pipe, whose size nobody knows, can be read only once: it may not turn out too large.
    job->is_large = n_bytes > large_bytes_ || (job->block.is_deferred && n_bytes == 0);
    job->is_skipped = callbacks_.skips_shard && callbacks_.skips_shard(job->block.shard);
    job->n_bytes_in_flight = IsLeftForWrite(*job) ? 0 : n_bytes;
    return job;
  }

  // Read when all before it is written, so that only one such block is in memory.
  static bool IsLeftForWrite(const BlockJob& job) { return job.is_large && job.block.is_deferred; }

  void Work(BlockJob* job) {
    if (IsLeftForWrite(*job) || !Prepare(job) || job->is_skipped || job->is_large) return;
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
    if (job->block.is_deferred && !LoadShared(job)) return false;
    SplitBlock(job->block, options_.split, options_.encode.utf8, &job->documents);
    if (options_.n_memory_bytes != 0 && !IsLongAllowed()) CheckDocumentSizes(&job->documents);
    return true;
  }

  // Documents that are parts of the file are views into it. Those of JSON lines are copied.
  bool IsLongAllowed() const {
    return reader_options_.long_text == LongText::kInFile &&
           options_.split.kind != DocumentSplit::Kind::kJsonl;
  }

  // False if the block cannot be read, or has to be read by itself because it is larger than its file promised.
  bool LoadShared(BlockJob* job) const {
    job->status = LoadBlock(inputs_[job->block.file], large_bytes_, &job->block);
    if (ErrorCodeOf(job->status) == ErrorCode::kLimit) {
      job->status = absl::OkStatus();
      job->block.is_deferred = job->is_large = true;
    }
    return job->status.ok() && !job->is_large;
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
    // A block that is not read yet is a whole file, whose lines nobody counts.
    const bool is_one = IsLeftForWrite(*job) && !job->is_skipped;
    n_documents_ += is_one ? 1 : job->documents.documents.size();
    n_lines_ += job->documents.n_lines;
  }

  void Format(BlockJob* job) {
    if (job->is_valid && !job->is_skipped && !job->is_large && callbacks_.format) callbacks_.format(job);
  }

  void Write(BlockJob* job) {
    if (job->is_valid && !job->is_skipped && write_error_.ok()) {
      write_error_ = job->is_large ? WriteLarge(job) : callbacks_.write(job);
      if (write_error_.ok() && options_.encode.goes_on && !options_.encode.goes_on()) {
        write_error_ = MakeError(ErrorCode::kInterrupted, InputName(inputs_[job->block.file]),
                                 "stopped while it was read");
      }
      if (!write_error_.ok()) has_failed_.store(true, std::memory_order_relaxed);
    }
    // Not when the item is deleted: the next block, perhaps a large one, is read before that.
    job->documents = BlockDocuments{};
    job->block.owner.reset();
    n_bytes_in_flight_ -= job->n_bytes_in_flight;
  }

  absl::Status WriteLarge(BlockJob* job) const {
    if (job->block.is_deferred) {
      TOK_RETURN_IF_ERROR(LoadBlock(inputs_[job->block.file], options_.n_memory_bytes, &job->block,
                                    reader_options_.long_text));
      SplitBlock(job->block, options_.split, options_.encode.utf8, &job->documents);
    }
    TOK_RETURN_IF_ERROR(callbacks_.write_large(job, n_threads_));
    return job->status.ok() ? absl::OkStatus() : ErrorOf(*job);
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
  const uint64_t text_budget_;
  const size_t n_jobs_, block_bytes_;
  const uint64_t large_bytes_;
  const BlockReaderOptions reader_options_;
  BlockReader reader_;
  // Producer only.
  bool stopped_ = false;
  std::unique_ptr<BlockJob> waiting_;  // read, but did not fit
  std::atomic<uint64_t> n_bytes_in_flight_{0};

  std::atomic<bool> has_failed_{false};
  // Numbering only, until the run is over.
  absl::Status first_error_;
  size_t file_ = 0;
  uint64_t n_lines_ = 0, n_documents_ = 0;
  uint32_t last_skipped_shard_ = UINT32_MAX;
  absl::Status write_error_;  // writing only
};

}  // namespace

size_t PartsAtOnce(const FileJobOptions& options, unsigned n_threads) {
  return static_cast<size_t>(
      std::clamp<uint64_t>(TextBudget(options) / kPartBytes, 1, kPartsPerThread * n_threads));
}

absl::Status RunBlocks(const std::vector<std::string>& inputs, const FileJobOptions& options,
                       BlockReaderOptions reader_options, const BlockCallbacks& callbacks) {
  return Runner(inputs, options, std::move(reader_options), callbacks).Run();
}

}  // namespace tok
