#include "src/train/pieces/cut_corpus.h"

#include <mutex>
#include <optional>
#include <utility>

#include "src/base/error_place.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/encode/block_pipeline.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kPartBytes = size_t{1} << 20;

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
    sinks_.push_back(std::move(sink));
  }
  std::vector<std::unique_ptr<PieceSink>> TakeAll() { return std::move(sinks_); }

 private:
  const std::function<std::unique_ptr<PieceSink>()>& make_sink_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PieceSink>> sinks_;
};

class CorpusRun {
 public:
  CorpusRun(const PieceCutter& cutter, const CountPiecesOptions& options,
            const std::function<std::unique_ptr<PieceSink>()>& make_sink)
      : cutter_(cutter), options_(options), pool_(make_sink) {}

  absl::StatusOr<CutCorpusResult> Run(const std::vector<std::string>& inputs) {
    FileJobOptions job;
    job.split = options_.split;
    job.encode.utf8 = options_.utf8;
    job.n_threads = options_.n_threads;
    job.n_memory_bytes = options_.n_memory_bytes;
    job.progress = options_.progress;
    CutCorpusResult result;
    BlockCallbacks callbacks;
    callbacks.make_job = [] { return std::make_unique<BlockJob>(); };
    callbacks.work = [&](BlockJob* block) { CutBlock(block, 1); };
    callbacks.write = [&](BlockJob* block) {
      for (const Document& document : block->documents.documents) result.n_bytes += document.text.size();
      result.n_documents += block->documents.documents.size();
      if (!options_.goes_on || options_.goes_on()) return absl::OkStatus();
      return MakeError(ErrorCode::kInterrupted, "reading the corpus", "stopped before its end");
    };
    callbacks.write_large = [&](BlockJob* block, unsigned n_threads) {
      CutBlock(block, n_threads);
      return callbacks.write(block);
    };
    TOK_RETURN_IF_ERROR(RunBlocks(inputs, job, {}, callbacks));
    result.sinks = pool_.TakeAll();
    for (const auto& sink : result.sinks) TOK_RETURN_IF_ERROR(sink->status());
    return result;
  }

 private:
  void CutBlock(BlockJob* job, unsigned n_threads) {
    const std::vector<Document>& documents = job->documents.documents;
    for (size_t d = 0; d < documents.size() && job->status.ok(); ++d) {
      job->status = CutDocument(documents[d].text, n_threads);
      if (!job->status.ok()) job->failed_document = d;
    }
  }

  absl::Status CutDocument(std::string_view text, unsigned n_threads) {
    std::vector<std::string_view> parts = {text};
    if (n_threads > 1 && text.size() > 2 * kPartBytes &&
        (options_.utf8 == Utf8Policy::kBytes || FindInvalidUtf8(text) == std::string_view::npos)) {
      parts = cutter_.Parts(text, kPartBytes);
    }
    std::vector<absl::Status> statuses(parts.size());
    ParallelFor(parts.size(), n_threads, [&](size_t i) {
      std::unique_ptr<PieceSink> sink = pool_.Take();
      statuses[i] = cutter_.Cut(parts[i], options_.utf8,
                                [&](std::string_view rewritten, std::span<const PieceRange> pieces) {
                                  sink->Add(rewritten, pieces);
                                });
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
  SinkPool pool_;
};

}  // namespace

absl::StatusOr<CutCorpusResult> CutCorpus(const std::vector<std::string>& inputs, const PieceCutter& cutter,
                                          const CountPiecesOptions& options,
                                          const std::function<std::unique_ptr<PieceSink>()>& make_sink) {
  return CorpusRun(cutter, options, make_sink).Run(inputs);
}

}  // namespace tok
