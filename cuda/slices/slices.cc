#include "cuda/slices/slices.h"

#include <utility>

namespace tok::cuda {

std::string_view TextInSlice(const DocumentBatch& batch, const Slice& slice, size_t i) {
  const int64_t begin = OffsetInSlice(batch, slice, i), end = OffsetInSlice(batch, slice, i + 1);
  return {batch.text + slice.begin + begin, static_cast<size_t>(end - begin)};
}

SliceSource::SliceSource(const DocumentBatch& batch, const SliceLimits& limits, FindCutsOf find_cuts)
    : batch_(batch), limits_(limits), find_cuts_(std::move(find_cuts)) {}

bool SliceSource::Next(Slice* slice) {
  if (document_ == batch_.size()) return false;
  const std::string_view document = batch_.Document(document_);
  if (document.size() <= limits_.n_bytes) {
    *slice = Documents();
    return true;
  }
  if (parts_ends_.empty()) {
    parts_ends_ = find_cuts_(document);
    parts_ends_.push_back(document.size());
  }
  *slice = NextPart();
  return true;
}

void SliceSource::LeaveOutTheRest() {
  if (parts_ends_.empty()) return;
  parts_ends_.clear();
  n_parts_done_ = 0;
  ++document_;
}

Slice SliceSource::Documents() {
  const int64_t begin = batch_.offsets[document_];
  const size_t first = document_;
  // The first one has room.
  do {
    ++document_;
  } while (document_ < batch_.size() && document_ - first < limits_.n_documents &&
           static_cast<size_t>(batch_.offsets[document_ + 1] - begin) <= limits_.n_bytes);
  return {first, document_ - first, begin, batch_.offsets[document_]};
}

Slice SliceSource::NextPart() {
  const size_t begin = n_parts_done_ == 0 ? 0 : parts_ends_[n_parts_done_ - 1];
  const size_t end = parts_ends_[n_parts_done_++];
  const int64_t offset = batch_.offsets[document_];
  const Slice part = {.first_document = document_,
                      .n_documents = 1,
                      .begin = offset + static_cast<int64_t>(begin),
                      .end = offset + static_cast<int64_t>(end),
                      .is_part = true,
                      .is_for_host = end - begin > limits_.n_bytes};
  if (n_parts_done_ == parts_ends_.size()) LeaveOutTheRest();
  return part;
}

}  // namespace tok::cuda
