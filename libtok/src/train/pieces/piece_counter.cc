#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/pieces/document_cutting.h"
#include "src/train/pieces/piece_cutter.h"
#include "src/train/pieces/piece_tally.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

// Of text for one thread at a time: some milliseconds.
constexpr size_t kShareBytes = size_t{1} << 18;

// Documents in a row.
struct Share {
  std::vector<Document> documents;
  absl::Status status;
  size_t failed = 0;  // of them
};

std::vector<Share> SharesOf(std::span<const std::string_view> texts, uint64_t first) {
  std::vector<Share> shares;
  size_t n_bytes = kShareBytes;  // of the last one
  for (size_t i = 0; i < texts.size(); ++i) {
    if (n_bytes >= kShareBytes) {
      shares.emplace_back();
      n_bytes = 0;
    }
    shares.back().documents.push_back({.text = texts[i], .index = first + i});
    n_bytes += texts[i].size();
  }
  return shares;
}

}  // namespace

struct PieceCounter::Impl {
  Impl(PieceCutter given_cutter, std::unique_ptr<PieceTally> given_tally, PieceCounterOptions given_options)
      : cutter(std::move(given_cutter)),
        tally(std::move(given_tally)),
        options(std::move(given_options)),
        cutting(cutter, {options.utf8, tally->n_text_bytes(), options.goes_on},
                [this] { return tally->MakeSink(); }) {}

  const PieceCutter cutter;
  const std::unique_ptr<PieceTally> tally;
  const PieceCounterOptions options;
  DocumentCutting cutting;
  PieceCounts::Origin origin;
  absl::Status status;
};

absl::StatusOr<PieceCounter> PieceCounter::Create(const PieceRules& rules,
                                                  const PieceCounterOptions& options) {
  TOK_ASSIGN_OR_RETURN(PieceCutter cutter, PieceCutter::Create(rules));
  TOK_ASSIGN_OR_RETURN(std::unique_ptr<PieceTally> tally,
                       PieceTally::Create(options.n_memory_bytes, options.n_threads));
  PieceCounter counter(std::make_unique<Impl>(std::move(cutter), std::move(tally), options));
  counter.impl_->origin = {rules, options.sequence_unit};
  return counter;
}

PieceCounter::PieceCounter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PieceCounter::PieceCounter(PieceCounter&&) noexcept = default;
PieceCounter& PieceCounter::operator=(PieceCounter&&) noexcept = default;
PieceCounter::~PieceCounter() = default;

absl::Status PieceCounter::Add(std::span<const std::string_view> documents) {
  Impl& impl = *impl_;
  TOK_RETURN_IF_ERROR(impl.status);
  std::vector<Share> shares = SharesOf(documents, impl.origin.n_documents);
  std::atomic<bool> is_stopped{false};
  ParallelFor(shares.size(), impl.options.n_threads, [&](size_t i) {
    if (is_stopped || !impl.cutting.GoesOn()) {
      is_stopped = true;
      return;
    }
    const unsigned n_threads = impl.options.n_threads == 0 ? AvailableThreads() : impl.options.n_threads;
    shares[i].status = impl.cutting.Cut(shares[i].documents, n_threads, &shares[i].failed);
  });
  for (const Share& share : shares) {
    if (share.status.ok()) continue;
    return impl.status =
               AtPlace(Concat("document ", share.documents[share.failed].index), share.status);
  }
  if (is_stopped) {
    return impl.status = MakeError(ErrorCode::kInterrupted, Concat("document ", impl.origin.n_documents),
                                   "stopped while it was read");
  }
  impl.origin.n_documents += documents.size();
  for (const std::string_view document : documents) impl.origin.n_bytes += document.size();
  return impl.status = impl.cutting.sink_status();
}

absl::StatusOr<PieceCounts> PieceCounter::Finish() && {
  TOK_RETURN_IF_ERROR(impl_->status);
  return impl_->tally->Sum(impl_->cutting.TakeSinks(), std::move(impl_->origin));
}

}  // namespace tok
