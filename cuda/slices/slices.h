// cuda/slices/slices.h: a batch in slices that a device's buffers have room for.
//
// Model: neighbouring documents are a slice. A document longer than a slice is cut into parts, each a slice, whose ids one
// after another are the document's (FindCuts, src/encode/batch_support.h); a document or part that has no place to cut is the
// host's. Slices in order are the batch.
// Cost: O(documents), and what FindCuts takes for each long document, when its first slice is asked for.
#ifndef TOK_CUDA_SLICES_SLICES_H_
#define TOK_CUDA_SLICES_SLICES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "tok/batch_encoder.h"

namespace tok::cuda {

struct SliceLimits {
  size_t n_bytes;      // of text
  size_t n_documents;  // those without text take memory too

  // Documents are seldom shorter than 64 bytes: these have smaller slices.
  static SliceLimits OfBytes(size_t n_bytes) { return {n_bytes, n_bytes / 64 + 1024}; }
};

struct Slice {
  size_t first_document = 0;
  size_t n_documents = 0;
  int64_t begin = 0, end = 0;  // of its text, in the batch's
  bool is_part = false;        // of one document, too long for a slice
  bool is_for_host = false;

  size_t n_bytes() const { return static_cast<size_t>(end - begin); }
};

// Where document i of the slice begins, counted from the slice's text; of a part, i = 0 and 1 are its begin and end.
inline int64_t OffsetInSlice(const DocumentBatch& batch, const Slice& slice, size_t i) {
  const int64_t offset = batch.offsets[slice.first_document + i];
  return (offset < slice.begin ? slice.begin : offset > slice.end ? slice.end : offset) - slice.begin;
}
// Of document i what is in the slice, and how much of it lies before.
std::string_view TextInSlice(const DocumentBatch& batch, const Slice& slice, size_t i);
inline int64_t BytesBeforeSlice(const DocumentBatch& batch, const Slice& slice, size_t i) {
  const int64_t offset = batch.offsets[slice.first_document + i];
  return offset < slice.begin ? slice.begin - offset : 0;
}

class SliceSource {
 public:
  // Where a document that is longer than a slice is cut, as FindCuts.
  using FindCutsOf = std::function<std::vector<size_t>(std::string_view document)>;

  // The offsets are checked.
  SliceSource(const DocumentBatch& batch, const SliceLimits& limits, FindCutsOf find_cuts);

  // False at the end.
  bool Next(Slice* slice);
  // Leaves out what is left of the document whose part came last.
  void LeaveOutTheRest();

 private:
  Slice Documents();
  Slice NextPart();

  const DocumentBatch batch_;
  const SliceLimits limits_;
  const FindCutsOf find_cuts_;
  size_t document_ = 0;             // next
  std::vector<size_t> parts_ends_;  // of document_, once it is begun
  size_t n_parts_done_ = 0;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_SLICES_SLICES_H_
