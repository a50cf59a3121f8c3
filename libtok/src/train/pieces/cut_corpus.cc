#include "src/train/pieces/cut_corpus.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/encode/block_pipeline.h"
#include "src/train/pieces/document_cutting.h"

namespace tok {

absl::StatusOr<CutCorpusResult> CutCorpus(const std::vector<std::string>& inputs, const PieceCutter& cutter,
                                          const CountPiecesOptions& options, MakePieceSink make_sink) {
  DocumentCutting cutting(cutter, {options.utf8, options.n_memory_bytes, options.goes_on},
                          std::move(make_sink));
  FileJobOptions job;
  job.split = options.split;
  job.encode.utf8 = options.utf8;
  // By way of the one who asks for parts of documents: one thread at a time.
  if (options.goes_on) job.encode.goes_on = [&cutting] { return cutting.GoesOn(); };
  job.n_threads = options.n_threads;
  job.n_memory_bytes = options.n_memory_bytes;
  job.progress = options.progress;
  CutCorpusResult result;
  const auto cut = [&cutting](BlockJob* block, unsigned n_threads) {
    size_t failed = 0;
    block->status = cutting.Cut(block->documents.documents, n_threads, &failed);
    if (!block->status.ok()) block->failed_document = failed;
  };
  BlockCallbacks callbacks;
  callbacks.make_job = [] { return std::make_unique<BlockJob>(); };
  callbacks.work = [&](BlockJob* block) { cut(block, 1); };
  callbacks.write = [&](BlockJob* block) -> absl::Status {
    for (const Document& document : block->documents.documents) result.n_bytes += document.text.size();
    result.n_documents += block->documents.documents.size();
    return cutting.sink_status();
  };
  callbacks.write_large = [&](BlockJob* block, unsigned n_threads) {
    cut(block, n_threads);
    return callbacks.write(block);
  };
  BlockReaderOptions reading;
  reading.long_text = LongText::kInFile;
  TOK_RETURN_IF_ERROR(RunBlocks(inputs, job, std::move(reading), callbacks));
  result.sinks = cutting.TakeSinks();
  return result;
}

}  // namespace tok
