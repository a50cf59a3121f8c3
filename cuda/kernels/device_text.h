// cuda/kernels/device_text.h: the text that the stages work on: documents side by side in the device's memory.
//
// Model: places are counted from an address aligned to 16 at or before the first document's, so that text may begin anywhere; where
// it begins and ends the device reads itself, and launches know only how much it is at most. What lies beyond reads as zeros.
#ifndef TOK_CUDA_KERNELS_DEVICE_TEXT_H_
#define TOK_CUDA_KERNELS_DEVICE_TEXT_H_

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

namespace tok::cuda {

inline constexpr int64_t kTextAlignment = 16;

struct DeviceText {
  const unsigned char* bytes;
  int64_t begin, end;      // places of text
  const int64_t* offsets;  // of documents: n_documents + 1
  int64_t n_documents;
  int64_t place_of_offset;          // to be added to an offset
  const uint32_t* document_begins;  // a bit a place, 32 a word; also at the end

  // With one for the end.
  __host__ __device__ int64_t n_words() const { return end / 32 + 1; }
};

// For launches.
struct TextOnDevice {
  const DeviceText* text;  // in the device's memory
  int64_t max_places;

  int64_t max_words() const { return max_places / 32 + 1; }
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_DEVICE_TEXT_H_
