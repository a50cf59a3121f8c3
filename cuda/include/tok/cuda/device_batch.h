// tok/cuda/device_batch.h: what a DeviceEncoder reads and writes: memory of the device, all of it the caller's.
#ifndef TOK_CUDA_DEVICE_BATCH_H_
#define TOK_CUDA_DEVICE_BATCH_H_

#include <cstdint>

#include "tok/cuda/document_status.h"

namespace tok::cuda {

// Neither text nor offsets may change, or lie where results go, until the work is done.
// Documents side by side, as Arrow's LargeString has them: document d is text[offsets[d], offsets[d + 1]). The host needs to know
// neither where they begin nor where they end.
struct DeviceBatch {
  const char* text;        // anywhere; nothing beyond the documents is read
  int64_t max_text_bytes;  // no offset is greater
  const int64_t* offsets;  // n_documents + 1
  int64_t n_documents;
};

enum class IdWidth : uint8_t { k16 = 2, k32 = 4 };

struct DeviceReport {
  int64_t n_ids;               // what there is room for or not: ids behind max_ids are not written
  int64_t n_not_ok;            // documents with another status than kOk
  int64_t n_pieces, n_missed;  // pieces, and those that the tables did not have: what Learn is for
  int64_t has_bad_offsets;     // not 0: offsets decrease, or lie outside the text; nothing was encoded
};

struct DeviceIds {
  void* ids;  // max_ids of the width
  IdWidth width;
  int64_t
      max_ids;  // the bytes of the documents are always enough; of the piece that has no room, none is written
  int64_t* offsets;          // n_documents + 1: the ids of document d are ids[offsets[d], offsets[d + 1])
  DocumentStatus* statuses;  // n_documents
  DeviceReport* report;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_DEVICE_BATCH_H_
