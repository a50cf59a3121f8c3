// One document by several threads, its ids handed out in parts while it goes on.
#include <deque>
#include <mutex>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/encode/document_jobs.h"

namespace tok {

absl::Status TokenizerImpl::EncodeInParts(std::string_view document, const EncodeOptions& options,
                                          unsigned n_threads, size_t n_parts_at_once,
                                          const IdPartsSink& sink) const {
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  if (document.size() < kLongDocument || !CutsExactly(document, options, n_threads)) {
    std::vector<TokenId> ids;
    EncodeOutput output{&ids};
    TOK_RETURN_IF_ERROR(EncodeDocument(document, options, &output));
    return sink(std::span(&ids, 1));
  }
  struct Part {
    std::vector<TokenId> ids;
    absl::Status status;
  };
  JobSource source(*this, document, options);
  std::mutex mutex;  // of source, found and the number of parts
  std::deque<Part> parts;
  absl::StatusOr<bool> found = true;
  // Looking for the next job takes the time of several threads' encoding: it is done beside it.
  const auto begin_part = [&](Job* job) -> Part* {
    const std::lock_guard<std::mutex> lock(mutex);
    if (parts.size() >= n_parts_at_once || !found.ok() || !*found) return nullptr;
    found = source.Next(job);
    if (job->empty()) return nullptr;
    return &parts.emplace_back();
  };
  std::vector<std::vector<TokenId>> ids;
  while (found.ok() && *found) {
    parts.clear();
    ParallelFor(n_threads == 0 ? AvailableThreads() : n_threads, n_threads, [&](size_t) {
      Job job;
      while (Part* const part = begin_part(&job))
        part->status = EncodeJob(document, job, options, &part->ids);
    });
    ids.clear();
    for (Part& part : parts) {
      TOK_RETURN_IF_ERROR(part.status);
      ids.push_back(std::move(part.ids));
    }
    TOK_RETURN_IF_ERROR(sink(ids));
    TOK_RETURN_IF_ERROR(AskWhetherToGoOn(options));
    TOK_RETURN_IF_ERROR(found.status());  // lies behind all of these parts
  }
  return absl::OkStatus();
}

}  // namespace tok
