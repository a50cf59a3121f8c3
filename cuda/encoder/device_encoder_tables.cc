#include "cuda/encoder/device_encoder_tables.h"

#include <cuda_runtime_api.h>

#include "cuda/base/cuda_status.h"
#include "cuda/kernels/prepare.h"
#include "cuda/tables/host_tables.h"
#include "src/base/status_macros.h"
#include "src/encode/device_tables.h"

namespace tok::cuda {

static_assert(kMaxDeviceIds <= size_t{1} << kRecordIdBits);

absl::Status DeviceEncoder::Tables::Fill() {
  // What no GPU does is said first, so that it can be found out without one.
  TOK_ASSIGN_OR_RETURN(const HostTables host, MakeHostTables(tokenizer));
  TOK_RETURN_IF_CUDA_ERROR(LoadKernels(), "a GPU");
  TOK_RETURN_IF_CUDA_ERROR(cudaGetDevice(&device), "a GPU");
  family = host.family;
  added_tokens = host.added_tokens;
  added_are_simple = host.added_are_simple;
  uint16_t* rows;
  uint8_t *classes, *first_bytes;
  PairSlot* pairs;
  uint32_t* byte_ids;
  WholeToken* whole;
  unsigned char* whole_bytes;
  TrieNode* nodes;
  uint64_t* join_words;
  TOK_RETURN_IF_ERROR(uploads.Add(host.chars.row_of, &rows));
  TOK_RETURN_IF_ERROR(uploads.Add(host.chars.classes, &classes));
  TOK_RETURN_IF_ERROR(uploads.Add(host.joins, &join_words));
  TOK_RETURN_IF_ERROR(uploads.Add(host.pairs.slots(), &pairs));
  TOK_RETURN_IF_ERROR(uploads.Add(host.byte_ids, &byte_ids));
  TOK_RETURN_IF_ERROR(uploads.Add(host.whole.slots(), &whole));
  TOK_RETURN_IF_ERROR(uploads.Add(host.whole.bytes(), &whole_bytes));
  TOK_RETURN_IF_ERROR(uploads.Add(host.added.nodes(), &nodes));
  TOK_RETURN_IF_ERROR(uploads.Add(host.added.first_bytes(), &first_bytes));
  TOK_RETURN_IF_ERROR(uploads.Add(host.pieces.slots(), &slots.slots));
  TOK_RETURN_IF_ERROR(uploads.Add(host.longer.slots(), &slots.longer_slots));
  chars = {rows, classes};
  joins = {join_words};
  merging = {{pairs, host.pairs.view().log_slots}, byte_ids};
  const WholeTokensView view = host.whole.view();
  whole_tokens = {whole, whole_bytes, view.log_slots, view.is_empty};
  trie = {nodes, first_bytes, host.added.view().n_first_bytes};
  pieces = {slots.slots, host.pieces.view().log_slots};
  longer = {slots.longer_slots, host.longer.view().log_slots};
  return absl::OkStatus();
}

}  // namespace tok::cuda
