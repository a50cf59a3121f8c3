#include "cuda/slices/chunk_writer.h"

#include <algorithm>
#include <type_traits>

#include "src/base/status_macros.h"

namespace tok::cuda {
namespace {

// Copying so many takes less time than a sink's call may.
constexpr int64_t kMostCopied = int64_t{1} << 14;

}  // namespace

template <typename Id>
absl::Status ChunkWriter<Id>::Write(size_t first_document, bool continues, const Id* ids,
                                    std::span<const int64_t> offsets,
                                    std::span<const HostDocument> host_documents) {
  const size_t n_documents = offsets.size() - 1;
  continues_ = continues;
  if (ok_statuses_.size() < n_documents) ok_statuses_.resize(n_documents);
  const auto of_device = [&](size_t first, size_t end) {
    return first == end ? absl::OkStatus()
                        : Add({first_document + first, ids, offsets.subspan(first, end - first + 1),
                               std::span<const absl::Status>(ok_statuses_).first(end - first)});
  };
  size_t next = 0;
  for (const HostDocument& document : host_documents) {
    TOK_RETURN_IF_ERROR(of_device(next, document.number));
    next = document.number + 1;
    host_ids_.resize(document.ids.size());
    std::ranges::transform(document.ids, host_ids_.begin(), [](TokenId id) { return static_cast<Id>(id); });
    const int64_t host_offsets[] = {0, static_cast<int64_t>(host_ids_.size())};
    TOK_RETURN_IF_ERROR(
        Add({first_document + document.number, host_ids_.data(), host_offsets, {&document.status, 1}}));
  }
  TOK_RETURN_IF_ERROR(of_device(next, n_documents));
  return Flush();
}

template <typename Id>
absl::Status ChunkWriter<Id>::Add(const Run& run) {
  const int64_t n_ids = run.n_ids();
  const auto n_copied = static_cast<int64_t>(copied_ids_.size());
  if (n_ids > kMostCopied || n_ids + n_copied > max_ids_) TOK_RETURN_IF_ERROR(Flush());
  if (n_ids > kMostCopied || n_ids > max_ids_) return Send(run);
  if (copied_statuses_.empty()) first_copied_ = run.first_document;
  const int64_t shift = copied_offsets_.back() - run.offsets.front();
  for (const int64_t offset : run.offsets.subspan(1)) copied_offsets_.push_back(offset + shift);
  copied_ids_.insert(copied_ids_.end(), run.ids + run.offsets.front(), run.ids + run.offsets.back());
  copied_statuses_.insert(copied_statuses_.end(), run.statuses.begin(), run.statuses.end());
  return absl::OkStatus();
}

template <typename Id>
absl::Status ChunkWriter<Id>::Flush() {
  if (copied_statuses_.empty()) return absl::OkStatus();
  const absl::Status status =
      SendChunk(first_copied_, continues_, copied_ids_, copied_offsets_, copied_statuses_);
  continues_ = false;
  copied_ids_.clear();
  copied_offsets_.resize(1);
  copied_statuses_.clear();
  return status;
}

template <typename Id>
absl::Status ChunkWriter<Id>::Send(const Run& run) {
  int64_t begin = run.offsets.front();
  for (size_t d = 0; d < run.statuses.size();) {
    const size_t first = d;
    const bool first_continues = continues_;
    const int64_t limit = begin + max_ids_;
    int64_t end;
    chunk_offsets_.assign(1, 0);
    // As many documents as have room, the last one perhaps in part.
    do {
      end = std::min(run.offsets[d + 1], limit);
      chunk_offsets_.push_back(end - begin);
      continues_ = end < run.offsets[d + 1];
      if (!continues_) ++d;
    } while (!continues_ && d < run.statuses.size() && end < limit);
    TOK_RETURN_IF_ERROR(SendChunk(run.first_document + first, first_continues,
                                  {run.ids + begin, static_cast<size_t>(end - begin)}, chunk_offsets_,
                                  run.statuses.subspan(first, chunk_offsets_.size() - 1)));
    begin = end;
  }
  return absl::OkStatus();
}

template <typename Id>
absl::Status ChunkWriter<Id>::SendChunk(size_t first_document, bool continues, std::span<const Id> ids,
                                        std::span<const int64_t> offsets,
                                        std::span<const absl::Status> statuses) {
  IdChunk chunk;
  chunk.first_document = first_document;
  chunk.continues = continues;
  if constexpr (std::is_same_v<Id, TokenId>) {
    chunk.ids = ids;
  } else {
    chunk.narrow_ids = ids;
  }
  chunk.offsets = offsets;
  chunk.statuses = statuses;
  return sink_(chunk);
}

template class ChunkWriter<TokenId>;
template class ChunkWriter<uint16_t>;

}  // namespace tok::cuda
