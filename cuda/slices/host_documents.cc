#include "cuda/slices/host_documents.h"

#include <optional>
#include <string_view>
#include <utility>

#include "src/base/error_place.h"
#include "src/base/parallel.h"

namespace tok::cuda {
namespace {

// From here on one document occupies several threads for longer than it takes to start them.
constexpr size_t kLongHostDocument = size_t{2} << 20;

}  // namespace

absl::Status InDocument(const absl::Status& status, int64_t n_bytes_before) {
  const std::optional<ErrorAtByte> place = FindBytePlace(status);
  if (n_bytes_before == 0 || !place.has_value()) return status;
  return MoveToByte(status, place->byte + static_cast<uint64_t>(n_bytes_before));
}

absl::Status EncodeHostDocuments(const Tokenizer& tokenizer, const DocumentBatch& batch, const Slice& slice,
                                 const EncodeOptions& options, unsigned n_threads,
                                 std::vector<HostDocument>* documents) {
  const auto is_long = [&](const HostDocument& document) {
    return TextInSlice(batch, slice, document.number).size() >= kLongHostDocument;
  };
  const auto fail = [&](const absl::Status& status, HostDocument* document) {
    document->ids.clear();
    document->status = InDocument(status, BytesBeforeSlice(batch, slice, document->number));
  };
  ParallelFor(documents->size(), n_threads, [&](size_t i) {
    HostDocument& document = (*documents)[i];
    if (is_long(document)) return;
    const std::string_view text = TextInSlice(batch, slice, document.number);
    const absl::Status status = tokenizer.EncodeTo(text, options, &document.ids);
    if (!status.ok()) fail(status, &document);
  });
  for (HostDocument& document : *documents) {
    if (!is_long(document)) continue;
    const absl::StatusOr<IdArray> ids =
        tokenizer.EncodeParallel(TextInSlice(batch, slice, document.number), options, n_threads);
    if (ErrorCodeOf(ids.status()) == ErrorCode::kInterrupted) return ids.status();
    if (ids.ok()) {
      document.ids.assign(ids->begin(), ids->end());
    } else {
      fail(ids.status(), &document);
    }
  }
  return absl::OkStatus();
}

}  // namespace tok::cuda
