#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "src/base/error_place.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/encode/block_pipeline.h"
#include "src/train/pieces/counting_table.h"
#include "src/train/pieces/piece_cutter.h"
#include "src/train/pieces/piece_sums.h"
#include "src/unicode/utf8.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

constexpr size_t kPartBytes = size_t{1} << 20;

// Tables that wait for a thread to fill them.
class TablePool {
 public:
  std::unique_ptr<CountingTable> Take() {
    const std::lock_guard lock(mutex_);
    if (tables_.empty()) return std::make_unique<CountingTable>();
    std::unique_ptr<CountingTable> table = std::move(tables_.back());
    tables_.pop_back();
    return table;
  }
  void Give(std::unique_ptr<CountingTable> table) {
    const std::lock_guard lock(mutex_);
    tables_.push_back(std::move(table));
  }
  std::vector<std::unique_ptr<CountingTable>> TakeAll() { return std::move(tables_); }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<CountingTable>> tables_;
};

class Counter {
 public:
  Counter(const PieceCutter& cutter, const CountPiecesOptions& options)
      : cutter_(cutter), options_(options) {}

  absl::StatusOr<PieceCounts> Run(const std::vector<std::string>& inputs, PieceCounts::Origin origin) {
    FileJobOptions job;
    job.split = options_.split;
    job.encode.utf8 = options_.utf8;
    job.n_threads = options_.n_threads;
    job.n_memory_bytes = options_.n_memory_bytes;
    job.progress = options_.progress;
    BlockCallbacks callbacks;
    callbacks.make_job = [] { return std::make_unique<BlockJob>(); };
    callbacks.work = [&](BlockJob* block) { CountBlock(block, 1); };
    callbacks.write = [&](BlockJob* block) {
      for (const Document& document : block->documents.documents) origin.n_bytes += document.text.size();
      origin.n_documents += block->documents.documents.size();
      if (!options_.goes_on || options_.goes_on()) return absl::OkStatus();
      return MakeError(ErrorCode::kInterrupted, "counting pieces", "stopped before the end of the corpus");
    };
    callbacks.write_large = [&](BlockJob* block, unsigned n_threads) {
      CountBlock(block, n_threads);
      return callbacks.write(block);
    };
    TOK_RETURN_IF_ERROR(RunBlocks(inputs, job, {}, callbacks));
    return SumTables(pool_.TakeAll(), std::move(origin), options_.n_threads);
  }

 private:
  void CountBlock(BlockJob* job, unsigned n_threads) {
    const std::vector<Document>& documents = job->documents.documents;
    for (size_t d = 0; d < documents.size() && job->status.ok(); ++d) {
      job->status = CountDocument(documents[d].text, n_threads);
      if (!job->status.ok()) job->failed_document = d;
    }
  }

  absl::Status CountDocument(std::string_view text, unsigned n_threads) {
    const Utf8Policy utf8 = options_.utf8;
    std::vector<std::string_view> parts = {text};
    if (n_threads > 1 && text.size() > 2 * kPartBytes &&
        (utf8 == Utf8Policy::kBytes || FindInvalidUtf8(text) == std::string_view::npos)) {
      parts = cutter_.Parts(text, kPartBytes);
    }
    std::vector<absl::Status> statuses(parts.size());
    ParallelFor(parts.size(), n_threads, [&](size_t i) {
      std::unique_ptr<CountingTable> table = pool_.Take();
      statuses[i] =
          cutter_.Cut(parts[i], utf8, [&](std::string_view rewritten, std::span<const PieceRange> pieces) {
            table->Add(rewritten, pieces);
          });
      pool_.Give(std::move(table));
    });
    for (size_t i = 0; i < parts.size(); ++i) {
      const std::optional<ErrorAtByte> at = FindBytePlace(statuses[i]);
      if (at.has_value()) {
        return MoveToByte(statuses[i], at->byte + static_cast<uint64_t>(parts[i].data() - text.data()));
      }
      TOK_RETURN_IF_ERROR(statuses[i]);
    }
    return absl::OkStatus();
  }

  const PieceCutter& cutter_;
  const CountPiecesOptions& options_;
  TablePool pool_;
};

}  // namespace

absl::StatusOr<PieceCounts> CountPieces(const std::vector<std::string>& inputs, const PieceRules& rules,
                                        const CountPiecesOptions& options) {
  TOK_ASSIGN_OR_RETURN(const PieceCutter cutter, PieceCutter::Create(rules));
  PieceCounts::Origin origin;
  origin.rules = rules;
  origin.sequence_unit = options.split.Spelling();
  return Counter(cutter, options).Run(inputs, std::move(origin));
}

}  // namespace tok
