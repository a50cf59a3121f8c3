#include "src/train/pieces/cut_corpus.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "src/base/error_place.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/block_pipeline.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kPartBytes = size_t{1} << 20, kLeastPart = size_t{1} << 16;
constexpr uint64_t kPartsInBudget = 32;

class SinkPool {
 public:
  explicit SinkPool(const std::function<std::unique_ptr<PieceSink>()>& make_sink) : make_sink_(make_sink) {}

  std::unique_ptr<PieceSink> Take() {
    const std::lock_guard lock(mutex_);
    if (sinks_.empty()) return make_sink_();
    std::unique_ptr<PieceSink> sink = std::move(sinks_.back());
    sinks_.pop_back();
    return sink;
  }
  void Give(std::unique_ptr<PieceSink> sink) {
    const std::lock_guard lock(mutex_);
    status_.Update(sink->status());
    sinks_.push_back(std::move(sink));
  }
  std::vector<std::unique_ptr<PieceSink>> TakeAll() { return std::move(sinks_); }
  // Of the first sink that failed.
  absl::Status status() {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  const std::function<std::unique_ptr<PieceSink>()>& make_sink_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PieceSink>> sinks_;
  absl::Status status_;
};

class CorpusRun {
 public:
  CorpusRun(const PieceCutter& cutter, const CountPiecesOptions& options,
            const std::function<std::unique_ptr<PieceSink>()>& make_sink)
      : cutter_(cutter),
        options_(options),
        part_bytes_(options.n_memory_bytes == 0 ? kPartBytes
                                                : std::clamp<size_t>(options.n_memory_bytes / kPartsInBudget,
                                                                     kLeastPart, kPartBytes)),
        pool_(make_sink) {}

  absl::StatusOr<CutCorpusResult> Run(const std::vector<std::string>& inputs) {
    FileJobOptions job;
    job.split = options_.split;
    job.encode.utf8 = options_.utf8;
    job.encode.goes_on = options_.goes_on;
    job.n_threads = options_.n_threads;
    job.n_memory_bytes = options_.n_memory_bytes;
    job.progress = options_.progress;
    CutCorpusResult result;
    BlockCallbacks callbacks;
    callbacks.make_job = [] { return std::make_unique<BlockJob>(); };
    callbacks.work = [&](BlockJob* block) { CutBlock(block, 1); };
    callbacks.write = [&](BlockJob* block) -> absl::Status {
      for (const Document& document : block->documents.documents) result.n_bytes += document.text.size();
      result.n_documents += block->documents.documents.size();
      return pool_.status();
    };
    callbacks.write_large = [&](BlockJob* block, unsigned n_threads) {
      CutBlock(block, n_threads);
      return callbacks.write(block);
    };
    BlockReaderOptions reading;
    reading.long_text = LongText::kInFile;
    TOK_RETURN_IF_ERROR(RunBlocks(inputs, job, std::move(reading), callbacks));
    result.sinks = pool_.TakeAll();
    return result;
  }

 private:
  // Most documents are lines: those in a row that are not long share one sink.
  void CutBlock(BlockJob* job, unsigned n_threads) {
    const std::vector<Document>& documents = job->documents.documents;
    std::unique_ptr<PieceSink> sink;
    for (size_t d = 0; d < documents.size() && job->status.ok(); ++d) {
      const std::string_view text = documents[d].text;
      if (IsCutInParts(text, n_threads)) {
        if (sink != nullptr) pool_.Give(std::move(sink));
        job->status = CutInParts(text, n_threads);
      } else {
        if (sink == nullptr) sink = pool_.Take();
        job->status = Cut(text, sink.get());
      }
      if (!job->status.ok()) job->failed_document = d;
    }
    if (sink != nullptr) pool_.Give(std::move(sink));
  }

  absl::Status Cut(std::string_view text, PieceSink* sink) const {
    return cutter_.Cut(text, options_.utf8,
                       [sink](std::string_view rewritten, std::span<const PieceRange> pieces) {
                         sink->Add(rewritten, pieces);
                       });
  }

  bool IsLong(std::string_view text) const {
    return options_.n_memory_bytes > 0 && text.size() > options_.n_memory_bytes;
  }
  bool IsCutInParts(std::string_view text, unsigned n_threads) const {
    return (n_threads > 1 || IsLong(text)) && text.size() > 2 * part_bytes_;
  }

  absl::Status CutInParts(std::string_view text, unsigned n_threads) {
    std::vector<std::string_view> parts = {text};
    const bool is_invalid = FindInvalidUtf8(text) != std::string_view::npos;
    if (options_.utf8 == Utf8Policy::kBytes || !is_invalid) parts = cutter_.Parts(text, part_bytes_);
    // Who reports invalid bytes needs no copy; nor does who keeps them, perhaps.
    const bool is_repaired = is_invalid && options_.utf8 == Utf8Policy::kReplace;
    const bool is_refused = is_invalid && options_.utf8 == Utf8Policy::kError;
    if (IsLong(text) && parts.size() == 1 && !is_refused &&
        (is_repaired || !cutter_.CutsInPlace(text, is_invalid))) {
      return MakeError(ErrorCode::kLimit, BytePlace(0),
                       Concat("a document of ", text.size(), " bytes has to be rewritten as a whole"),
                       "raise --memory or split the input into smaller documents");
    }
    std::vector<absl::Status> statuses(parts.size());
    ParallelFor(parts.size(), n_threads, [&](size_t i) {
      std::unique_ptr<PieceSink> sink = pool_.Take();
      statuses[i] = Cut(parts[i], sink.get());
      pool_.Give(std::move(sink));
    });
    for (size_t i = 0; i < parts.size(); ++i) {
      if (const std::optional<ErrorAtByte> at = FindBytePlace(statuses[i])) {
        return MoveToByte(statuses[i], at->byte + static_cast<uint64_t>(parts[i].data() - text.data()));
      }
      TOK_RETURN_IF_ERROR(statuses[i]);
    }
    return absl::OkStatus();
  }

  const PieceCutter& cutter_;
  const CountPiecesOptions& options_;
  const size_t part_bytes_;
  SinkPool pool_;
};

}  // namespace

absl::StatusOr<CutCorpusResult> CutCorpus(const std::vector<std::string>& inputs, const PieceCutter& cutter,
                                          const CountPiecesOptions& options,
                                          const std::function<std::unique_ptr<PieceSink>()>& make_sink) {
  return CorpusRun(cutter, options, make_sink).Run(inputs);
}

}  // namespace tok
