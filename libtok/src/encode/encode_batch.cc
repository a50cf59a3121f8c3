// Many documents on many threads: ids of all of them, one after the other.
//
// Model: threads take up parts in order, each some documents of about kPartBytes together or a job of a long document; where
// their ids go is the matter of IdAssembly. A thread takes the next part itself (not a loop of the pool, which would begin at
// many places at once): only so are parts finished about in order, and their ids placed as they come. A document that fails
// ends the run, or has its status and is passed over.
#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/encode/document_jobs.h"
#include "src/encode/id_assembly.h"

namespace tok {
namespace {

constexpr size_t kPartBytes = size_t{1} << 18;

}  // namespace

class TokenizerImpl::BatchRun {
 public:
  // `statuses`: one per document, or none if the first that fails ends the run.
  BatchRun(const TokenizerImpl& impl, std::span<const std::string_view> documents,
           const EncodeOptions& options, unsigned n_threads, std::span<absl::Status> statuses)
      : impl_(impl),
        documents_(documents),
        options_(options),
        statuses_(statuses),
        n_bytes_(BytesOf(documents)),
        n_workers_(Workers(n_threads)),
        // Text of any language has fewer ids than bytes; a template or a normalizer may add some.
        assembly_(n_bytes_ + documents.size(), n_workers_),
        offsets_(documents.size() + 1, 0) {}

  absl::StatusOr<RaggedIds> Run(size_t* failed) {
    FindLongDocuments();
    ParallelFor(n_workers_, n_workers_, [this](size_t) { Work(); });
    if (!status_.ok()) {
      *failed = failed_document_;
      return status_;
    }
    return RaggedIds{assembly_.Finish(), std::move(offsets_)};
  }

 private:
  // Documents [first, last), or a job of documents[first].
  struct Part {
    size_t number = 0;
    size_t first = 0, last = 0;
    size_t n_bytes = 0;
    bool is_job = false;
    Job job;
    absl::Status status;  // of finding the job
  };

  // While a part is taken up: should an exception leave it undelivered, no other thread waits for it.
  class Delivery {
   public:
    explicit Delivery(IdAssembly* assembly) : assembly_(assembly) {}
    ~Delivery() {
      if (!is_done_) assembly_->GiveUp();
    }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;
    void Done() { is_done_ = true; }

   private:
    IdAssembly* const assembly_;
    bool is_done_ = false;
  };

  static size_t BytesOf(std::span<const std::string_view> documents) {
    size_t n_bytes = 0;
    for (const std::string_view document : documents) n_bytes += document.size();
    return n_bytes;
  }
  unsigned Workers(unsigned n_threads) const {
    if (n_threads == 0) n_threads = AvailableThreads();
    const size_t n_parts = (n_bytes_ + documents_.size()) / kPartBytes + 1;
    return static_cast<unsigned>(std::min<size_t>(n_threads, n_parts));
  }

  void FindLongDocuments() {
    for (size_t d = 0; d < documents_.size(); ++d) {
      if (documents_[d].size() >= kLongDocument && impl_.CheckOptions(options_).ok() &&
          impl_.CutsExactly(documents_[d], options_, n_workers_)) {
        long_documents_.push_back(d);
      }
    }
  }

  void Work() {
    Part part;
    for (;;) {
      if (!assembly_.WaitForRoom()) return;
      Delivery delivery(&assembly_);
      if (!TakeUp(&part)) return delivery.Done();
      std::vector<TokenId> ids = assembly_.TakeBuffer(part.n_bytes);
      size_t document = part.first;
      const absl::Status status = part.status.ok() ? Encode(part, &document, &ids) : part.status;
      if (!status.ok() && !PassesOver()) return Fail(part.number, document, status);
      if (!status.ok()) FailJob(part, status, &ids);
      // Ends of documents stand where their offsets belong.
      assembly_.Deliver(part.number, std::move(ids),
                        std::span(offsets_).subspan(part.first + 1, part.last - part.first));
      delivery.Done();
    }
  }

  // The next part. False if none is left, or a part before it has failed.
  bool TakeUp(Part* part) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.ok()) return false;
    status_ = AskWhetherToGoOn(options_);
    if (!status_.ok()) {
      failed_part_ = n_parts_;
      failed_document_ = next_document_;
      return false;
    }
    part->status = absl::OkStatus();
    part->number = n_parts_;
    part->first = part->last = next_document_;
    part->is_job = jobs_.has_value() || IsLong(next_document_);
    if (part->is_job) {
      TakeJob(part);
    } else {
      TakeDocuments(part);
    }
    if (!part->is_job && part->first == part->last) return false;
    ++n_parts_;
    return true;
  }

  bool IsLong(size_t document) const {
    return next_long_ < long_documents_.size() && long_documents_[next_long_] == document;
  }
  void TakeJob(Part* part) {
    if (!jobs_.has_value()) jobs_.emplace(impl_, documents_[next_document_], options_);
    part->job = Job();
    if (jobs_status_.ok()) jobs_status_ = jobs_->Next(&part->job).status();
    part->n_bytes = kJobBytes;
    if (!part->job.empty()) return;  // an error lies behind it
    part->status = jobs_status_;
    if (!jobs_status_.ok() && !PassesOver()) return;
    // A part without ids, with which the document ends.
    part->n_bytes = 0;
    jobs_.reset();
    jobs_status_ = absl::OkStatus();
    part->last = ++next_document_;
    ++next_long_;
  }
  void TakeDocuments(Part* part) {
    part->n_bytes = 0;
    while (next_document_ < documents_.size() && part->n_bytes < kPartBytes && !IsLong(next_document_)) {
      part->n_bytes += documents_[next_document_++].size() + 1;
    }
    part->last = next_document_;
  }

  // *document is the failed one if there is one.
  absl::Status Encode(const Part& part, size_t* document, std::vector<TokenId>* ids) {
    if (part.is_job) {
      if (part.job.empty()) return absl::OkStatus();
      return impl_.EncodeJob(documents_[part.first], part.job, options_, ids);
    }
    EncodeOutput output{ids};
    for (size_t d = part.first; d < part.last; ++d) {
      *document = d;
      const size_t n_ids = ids->size();
      absl::Status status = impl_.EncodeDocument(documents_[d], options_, &output);
      if (!status.ok()) {
        if (!PassesOver()) return status;
        statuses_[d] = std::move(status);
        ids->resize(n_ids);
      }
      offsets_[d + 1] = ids->size();
    }
    return absl::OkStatus();
  }

  void Fail(size_t part, size_t document, const absl::Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!status_.ok() && failed_part_ < part) return;
    status_ = status;
    failed_part_ = part;
    failed_document_ = document;
  }

  // Whether documents that fail are passed over.
  bool PassesOver() const { return !statuses_.empty(); }
  // The first job that failed tells the error of its document.
  void FailJob(const Part& part, const absl::Status& status, std::vector<TokenId>* ids) {
    ids->clear();
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto [first, is_new] = failed_jobs_.try_emplace(part.first, part.number);
    if (!is_new && first->second < part.number) return;
    first->second = part.number;
    statuses_[part.first] = status;
  }

  const TokenizerImpl& impl_;
  const std::span<const std::string_view> documents_;
  const EncodeOptions& options_;
  const std::span<absl::Status> statuses_;
  const size_t n_bytes_;
  const unsigned n_workers_;
  IdAssembly assembly_;
  std::vector<uint64_t> offsets_;
  std::vector<size_t> long_documents_;  // to be cut, in order

  std::mutex mutex_;  // of all that follows
  size_t n_parts_ = 0, next_document_ = 0, next_long_ = 0;
  std::optional<JobSource> jobs_;  // of next_document_, once it is begun
  absl::Status jobs_status_;
  absl::Status status_;  // of the first part that failed
  size_t failed_part_ = 0, failed_document_ = 0;
  std::map<size_t, size_t> failed_jobs_;  // parts, by document
};

absl::StatusOr<RaggedIds> TokenizerImpl::EncodeDocuments(std::span<const std::string_view> documents,
                                                         const EncodeOptions& options, unsigned n_threads,
                                                         size_t* failed) const {
  return BatchRun(*this, documents, options, n_threads, {}).Run(failed);
}

absl::StatusOr<RaggedIds> TokenizerImpl::EncodeEachDocument(std::span<const std::string_view> documents,
                                                            const EncodeOptions& options, unsigned n_threads,
                                                            std::span<absl::Status> statuses) const {
  size_t stopped_at;
  return BatchRun(*this, documents, options, n_threads, statuses).Run(&stopped_at);
}

}  // namespace tok
