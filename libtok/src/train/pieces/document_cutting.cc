#include "src/train/pieces/document_cutting.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/base/error_place.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kPartBytes = size_t{1} << 20, kLeastPart = size_t{1} << 16;
constexpr uint64_t kPartsInBudget = 32;

size_t PartBytes(uint64_t n_memory_bytes) {
  if (n_memory_bytes == 0) return kPartBytes;
  return std::clamp<size_t>(n_memory_bytes / kPartsInBudget, kLeastPart, kPartBytes);
}

}  // namespace

DocumentCutting::DocumentCutting(const PieceCutter& cutter, DocumentCuttingOptions options,
                                 MakePieceSink make_sink)
    : cutter_(cutter),
      options_(std::move(options)),
      part_bytes_(PartBytes(options_.n_memory_bytes)),
      pool_(std::move(make_sink)) {}

// Most documents are lines: those in a row that are not long share one sink.
absl::Status DocumentCutting::Cut(std::span<const Document> documents, unsigned n_threads, size_t* failed) {
  std::unique_ptr<PieceSink> sink;
  absl::Status status;
  for (size_t d = 0; d < documents.size() && status.ok(); ++d) {
    const std::string_view text = documents[d].text;
    if (IsCutInParts(text, n_threads)) {
      if (sink != nullptr) pool_.Give(std::move(sink));
      status = CutInParts(text, n_threads);
    } else {
      if (sink == nullptr) sink = pool_.Take();
      status = CutWhole(text, sink.get());
    }
    if (!status.ok()) *failed = d;
  }
  if (sink != nullptr) pool_.Give(std::move(sink));
  return status;
}

bool DocumentCutting::GoesOn() {
  if (!options_.goes_on) return true;
  const std::lock_guard lock(asking_);
  return options_.goes_on();
}

absl::Status DocumentCutting::CutWhole(std::string_view text, PieceSink* sink) const {
  return cutter_.Cut(text, options_.utf8,
                     [sink](std::string_view rewritten, std::span<const PieceRange> pieces) {
                       sink->Add(rewritten, pieces);
                     });
}

bool DocumentCutting::IsLong(std::string_view text) const {
  return options_.n_memory_bytes > 0 && text.size() > options_.n_memory_bytes;
}

bool DocumentCutting::IsCutInParts(std::string_view text, unsigned n_threads) const {
  // One thread gains nothing, but can be told to stop in between.
  return (n_threads > 1 || options_.goes_on || IsLong(text)) && text.size() > 2 * part_bytes_;
}

absl::Status DocumentCutting::CutInParts(std::string_view text, unsigned n_threads) {
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
    if (!GoesOn()) {
      statuses[i] =
          MakeError(ErrorCode::kInterrupted, BytePlace(static_cast<uint64_t>(parts[i].data() - text.data())),
                    "stopped while it was read");
      return;
    }
    std::unique_ptr<PieceSink> sink = pool_.Take();
    statuses[i] = CutWhole(parts[i], sink.get());
    pool_.Give(std::move(sink));
  });
  for (size_t i = 0; i < parts.size(); ++i) {
    if (ErrorCodeOf(statuses[i]) == ErrorCode::kInterrupted) return statuses[i];
    if (const std::optional<ErrorAtByte> at = FindBytePlace(statuses[i])) {
      return MoveToByte(statuses[i], at->byte + static_cast<uint64_t>(parts[i].data() - text.data()));
    }
    TOK_RETURN_IF_ERROR(statuses[i]);
  }
  return absl::OkStatus();
}

}  // namespace tok
